/** Takes annotations out of declarations: of the words in a row, a type and a name are all that C allows. */

import {
  afterBrackets,
  before,
  blankTokens,
  fillTokens,
  isWordAt,
  type Scan,
  textAt,
} from './scan.ts';
import {
  isAnnotation,
  isAnnotationCall,
  isBuiltinType,
  isQualifier,
  isStatementWord,
  isStorage,
  isTagKeyword,
  isTypeof,
  keywordMeant,
  looksLikeAnnotation,
  looksLikeType,
} from './words.ts';

/** Rewrites the row of words that begins at `at`, and returns the index after it. The row ends with a
 *  word that is followed by a parenthesis, unless that belongs to an annotation. */
export function rewriteWords(scan: Scan, at: number): number {
  const units: Unit[] = [];
  let next = at;
  while (isWordAt(scan, next) && !isStatementWord(textAt(scan, next))) {
    const unit = readUnit(scan, next);
    units.push(unit);
    next = unit.to;
    if (unit.kind === 'word' && textAt(scan, next) === '(') break;
  }
  if (units.length === 0) return at + 1;
  for (const unit of units) {
    if (unit.kind === 'annotation') blankTokens(scan, unit.from, unit.to);
    else if (unit.kind === 'typeof') fillTokens(scan, unit.from, unit.to);
  }
  dropExcess(scan, units, textAt(scan, before(scan, at)), textAt(scan, next));
  return next;
}

interface Unit {
  readonly kind: 'word' | 'type' | 'typeof' | 'qualifier' | 'annotation';
  readonly from: number;
  readonly to: number;
}

function readUnit(scan: Scan, at: number): Unit {
  const word = textAt(scan, at);
  const opens = textAt(scan, at + 1) === '(';
  if (isAnnotationCall(word) && opens)
    return { kind: 'annotation', from: at, to: afterBrackets(scan, at + 1) };
  if (isAnnotation(word)) return { kind: 'annotation', from: at, to: at + 1 };
  if (isTypeof(word) && opens) return { kind: 'typeof', from: at, to: afterBrackets(scan, at + 1) };
  if (isTagKeyword(word)) return readTagged(scan, at);
  if (isStorage(word) || isQualifier(word)) return { kind: 'qualifier', from: at, to: at + 1 };
  return { kind: isBuiltinType(word) ? 'type' : 'word', from: at, to: at + 1 };
}

/** `struct box`, `struct __packed box`, or `struct` alone. */
function readTagged(scan: Scan, at: number): Unit {
  let tag = at + 1;
  while (
    isWordAt(scan, tag) &&
    (isAnnotation(textAt(scan, tag)) || isAnnotationCall(textAt(scan, tag)))
  ) {
    const unit = readUnit(scan, tag);
    blankTokens(scan, unit.from, unit.to);
    tag = unit.to;
  }
  return { kind: 'type', from: at, to: isWordAt(scan, tag) ? tag + 1 : tag };
}

/** Blanks the words beyond the type and the name that there is room for; a misspelt keyword stays, so that it is told. */
function dropExcess(scan: Scan, units: readonly Unit[], previous: string, following: string): void {
  if (units.length < 2) return;
  const words = units.filter(({ kind }) => kind === 'word');
  const hasType = units.some(({ kind }) => kind === 'type' || kind === 'typeof');
  const afterStar = previous === '*';
  const typeRoom = hasType || afterStar ? 0 : 1;
  const nameRoom = following === '*' ? 0 : 1;
  const excess = words.length - typeRoom - nameRoom;
  if (excess <= 0) return;
  const named = nameRoom === 1 && following === '(' ? words.at(-1) : undefined;
  const ranked = words
    .filter((unit) => unit !== named)
    .map((unit, index) => ({ unit, keep: worth(textAt(scan, unit.from), index, words, hasType) }));
  ranked.sort((one, other) => one.keep - other.keep);
  for (const { unit } of ranked.slice(0, excess))
    if (keywordMeant(textAt(scan, unit.from)) === undefined) blankTokens(scan, unit.from, unit.to);
}

/** How much speaks for keeping a word: spelling first, then that names are last and types first. */
function worth(word: string, index: number, words: readonly Unit[], hasType: boolean): number {
  const isLast = index === words.length - 1;
  const place = isLast ? 2 : index === 0 && !hasType ? 1 : 0;
  if (looksLikeType(word) && !hasType) return 20 + place;
  return looksLikeAnnotation(word) ? place - 10 : place;
}
