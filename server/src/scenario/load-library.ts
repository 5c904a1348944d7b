/** Under Node: where the bundled scenarios of the transition and the sample tree are, and reading them. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ReadScenario } from './load-scenario.ts';

const HERE = dirname(fileURLToPath(import.meta.url));

/** Reads a file as text; undefined where there is none. */
export const readText: ReadScenario = (file) => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
};

/** The bundled scenarios that begin with a name (the others are only included), sorted by path. */
export function bundledScenarios(): readonly string[] {
  const root = firstOf(join(HERE, 'livepatch'));
  if (root === undefined) return [];
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.scenario'))
    .sort()
    .map((file) => join(root, file))
    .filter((file) => /^C[ \t]/.test(readText(file) ?? ''));
}

/** The sample tree of RFC v2: beside the bundle, or among the tests during development. */
export function bundledSample(): string | undefined {
  return firstOf(join(HERE, 'rfc-v2'), join(HERE, '../../../test/livepatch/rfc-v2'));
}

function firstOf(...places: readonly string[]): string | undefined {
  return places.find((place) => existsSync(place));
}
