/** Rewrites macros among the members of a struct into members. */

import { write } from './canvas.ts';
import { argumentRanges, blankTokens, isWordAt, type Scan, skip, textAt } from './scan.ts';
import { beginsType, isAnnotationCall, isCapitals, isTypeof, looksLikeType } from './words.ts';

/** Rewrites the member that begins at `at`, if it is `MACRO(...)`. Returns the index to go on with, which
 *  is `at` itself where nothing was done. */
export function rewriteFieldMacro(scan: Scan, at: number): number {
  const open = at + 1;
  const close = scan.partner[open] ?? -1;
  const word = textAt(scan, at);
  if (textAt(scan, open) !== '(' || close < 0 || isTypeof(word) || isAnnotationCall(word))
    return at;
  if (beginsType(word)) return at;
  const members = firstMembers(scan, open);
  if (members !== undefined) return unwrapGroup(scan, at, members);
  return nameMember(scan, at);
}

/** `struct_group(name, members)`: where the members begin. */
function firstMembers(scan: Scan, open: number): number | undefined {
  return argumentRanges(scan, open).find(({ from, to }) => {
    for (let at = from; at < to; at = skip(scan, at)) if (textAt(scan, at) === ';') return true;
    return false;
  })?.from;
}

function unwrapGroup(scan: Scan, at: number, members: number): number {
  const close = scan.partner[at + 1]!;
  const end = textAt(scan, close + 1) === ';' ? close + 2 : close + 1;
  blankTokens(scan, close, end);
  blankTokens(scan, at, members);
  scan.boundary[members - 1] = 1;
  return members;
}

/** `DECLARE_BITMAP(name, bits)`: a member of unknown type with the macro's likeliest name. */
function nameMember(scan: Scan, at: number): number {
  const open = at + 1;
  const close = scan.partner[open]!;
  const single = argumentRanges(scan, open).filter(
    ({ from, to }) => to - from === 1 && isWordAt(scan, from),
  );
  const first = single[0];
  const isName = first?.from === open + 1 && !/_t$/.test(textAt(scan, first.from));
  const name = isName ? first : single.findLast(({ from }) => isLikelyName(textAt(scan, from)));
  if (name === undefined || textAt(scan, at).length < 3) {
    blankTokens(scan, at, textAt(scan, close + 1) === ';' ? close + 2 : close + 1);
    return close + 1;
  }
  blankTokens(scan, at, name.from);
  blankTokens(scan, name.from + 1, close + 1);
  write(scan.canvas, scan.tokens[at]!.start, 'int');
  return close + 1;
}

function isLikelyName(word: string): boolean {
  return !isCapitals(word) && !looksLikeType(word);
}
