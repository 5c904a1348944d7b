/** The tests that drive a real editor: one editor for all of them, one file after the other. */
import { defineConfig } from 'vitest/config';
import { left } from './test/support/drawn.ts';

/** Beside the livepatch code, the sample, the package and the web extension. */
const STORIES = [
  ...['lost-barriers', 'undo', 'execution', 'table', 'pairings', 'put-back', 'written'],
  ...['user-space', 'transition-page', 'other-c'],
];

export default defineConfig({
  test: {
    include: ['test/editor/**/*.test.ts'],
    exclude: left(STORIES, 2).map((name) => `test/editor/${name}.test.ts`),
    globalSetup: ['test/editor/global-setup.ts'],
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // The editor and its browser are a machine of their own: a key that they drop is pressed once more.
    retry: 1,
    // In CI the counts are read from a file (scripts/ci-summary.ts).
    reporters: process.env.CI
      ? ['verbose', ['json', { outputFile: 'test-results/editor.json' }]]
      : ['verbose'],
  },
});
