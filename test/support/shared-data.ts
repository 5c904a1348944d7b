/** Finds the test data that stays beside the project (litmus tests with verdicts, labelled pairs). */

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The folder `name` of the shared data, or undefined where it is not on this machine.
 *  `BARRIERLENS_SHARED` names the place; without it, `../shared` beside the project, in whose root
 *  tests and scripts run. In CI (`CI=true`) its absence is an error: nothing is skipped there. */
export function sharedData(name: string): string | undefined {
  const place = join(process.env['BARRIERLENS_SHARED'] ?? resolve('../shared'), name);
  if (existsSync(place)) return place;
  if (process.env['CI'] === 'true') throw new Error(`shared test data is missing: ${place}`);
  return undefined;
}

/** Why a test that needs the shared data does not run. */
export const WITHOUT_SHARED_DATA =
  'needs the shared test data beside the project (BARRIERLENS_SHARED)';
