/** Where an object or a thread's variable stands in the text of a scenario: in its first values, in statements, in formulas. */

import type { Occurrences } from '../text/occurrences.ts';
import { contains, type Span } from '../text/span.ts';
import type { Block, ScenarioPart } from './scenario.ts';

/** A word outside of comments, texts and headers. */
interface Word {
  readonly name: string;
  readonly span: Span;
  /** It is a member, which belongs to its struct. */
  readonly isMember: boolean;
  /** Of a formula's `P1:seen`, or of a statement of a thread. */
  readonly thread?: number;
  readonly isInFormula: boolean;
}

/** All places where what stands at `offset` is named; undefined where that is none of the scenario's own names, or where other files
 *  may name it, too: of a part that others include, and with what is included. */
export function scenarioOccurrences(
  text: string,
  part: ScenarioPart,
  offset: number,
): Occurrences | undefined {
  if (part.name === undefined || part.includes.length > 0) return undefined;
  const words = wordsOf(text, part);
  const here = words.find(({ span }) => span.start <= offset && offset <= span.end);
  if (here === undefined || here.isMember) return undefined;
  const objects = new Set(part.state.flatMap(objectsOf));
  const isOfThread = (thread: number, { name }: Word) =>
    !objects.has(name) &&
    words.some(
      (each) =>
        each.name === name &&
        each.thread === thread &&
        (each.isInFormula || isAssigned(text, each)),
    );
  const { thread } = here;
  const isMeant =
    thread !== undefined && isOfThread(thread, here)
      ? (each: Word) => each.thread === thread
      : objects.has(here.name)
        ? (each: Word) => !(each.isInFormula && each.thread !== undefined)
        : undefined;
  if (isMeant === undefined) return undefined;
  const named = words.filter((each) => each.name === here.name && !each.isMember);
  const isDeclaredAgain = named.some(
    ({ span }) => part.stubs.some((block) => isIn(block, span)) && isDeclarator(text, span),
  );
  if (isDeclaredAgain) return undefined;
  return {
    name: here.name,
    spans: named.filter(isMeant).map(({ span }) => span),
    words: new Set(words.map(({ name }) => name)),
  };
}

function isIn({ offset, text }: Block, span: Span): boolean {
  return contains({ start: offset, end: offset + text.length }, span);
}

/** The names of what a block of the state declares: the last word before each first value, or before the lengths of an array. */
function objectsOf({ text }: Block): readonly string[] {
  const names: string[] = [];
  let [depth, declarator, isValue] = [0, '', false];
  for (const character of withoutTexts(text)) {
    if (character === '{') depth++;
    else if (character === '}') depth--;
    else if (depth === 0 && /[=;]/.test(character)) {
      const name = isValue ? undefined : declarator.split('[')[0]!.match(/\w+/g)?.at(-1);
      if (name !== undefined) names.push(name);
      [declarator, isValue] = ['', character === '='];
    } else if (depth === 0) declarator += character;
  }
  return names;
}

/** `seen = ...`, or `int seen = ...`. */
function isAssigned(text: string, { span: { start, end } }: Word): boolean {
  let behind = end;
  while (/[ \t]/.test(text[behind] ?? '')) behind++;
  return !/[.>*&]/.test(text[start - 1] ?? '') && text[behind] === '=' && text[behind + 1] !== '=';
}

/** Whether a type stands before it: a parameter, or a variable of a function. */
function isDeclarator(text: string, { start }: Span): boolean {
  let before = start - 1;
  while (/[ \t*]/.test(text[before] ?? '')) before--;
  let from = before;
  while (/\w/.test(text[from - 1] ?? '')) from--;
  const word = text.slice(from, before + 1);
  return /^\w+$/.test(word) && word !== 'return' && word !== 'goto' && word !== 'else';
}

/** Lines that say which files, functions and bounds are meant. */
const HEADER = /^[a-z]+[ \t]*:/;

function wordsOf(text: string, part: ScenarioPart): readonly Word[] {
  const code = withoutTexts(text);
  const blocks = [...part.state, ...part.setup, ...part.stubs];
  const words: Word[] = [];
  for (const { 0: name, index } of code.matchAll(/[A-Za-z_]\w*/g)) {
    const span = { start: index, end: index + name.length };
    const actor = part.actors.find(({ body }) => isIn(body, span));
    const isInBlock = actor !== undefined || blocks.some((block) => isIn(block, span));
    const start = code.lastIndexOf('\n', index - 1) + 1;
    if (!isInBlock && HEADER.test(code.slice(start, start + 40)) && !isFilter(code, start))
      continue;
    const [, number] = isInBlock
      ? []
      : (/\bP(\d+):$/.exec(code.slice(Math.max(0, index - 8), index)) ?? []);
    const thread = number === undefined ? actor?.index : Number(number);
    if (
      /(?:^|\s)(?:C|never|remark|suppose|struct|union|enum)\s$/.test(
        code.slice(Math.max(0, index - 9), index),
      )
    )
      continue;
    const before = code.slice(Math.max(0, index - 2), index);
    words.push({
      name,
      span,
      isMember: before.endsWith('.') || before === '->',
      isInFormula: !isInBlock,
      ...(thread !== undefined && { thread }),
    });
  }
  return words;
}

function isFilter(code: string, start: number): boolean {
  return code.startsWith('filter', start);
}

const ENDS: Readonly<Record<string, string>> = { '/*': '*/', '//': '\n', '"': '"' };

/** Comments and what stands between quotes as blanks. */
function withoutTexts(text: string): string {
  let code = '';
  for (let at = 0; at < text.length; ) {
    const begun = ['/*', '//', '"'].find((each) => text.startsWith(each, at));
    if (begun === undefined) code += text[at++];
    else {
      const end = text.indexOf(ENDS[begun]!, at + begun.length);
      const stop = end === -1 ? text.length : end + ENDS[begun]!.length;
      code += text.slice(at, stop).replace(/[^\n]/g, ' ');
      at = stop;
    }
  }
  return code;
}
