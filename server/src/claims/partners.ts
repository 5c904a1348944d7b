/**
 * Reads the words after a phrase such as "pairs with": which functions, primitives, labels or places
 * they name. The prose is no language with a grammar; the rules here are about English word order.
 */

import type { Span } from '../text/span.ts';
import type { Claim } from './claim.ts';
import {
  isOperation,
  isPlace,
  isPrimitive,
  KINDS_OF_BARRIER,
  kindOfOperation,
  spelled,
} from './operations.ts';
import { ASKS, CALLED, CALLERS, LIST_WORDS } from './vocabulary.ts';
import type { Word } from './word.ts';
import {
  edgeOfFunction,
  endsClaim,
  isAdjective,
  isBarrierNoun,
  isConstant,
  isFoundInAnother,
  isOnRoute,
  listResumes,
  previousText,
  signAt,
  standsAsLabel,
  standsAsPlace,
  textAt,
} from './word-order.ts';

/** A partner as the words name it: a claim without what only the phrase and the place can say. */
export type NamedPartner = Omit<Claim, 'style' | 'attach'>;

/** How much the words have to say before they count: any partner in the sentence, or one within the first few
 *  words (`see f`). */
export type Strictness = 'sentence' | 'near';

/** The partners that `words` name, in their order; empty where they name none. */
export function readPartners(words: readonly Word[], strictness: Strictness): NamedPartner[] {
  if (words[0]?.kind === 'join') return [];
  const state: State = { words, at: 0, partners: [], skipName: false, isBeside: false };
  const limit = strictness === 'sentence' ? words.length : FEW_WORDS;
  while (state.at < words.length) {
    const word = words[state.at]!;
    if (state.partners.length === 0 && state.at > limit && state.described === undefined) break;
    if (strictness === 'near' && word.kind === 'word' && ASKS.has(word.text)) break;
    if (!step(state, word)) break;
    state.at++;
  }
  return state.partners.length > 0 ? state.partners : withoutFunction(state);
}

const FEW_WORDS = 5;

interface State {
  readonly words: readonly Word[];
  at: number;
  readonly partners: NamedPartner[];
  /** Gathered for the partner to come. */
  described?: { readonly primitive: string; readonly word: Word };
  ordinal?: number;
  label?: string;
  direction?: 'above' | 'below';
  /** Where it is said that the partner is in the same function. */
  edge?: Span;
  file?: { readonly path: string; readonly span: Span };
  /** The next name says who calls the partner. */
  skipName: boolean;
  /** The partner stands between the places that are named. */
  isBeside: boolean;
}

/** Takes one word in; false where the claim ends before it. */
function step(state: State, word: Word): boolean {
  switch (word.kind) {
    case 'stop':
      return false;
    case 'object':
    case 'join':
      return true;
    case 'ordinal':
      state.ordinal = word.value;
      return true;
    case 'file':
      return takeFile(state, word.path, word.span);
    case 'label':
      return takeLabel(state, word.label, word.span);
    case 'sign':
      return takeSign(state, word.text);
    case 'name':
      return takeName(state, word);
    case 'word':
      return takeWord(state, word.text, word);
  }
}

/** A name is an operation (kept for the partner it is found in), a caller (skipped) or the partner. */
function takeName(state: State, word: Word & { kind: 'name' }): boolean {
  if (state.skipName) {
    state.skipName = false;
    return true;
  }
  const first = spelled(word.names[0]!);
  if (isOperation(first) && !isPlaceOf(state, word)) {
    state.described = { primitive: first, word };
    return true;
  }
  if (word.owner) return takeOwner(state, word);
  if (isConstant(word) && !isCalled(state)) return takeConstant(state, word);
  if (isFoundInAnother(state, word)) {
    if (word.call) state.described ??= { primitive: first, word };
    return true;
  }
  if (isOnRoute(state)) return true;
  if (!word.call && !standsAsPlace(state)) return true;
  const bare: Pick<Claim, 'isBare'> = word.call ? {} : { isBare: true };
  addPartner(state, { functions: word.names.map(spelled), ...bare, span: word.span });
  return true;
}

/** "DESC_UNUSED called from f()": a name in capitals is a macro then. */
function isCalled(state: State): boolean {
  return CALLED.has(textAt(state, state.at + 1)) && CALLERS.has(textAt(state, state.at + 2));
}

/** "in arch_spin_lock": a function that has the name of an operation, and is none of the kernel's tables. */
function isPlaceOf(state: State, word: Word & { kind: 'name' }): boolean {
  const before = textAt(state, state.at - 1);
  const isInside = before === 'in' || before === 'inside' || before === 'within';
  return isInside && word.names.every((name) => !name.includes('*') && !isPrimitive(name));
}

function addPartner(state: State, partner: NamedPartner): void {
  const { described, ordinal, label, file, isBeside } = state;
  state.partners.push({
    ...(described === undefined ? {} : { primitive: described.primitive }),
    ...(ordinal === undefined ? {} : { ordinal }),
    ...(label === undefined ? {} : { label }),
    ...(file === undefined ? {} : { file: file.path }),
    ...(isBeside ? { isBeside } : {}),
    ...partner,
  });
}

