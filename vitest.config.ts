/** The unit and data tests: everything under test/ except the drive of a real editor. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/editor/**'],
    globalSetup: ['test/support/unpack-linux.ts'],
    // A busy machine is no fault of the program: nothing timed is asserted, and no test has a limit of its own.
    testTimeout: 900_000,
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
