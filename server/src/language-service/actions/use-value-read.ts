/** Reads a pointer once into a variable, tests that and follows it, where it was tested by one read and followed by another. */

import { primitive } from '../../kernel/primitives.ts';
import { afterBlanks, C_COMMENTS } from '../../text/blanks.ts';
import type { Span } from '../../text/span.ts';
import { wordIn } from '../../text/word-in.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { FileMoment } from '../moment.ts';
import type { TextEdit } from './action.ts';
import type { Fix, FixOffer } from './fix.ts';
import { placesAround, wholeStatement } from './statement-place.ts';

const CODE = 'racy-reread';

/** For each pointer in the range that is read again. */
export const useValueRead: FixOffer = (moment, range) =>
  moment
    .findings(moment.file)
    .filter(({ code, span }) => code === CODE && span.start <= range.end && range.start <= span.end)
    .flatMap((finding) => fixOf(moment, finding) ?? []);

function fixOf({ facts, file, textOf }: FileMoment, finding: Diagnostic): Fix | undefined {
  const { span: followed, code, message } = finding;
  const of = facts.functions.find(({ rereads = [] }) =>
    rereads.some((each) => each.followed.start === followed.start),
  );
  const text = textOf(file);
  const tested = of?.rereads?.find((each) => each.followed.start === followed.start)?.tested;
  if (of === undefined || text === undefined || tested === undefined) return undefined;
  if (entersReader(text.slice(tested.end, followed.start))) return undefined;
  const change =
    keptBefore(text, of.span, tested, followed) ?? declared(text, of.span, tested, followed);
  return (
    change && {
      title: `Read it once, into ${change.variable}`,
      fixes: code,
      ways: [change.edits.map((edit) => ({ file, ...edit }))],
      mends: [{ file, code, message }],
      between: [],
      isOfFlow: true,
    }
  );
}

/** Whether a read-side section begins in a part of a text: what is read before it may be gone by then. */
function entersReader(code: string): boolean {
  const words = code.match(/\w+/g) ?? [];
  return words.some((word) => primitive(word)?.category === 'rcu-reader');
}

interface Change {
  readonly variable: string;
  readonly edits: readonly Omit<TextEdit, 'file'>[];
}

/** The statement `handler = READ_ONCE(port->handler);` is put before the test, which is then of the variable. */
function keptBefore(text: string, home: Span, tested: Span, followed: Span): Change | undefined {
  const own = wholeStatement(text, home, followed);
  const variable = /^(\w+) = /.exec(own?.code ?? '')?.[1];
  const isAll = own?.code === `${variable} = ${text.slice(followed.start, followed.end)};`;
  const { before } = placesAround(text, home, tested);
  if (own === undefined || variable === undefined || !isAll || before === undefined)
    return undefined;
  const isUsed = wordIn(text, variable, { start: before.offset, end: own.lines.start });
  if (isUsed !== undefined) return undefined;
  return {
    variable,
    edits: [
      { span: { start: before.offset, end: before.offset }, text: `${before.indent}${own.code}\n` },
      { span: tested, text: variable },
      { span: own.lines, text: '' },
    ],
  };
}

/** A variable is declared for it, where the file says of which type it is. */
function declared(text: string, home: Span, tested: Span, followed: Span): Change | undefined {
  const read = text.slice(followed.start, followed.end);
  const variable = read.match(/\w+/g)?.at(-1) ?? '';
  const type = pointerTypeOf(variable, text);
  const { before } = placesAround(text, home, tested);
  const start = startOfBody(text, home);
  if (type === undefined || before === undefined || start === undefined) return undefined;
  if (!isOnlyMember(text, home, variable)) return undefined;
  const { offset, indent } = before;
  return {
    variable,
    edits: [
      { span: { start, end: start }, text: `${indentOfBody(text, start)}${type}${variable};\n` },
      { span: { start: offset, end: offset }, text: `${indent}${variable} = ${read};\n` },
      { span: tested, text: variable },
      { span: followed, text: variable },
    ],
  };
}

/** Whether a word is no name of its own in a part of a text. */
function isOnlyMember(text: string, { start, end }: Span, word: string): boolean {
  for (let at = wordIn(text, word, { start, end }); at !== undefined; ) {
    if (!/[.>]/.test(text[at.start - 1]!)) return false;
    at = wordIn(text, word, { start: at.end, end });
  }
  return true;
}

/** `struct handler *` of a member that is declared once in the file, without what checkers are told. */
function pointerTypeOf(member: string, text: string): string | undefined {
  const types = text.split('\n').flatMap((line) => {
    const [, type = '', name] =
      /^\s*((?:const )?(?:struct |union )?\w+ (?:__\w+ )?\*)(?:__\w+ )?(\w+);$/.exec(line) ?? [];
    return name === member ? [type.replace(/ __\w+/g, '')] : [];
  });
  return types.length === 1 ? types[0] : undefined;
}

/** Behind the brace with which the body of a function begins, where its line ends there. */
function startOfBody(text: string, { start, end }: Span): number | undefined {
  const brace = text.indexOf('{', start);
  return brace === -1 || brace >= end || text[brace + 1] !== '\n' ? undefined : brace + 2;
}

function indentOfBody(text: string, start: number): string {
  const code = afterBlanks(text, start, C_COMMENTS);
  return text.slice(text.lastIndexOf('\n', code - 1) + 1, code);
}