/** `f()'s smp_wmb()`: the operation follows its owner. */
function takeOwner(state: State, word: Word & { kind: 'name' }): boolean {
  if (isConstant(word)) return true;
  const ahead = state.words.slice(state.at + 1, state.at + 5);
  const primitive = ahead.map(primitiveOf).find((found) => found !== undefined);
  const ordinal = ahead.find((next) => next.kind === 'ordinal');
  addPartner(state, {
    functions: word.names.map(spelled),
    ...(primitive === undefined ? {} : { primitive }),
    ...(ordinal?.kind === 'ordinal' ? { ordinal: ordinal.value } : {}),
    span: word.span,
  });
  return true;
}

function primitiveOf(word: Word): string | undefined {
  if (word.kind === 'name') {
    const name = spelled(word.names[0]!);
    return isOperation(name) ? name : undefined;
  }
  return word.kind === 'word' ? kindOfOperation(word.text) : undefined;
}

/** `SEM_BARRIER_1`, as in "see SEM_BARRIER_1 for pairing", is a label that several sites bear. */
function takeConstant(state: State, word: Word & { kind: 'name' }): boolean {
  if (state.at === 0 && word.names[0]!.includes('_') && textAt(state, state.at + 1) === 'for')
    return addAndGo(state, { functions: [], label: word.names[0]!, span: word.span });
  return true;
}

function addAndGo(state: State, partner: NamedPartner): boolean {
  addPartner(state, partner);
  return true;
}

/** Words may lead to the partner; once there is one only those of a list go on. */
function takeWord(state: State, text: string, word: Word): boolean {
  const lower = text.toLowerCase();
  const letter = /^[A-HJ-Z]\d?$/.test(text) && standsAsLabel(state);
  if (letter) return takeLetter(state, text, word.span);
  if (CALLED.has(lower) && CALLERS.has(textAt(state, state.at + 1))) {
    state.skipName = state.partners.length > 0;
    state.at++;
    return true;
  }
  if (lower === 'between') state.isBeside = true;
  if (lower === 'above' || lower === 'below') {
    state.direction = lower;
    return true;
  }
  const edge = edgeOfFunction(state, lower);
  if (edge !== undefined) takeEdge(state, edge, word);
  const isTheOne = lower === 'one' && textAt(state, state.at - 1) === 'the';
  if (isBarrierNoun(lower) || isTheOne) takeBarrierNoun(state, word);
  const primitive = kindOfOperation(text);
  if (primitive !== undefined && !isAdjective(state)) state.described = { primitive, word };
  if (state.partners.length > 0) return LIST_WORDS.has(lower) || listResumes(state);
  return !endsClaim(state, lower);
}

/** "later in this function": the partner is there, whatever it is called. */
function takeEdge(state: State, edge: 'above' | 'below', word: Word): void {
  state.direction = edge;
  state.edge = word.span;
}

/** "a write memory barrier": the kind stands up to two words before the noun. */
function takeBarrierNoun(state: State, word: Word): void {
  const kind = [textAt(state, state.at - 1), textAt(state, state.at - 2)]
    .map((text) => KINDS_OF_BARRIER.get(text))
    .find((found) => found !== undefined);
  if (kind !== undefined) state.described = { primitive: kind, word };
  else if (state.described === undefined) state.described = { primitive: 'barrier', word };
}

function takeLetter(state: State, letter: string, span: Span): boolean {
  const bracketed = signAt(state, state.at - 1) === '(';
  state.label = letter;
  const after = state.at + (bracketed ? 2 : 1);
  if (textAt(state, after) === 'in') return true;
  delete state.label;
  return addAndGo(state, { functions: [], label: letter, span });
}

function takeLabel(state: State, label: string, span: Span): boolean {
  if (previousText(state) === 'from' || state.described !== undefined) return false;
  return addAndGo(state, { functions: [label.slice(0, label.indexOf(':'))], label, span });
}

/** A file before or after the function it belongs to. */
function takeFile(state: State, path: string, span: Span): boolean {
  const last = state.partners.at(-1);
  if (last === undefined || last.file !== undefined) state.file = { path, span };
  else state.partners[state.partners.length - 1] = { ...last, file: path };
  return true;
}

/** After a partner only brackets around a label or a file go on. */
function takeSign(state: State, sign: string): boolean {
  if (state.partners.length === 0) return true;
  if (sign === ')') return true;
  const next = state.words[state.at + 1];
  return sign === '(' && (next?.kind === 'file' || signAt(state, state.at + 2) === ')');
}

/** No function is named: a place in the same function, a label, a file, a call that may be one, or only an operation,
 *  unless the words go on to a place that is no function ("smp_wmb() in BOX_SETUP"). */
function withoutFunction(state: State): NamedPartner[] {
  const { described, direction, edge, file, ordinal } = state;
  const about = {
    ...(described === undefined ? {} : { primitive: described.primitive }),
    ...(ordinal === undefined ? {} : { ordinal }),
  };
  const span = described?.word.span ?? edge ?? state.words[0]?.span;
  if (span === undefined) return [];
  if (direction !== undefined && (described !== undefined || edge !== undefined))
    return [{ functions: [], ...about, direction, span }];
  if (file !== undefined && described !== undefined)
    return [{ functions: [], ...about, file: file.path, span: file.span }];
  if (described?.word.kind !== 'name') return [];
  if (isPlace(described.primitive)) return [{ functions: [described.primitive], span }];
  return state.words.some((word) => word.kind === 'name' && isConstant(word))
    ? []
    : [{ functions: [], ...about, span }];
}
