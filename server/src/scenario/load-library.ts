/** Where the bundled scenarios and the sample tree are, and reading them. */

import { basename } from 'node:path';
import { LARGEST_TEXT, readText as readDisk } from '../disk/read-text.ts';
import { filesBelow, shippedPath } from '../disk/shipped.ts';
import type { ReadScenario } from './load-scenario.ts';

/** Reads a file as text; undefined where there is none. */
export const readText: ReadScenario = (file) => {
  const read = readDisk(file);
  return 'value' in read ? read.value : undefined;
};

/** Reads scenarios and what they include, each file once, and none outside of `opened` and of the bundled ones. */
export function scenarioReader(opened: readonly string[]): ReadScenario {
  const within = [...BUNDLES.flatMap((bundle) => bundledFolder(bundle) ?? []), ...opened];
  const known = new Map<string, string | undefined>();
  return (file) => {
    if (!known.has(file)) {
      const read = readDisk(file, LARGEST_TEXT, within);
      known.set(file, 'value' in read ? read.value : undefined);
    }
    return known.get(file);
  };
}

/** The bundled scenarios: livepatch's transition, and other protocols of the kernel. */
export type Bundle = 'livepatch' | 'protocols';

export const BUNDLES: readonly Bundle[] = ['livepatch', 'protocols'];

/** The bundled scenarios that begin with a name (the others are only included), sorted by path. */
export function bundledScenarios(bundle: Bundle = 'livepatch'): readonly string[] {
  return bundledFiles(bundle).filter((file) => /^C[ \t]/.test(readText(file) ?? ''));
}

/** Those of all bundles. */
export function allBundledScenarios(): readonly string[] {
  return BUNDLES.flatMap(bundledScenarios);
}

function bundledFiles(bundle: Bundle): readonly string[] {
  const root = bundledFolder(bundle);
  if (root === undefined) return [];
  return filesBelow(root)
    .filter((file) => file.endsWith('.scenario'))
    .sort();
}

/** Whether a bundled scenario may name one of these files: whether the name of one, without folder and ending, is a
 *  word of one of them. What is not named so is not looked at further, which would cost more than this. */
export function mayBeNamed(files: Iterable<string>): boolean {
  const words = new Set<string>();
  for (const file of BUNDLES.flatMap(bundledFiles))
    for (const [word] of (readText(file) ?? '').matchAll(/[\w-]+/g)) words.add(word);
  return [...files].some((file) => words.has(basename(file).replace(/\.[ch]$/, '')));
}

/** The bundled scenarios of the name `protocols`, or of one protocol: its name is that of its file. */
export function bundledProtocols(name: string): readonly string[] {
  const all = bundledScenarios('protocols');
  return name === 'protocols' ? all : all.filter((file) => basename(file, '.scenario') === name);
}

/** The sample tree of RFC v2: beside the bundle, or among the tests during development. */
export function bundledSample(): string | undefined {
  return shippedPath('rfc-v2', 'test/livepatch/rfc-v2');
}

/** A page of docs/ that scenarios name, `docs/livepatch.md`: beside the bundle, or in the project. */
export function bundledPage(page: string): string | undefined {
  if (!/^docs\/[\w-]+\.md$/.test(page)) return undefined;
  const file = shippedPath(page, page);
  return file && readText(file);
}

function bundledFolder(bundle: Bundle): string | undefined {
  return shippedPath(bundle, `server/src/scenario/${bundle}`);
}
