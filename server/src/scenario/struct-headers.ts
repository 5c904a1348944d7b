/** The functions that a scenario begins with, and the headers that define the structs which they are given. */

import { posix } from 'node:path';
import type { SourceText } from '../lowering/lowering.ts';
import type { SourceTree } from './scenario-request.ts';
import type { Called } from './start-scenario.ts';

/** The function of that name, where the file defines it. */
export function functionOf(source: SourceText, name: string): Called | undefined {
  const definition = source.parsed.functions.find((each) => each.name === name);
  return definition && { definition, source };
}

/** Where the headers are that a file includes by `<linux/...>`. */
const HEADER_FOLDERS = ['include', 'include/uapi'];

/** The headers that define the structs which the functions are given, among those that their files include. */
export function headersOf(called: readonly Called[], tree: SourceTree): readonly string[] {
  const wanted = new Set(
    called.flatMap(({ definition }) => definition.parameters.map(({ type }) => type.base)),
  );
  const found = new Set<string>();
  for (const { source } of called) {
    const headers = includedBy(source).flatMap((path) => tree.source(path) ?? []);
    for (const base of wanted) {
      if (defines(source, base)) continue;
      const header = headers.find((each) => defines(each, base));
      if (header !== undefined) found.add(header.file);
    }
  }
  return [...found];
}

function defines({ parsed, text }: SourceText, base: string): boolean {
  const word = base.replace(/^(?:struct|union)\s+/, '');
  if (word === '' || !text.includes(word)) return false;
  const isIt = ({ name, fields }: (typeof parsed.structs)[number]) =>
    name === base && fields.length > 0;
  return parsed.structs.some(isIt) || parsed.typedefs.some(({ name }) => name === base);
}

/** Where the files may be that a file includes, by `<>` or beside it. */
function includedBy({ file, parsed }: SourceText): readonly string[] {
  const folders = [posix.dirname(file), ...HEADER_FOLDERS];
  return parsed.includes.flatMap((path) => folders.map((folder) => posix.join(folder, path)));
}
