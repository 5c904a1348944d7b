/** The project's own source files and what they import, for the tests that read the code as text. */

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

export interface SourceFile {
  /** From the project's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export interface Import {
  /** As written: a package, `node:fs`, or a relative path. */
  readonly specifier: string;
  /** The file of the project that it means, from the root; undefined for packages. */
  readonly file?: string;
  /** Whether it is `import type`, which is gone at run time. */
  readonly isType: boolean;
}

/** All files below `folders` whose name matches, sorted by path. */
export function filesBelow(folders: readonly string[], name: RegExp): readonly SourceFile[] {
  return folders
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
    )
    .filter((file) => name.test(file) && statSync(file).isFile())
    .map((file) => ({ path: file.replaceAll('\\', '/'), text: readFileSync(file, 'utf8') }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

const STATIC = /^(?:import|export)\s+(type\s)?[^'";]*?\bfrom\s+'([^']+)'/gm;
const BARE = /^import\s+'([^']+)'/gm;
const DYNAMIC = /\bimport\('([^']+)'\)/g;

/** Comments that begin a line; what stands in them imports nothing. */
const COMMENT = /^[ \t]*(?:\/\*[\s\S]*?\*\/|\/\/.*$)/gm;

/** What a module imports, re-exports and loads on demand. */
export function importsOf(module: SourceFile): readonly Import[] {
  const { path } = module;
  const text = module.text.replaceAll(COMMENT, '');
  const found = [
    ...[...text.matchAll(STATIC)].map(([, type, name]) => ({ name: name!, isType: !!type })),
    ...[...text.matchAll(BARE)].map(([, name]) => ({ name: name!, isType: false })),
    ...[...text.matchAll(DYNAMIC)].map(([, name]) => ({ name: name!, isType: false })),
  ];
  return found.map(({ name, isType }) => {
    const isRelative = name.startsWith('.');
    const file = isRelative ? posix.join(dirname(path), name) : undefined;
    return { specifier: name, isType, ...(file !== undefined && { file }) };
  });
}

/** The groups of files that import one another in a circle; each group sorted. */
export function importCycles(files: readonly SourceFile[]): readonly (readonly string[])[] {
  const edges = new Map(
    files.map((file) => [file.path, importsOf(file).flatMap(({ file: to }) => to ?? [])]),
  );
  const reaches = (from: string, target: string): boolean => {
    const seen = new Set<string>();
    const pending = [...(edges.get(from) ?? [])];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (next === target) return true;
      if (!seen.has(next)) pending.push(...(edges.get(next) ?? []));
      seen.add(next);
    }
    return false;
  };
  const inCycle = [...edges.keys()].filter((path) => reaches(path, path));
  const groups = new Map<string, string[]>();
  for (const path of inCycle) {
    const leader = inCycle.find((other) => reaches(other, path) && reaches(path, other))!;
    groups.set(leader, [...(groups.get(leader) ?? []), path]);
  }
  return [...groups.values()];
}
