/** The unit and data tests: everything under test/ except the drive of a real editor. */
import { defineConfig } from 'vitest/config';
import { left } from './test/support/drawn.ts';

/** The files that take longest, the longest first: two thirds of all the time. */
const LONG = [
  'judged/findings',
  'judged/verdicts',
  'regular-expressions',
  'lsp/lost-barriers',
  'proof/protocols-naively',
  'cli/check-scenarios',
  'lowering/written-c',
  'proof/rows-naively',
  'cli/simulate-comments',
  'language-service/broken-neighbour',
  'pairing/labelled-pairs',
  'cli/scenario',
  'cli/one-truth-of-kernels',
  'cli/jobs',
  'lsp/scenarios',
  'scenario/edits',
  'cli/check-diff',
  'language-service/simulation-after-edits',
  'search/growth',
  'search/check-with-model',
  'cli/simulate',
  'language-service/livepatch',
  'syntax/malformed',
  'language-service/actions/shared-cases',
  'lsp/protocol',
  'scenario/gone-functions',
  'lsp/status',
  'proof/protocols',
  'scenario/answers',
  'cli/bad-input',
  'lowering/interleavings',
  'proof/certificate',
  'facts/large-functions',
  'cli/check-again',
  'language-service/actions/give-order',
  'herd-export/herd-answers',
  'lowering/c-compiler',
  'cli/simulate-html',
  'search/shared-litmus',
];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/editor/**', ...left(LONG, 4).map((name) => `test/${name}.test.ts`)],
    globalSetup: ['test/support/unpack-linux.ts'],
    // A busy machine is no fault of the program: nothing timed is asserted, and no test has a limit of its own.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    expect: { poll: { timeout: 120_000 } },
    // Two of them, on two cores as well, where one is the default.
    maxWorkers: 2,
    // No test leaves anything in the user's cache, or finds anything there.
    env: { BARRIERLENS_CACHE: '' },
    // In CI the counts are read from a file (scripts/ci-summary.ts).
    reporters: process.env.CI
      ? ['default', ['json', { outputFile: 'test-results/unit.json' }]]
      : ['default'],
  },
});
