/** One text of a file with what was made of it: its facts, or why there are none. */

import type { FileFacts } from '../facts/file-facts.ts';
import type { Engine } from './engine.ts';
import type { Header, Headers } from './headers.ts';
import { isBinary, isKernelText } from './kernel-text.ts';

export interface Version {
  readonly text: string;
  /** The headers that it was read with. */
  readonly headers: readonly Header[];
  /** Absent where the text is no kernel C with barriers, or too large, or binary: nothing is said about it. */
  readonly facts?: FileFacts;
  readonly problem?: string;
}

/** What reading a text depends on beside the text. */
export interface Reading {
  readonly engine: Engine;
  readonly headers: Headers;
  readonly enabled: boolean;
  readonly maxFileSize: number;
  readonly inKernelTree: (path: string) => boolean;
}

/** What was found for a text before. */
export interface KnownOfText {
  readonly headers?: readonly Header[];
  /** Found with these headers. */
  readonly facts?: FileFacts;
}

/** The text of `path`, analysed; one of `known` where it is the same text with the same headers. */
export function readVersion(
  { engine, headers, enabled, maxFileSize, inKernelTree }: Reading,
  path: string,
  text: string,
  known: readonly (Version | undefined)[],
  { headers: included = headers.of(path, text), facts }: KnownOfText = {},
): Version {
  for (const version of known)
    if (version?.facts !== undefined && version.text === text && isSame(version.headers, included))
      return version;
  const version = { text, headers: included };
  const problem = unfit(text, maxFileSize);
  if (problem !== undefined) return { ...version, problem };
  if (!enabled || !isKernelText(text, inKernelTree(path))) return version;
  return { ...version, facts: facts ?? engine.facts(path, text, included) };
}

function isSame(a: readonly Header[], b: readonly Header[]): boolean {
  return a.length === b.length && a.every((header, index) => header === b[index]);
}

/** Why a text is not analysed at all, or undefined. */
function unfit(text: string, limit: number): string | undefined {
  if (isBinary(text)) return 'not analysed: a binary file';
  if (text.length > limit) return `not analysed: ${text.length} characters, the limit is ${limit}`;
  return undefined;
}
