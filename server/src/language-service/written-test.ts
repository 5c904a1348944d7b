/** Litmus tests and scenarios as documents that somebody writes: what is wrong in them, what they have, and what a test comes to. */

import { type Occurrences, occurrencesAt } from '../litmus/occurrences.ts';
import { parseLitmus } from '../litmus/parse.ts';
import { PRIMITIVES } from '../litmus/primitives.ts';
import { sectionsOf } from '../litmus/sections.ts';
import type { Program } from '../program/program.ts';
import { parseScenario } from '../scenario/parse-scenario.ts';
import { check } from '../search/check.ts';
import type { Problem, Span } from '../text/span.ts';

/** A part of the document that an outline names. */
export interface WrittenPart {
  readonly name: string;
  readonly detail: string;
  readonly kind: 'thread' | 'condition' | 'state';
  readonly span: Span;
}

export interface WrittenTest {
  readonly problems: readonly Problem[];
  /** In text order. */
  readonly parts: readonly WrittenPart[];
  /** Of a litmus test without a problem. */
  readonly program?: Program;
}

/** Whether a file is written in one of the two languages. */
export function isWrittenTest(path: string): boolean {
  return path.endsWith('.litmus') || path.endsWith('.scenario');
}

/** Nobody writes a longer one. */
const MOST_CHARACTERS = 500_000;

/** What the text of a litmus test or a scenario says; total. */
export function readWrittenTest(path: string, text: string): WrittenTest {
  if (text.length > MOST_CHARACTERS) {
    const message = `not read: ${text.length} characters, the limit is ${MOST_CHARACTERS}`;
    return { problems: [{ message, span: { start: 0, end: 0 } }], parts: [] };
  }
  const read = path.endsWith('.scenario') ? readScenario(path, text) : readLitmus(text);
  return { ...read, parts: read.parts.toSorted((a, b) => a.span.start - b.span.start) };
}

function readScenario(path: string, text: string): WrittenTest {
  const { part, problems } = parseScenario(path, text);
  const actors = part.actors.map(({ index, task, body }) => ({
    name: `P${index}`,
    detail: task === undefined ? '' : `as ${task.name}`,
    kind: 'thread' as const,
    span: around(body),
  }));
  const blocks = [
    ...part.state.map((block) => ['state', block] as const),
    ...part.setup.map((block) => ['setup', block] as const),
    ...part.stubs.map((block) => ['stubs', block] as const),
  ].map(([name, block]) => ({ name, detail: '', kind: 'state' as const, span: around(block) }));
  const invariants = part.invariants.map(({ name, words, span }) => ({
    name,
    detail: words,
    kind: 'condition' as const,
    span,
  }));
  return { problems, parts: [...actors, ...blocks, ...invariants] };
}

/** A block with its braces. */
function around({ offset, text }: { readonly offset: number; readonly text: string }): Span {
  return { start: Math.max(0, offset - 1), end: offset + text.length + 1 };
}

function readLitmus(text: string): WrittenTest {
  const { program, problems } = parseLitmus(text);
  const sections = sectionsOf(text, []);
  const ends =
    sections === undefined
      ? []
      : [
          {
            name: '{ }',
            detail: 'initial state',
            kind: 'state' as const,
            span: around({
              offset: sections.initial.start,
              text: text.slice(sections.initial.start, sections.initial.end),
            }),
          },
        ];
  if (program === undefined) return { problems, parts: ends };
  const threads = program.threads.map(({ index, parameters, span }) => ({
    name: `P${index}`,
    detail: parameters.map(({ name }) => name).join(', '),
    kind: 'thread' as const,
    span,
  }));
  const { quantifier, span } = program.condition;
  const condition = { name: quantifier, detail: '', kind: 'condition' as const, span };
  return { problems, program, parts: [...ends, ...threads, condition] };
}

/** A test that needs more is asked of the command line. */
const BUDGET = { milliseconds: 200 };

/** What the executions of a test come to: `Never · 0 of 3 executions`, counted as herd does; and whether that is what its `Result:` says. */
export function observationOf(program: Program): string {
  const { observation, positive, negative, unknown } = check(program, { budget: BUDGET });
  if (observation === undefined)
    return `? not known within ${BUDGET.milliseconds} ms: ${unknown?.reason ?? 'too large'}`;
  const counted = `${observation} · ${positive} of ${positive + negative} executions`;
  const { expected } = program;
  if (expected === undefined) return counted;
  return expected === observation ? `✓ ${counted}` : `✗ ${counted}, expected ${expected}`;
}

/** The primitives that a test can call, where the name of one has been begun before the offset. */
export function writtenCompletions(
  text: string,
  offset: number,
): { readonly span: Span; readonly names: readonly string[] } {
  let start = offset;
  while (/\w/.test(text[start - 1] ?? '')) start--;
  const typed = text.slice(start, offset);
  const names = [...PRIMITIVES.keys()].filter((name) => name.startsWith(typed));
  return { span: { start, end: offset }, names: typed === '' ? [] : names };
}

/** The location or the register of a test without a problem that stands at an offset; undefined where none does. */
export function placeAt(
  text: string,
  { program }: WrittenTest,
  offset: number,
): Occurrences | undefined {
  return program && occurrencesAt(text, program, offset);
}

/** Words of C that a test can have without having said them. */
const KEYWORDS = new Set(
  'auto break case char const continue default do double else enum extern float for goto if inline int long register return short signed sizeof static struct switch typedef union unsigned void volatile while'.split(
    ' ',
  ),
);

/** Why a place of a test cannot have that name, in a sentence; undefined where it can. */
export function whyNoName(name: string, { words }: Occurrences): string | undefined {
  if (!/^[A-Za-z_]\w*$/.test(name)) return `${name} is no name of C`;
  if (KEYWORDS.has(name) || PRIMITIVES.has(name) || /^P\d+$/.test(name))
    return `${name} has a meaning of its own in a litmus test`;
  return words.has(name) ? `${name} stands in this test already` : undefined;
}
