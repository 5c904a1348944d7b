/** The functions that a scenario begins with, and the headers that define what they use. */

import { posix } from 'node:path';
import type { SourceText } from '../lowering/lowering.ts';
import { defines, type SourceTree } from './scenario-request.ts';
import type { Called } from './start-scenario.ts';

/** The function of that name, where the file defines it. */
export function functionOf(source: SourceText, name: string): Called | undefined {
  const definition = source.parsed.functions.find((each) => each.name === name);
  return definition && { definition, source };
}

/** Where the headers are that a file includes by `<linux/...>`. */
const HEADER_FOLDERS = ['include', 'include/uapi'];
/** The same of `<asm/...>`: what every architecture may have. */
const GENERIC_FOLDERS = ['include/asm-generic', 'include/uapi/asm-generic'];

/** So many headers are looked through: those nearest to the files first. */
const MOST_HEADERS = 400;

/** The header that defines a name, a struct's with its keyword, of those that files include and that these include. */
export function headersAround(
  files: readonly SourceText[],
  tree: SourceTree,
): (name: string) => string | undefined {
  const found: SourceText[] = [];
  let open = files.flatMap((file) => [file, ...including(file, tree)]);
  const seen = new Set(open.map(({ file }) => file));
  const next = (): readonly SourceText[] => {
    const from = found.length;
    for (const path of open.flatMap(includedBy)) {
      if (seen.has(path) || found.length >= MOST_HEADERS) continue;
      seen.add(path);
      const header = tree.source(path);
      if (header !== undefined) found.push(header);
    }
    open = found.slice(from);
    return open;
  };
  return (name) => {
    const isIt = (header: SourceText) => isDefinedIn(header, name);
    for (let looked: readonly SourceText[] = found; ; ) {
      const header = looked.find(isIt);
      if (header !== undefined) return header.file;
      if (looked !== found && looked.length === 0) return undefined;
      looked = next();
    }
  };
}

/** Whether a file defines a name, a struct's with its keyword. */
export function isDefinedIn(file: SourceText, name: string): boolean {
  const word = name.slice(name.lastIndexOf(' ') + 1);
  if (!file.text.includes(word)) return false;
  return word === name
    ? defines(file, name)
    : file.parsed.structs.some((each) => each.name === name && each.fields.length > 0);
}

/** Of a file that includes nothing, as it is a part of others: one of these. */
function including({ file, parsed }: SourceText, tree: SourceTree): readonly SourceText[] {
  if (parsed.includes.length > 0) return [];
  for (const path of tree.beside?.(file) ?? []) {
    const other = path.endsWith('.c') ? tree.source(path) : undefined;
    if (other?.parsed.includes.includes(posix.basename(file))) return [other];
  }
  return [];
}

/** Where the files may be that a file includes, by `<>` or beside it. */
function includedBy({ file, parsed }: SourceText): readonly string[] {
  return parsed.includes.flatMap((path) => [
    posix.join(posix.dirname(file), path),
    ...HEADER_FOLDERS.map((folder) => posix.join(folder, path)),
    ...(path.startsWith('asm/') ? GENERIC_FOLDERS : []).map((folder) =>
      posix.join(folder, path.slice('asm/'.length)),
    ),
  ]);
}
