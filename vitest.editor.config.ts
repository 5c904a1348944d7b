/** The tests that drive a real editor: one editor for all of them, one file after the other. */
import { defineConfig } from 'vitest/config';
import { isDrawn, left } from './test/support/drawn.ts';

/** Beside the livepatch code, the sample, the package and the web extension. */
const STORIES = [
  ...['lost-barriers', 'undo', 'execution', 'table', 'pairings', 'put-back', 'written'],
  ...['user-space', 'transition-page', 'other-c'],
];

export default defineConfig({
  test: {
    include: ['test/editor/**/*.test.ts'],
    exclude: left(STORIES, 3).map((name) => `test/editor/${name}.test.ts`),
    globalSetup: ['test/editor/global-setup.ts'],
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // The editor and its browser are a machine of their own: a key that they drop is pressed once more. On a slow machine a
    // worker of the browser may not be there in the minute that the editor gives it.
    retry: isDrawn ? 2 : 1,
    // In CI the counts are read from a file (scripts/ci-summary.ts).
    reporters: process.env.CI
      ? ['verbose', ['json', { outputFile: 'test-results/editor.json' }]]
      : ['verbose'],
  },
});
