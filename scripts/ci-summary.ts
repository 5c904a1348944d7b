/** The closing line of `.ci/run`: `N passed, N failed`, summed over the reports in `test-results/`. */

import { existsSync, readFileSync } from 'node:fs';

/** The part of vitest's JSON report that counts. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numFailedTestSuites: number;
  readonly success: boolean;
}

const REPORTS = ['test-results/unit.json', 'test-results/editor.json'];

const reports = REPORTS.map(read);
const sum = (count: (report: Report) => number) =>
  reports.reduce((total, report) => total + (report ? count(report) : 0), 0);
const passed = sum((report) => report.numPassedTests);
const failed = sum((report) => report.numFailedTests);
const skipped = sum((report) => report.numPendingTests);
if (skipped > 0) console.log(`${skipped} tests were skipped, which must not happen here`);
console.log(`${passed} passed, ${failed} failed`);
if (skipped > 0 || reports.some((report) => report?.success !== true)) process.exitCode = 1;

/** A report that is missing is a run that broke down before its end. */
function read(file: string): Report | undefined {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Report;
  console.log(`${file} is missing: that run did not come to its end`);
  return undefined;
}
