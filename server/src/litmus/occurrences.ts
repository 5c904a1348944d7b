/** Where a location or a register stands in the text of a litmus test: in the initial state, in threads, in the condition. */

import type { Program } from '../program/program.ts';
import { everyStatement } from '../program/walk.ts';
import type { Occurrences } from '../text/occurrences.ts';
import type { Span } from '../text/span.ts';
import { type Token, tokenize } from './lexer.ts';
import { sectionsOf } from './sections.ts';

interface Occurrence {
  readonly name: string;
  readonly span: Span;
  /** Of a register, the thread that has it. */
  readonly thread?: number;
}

/** All places where what stands at `offset` is named; undefined where no location and no register stands. `program` is what the text
 *  says. */
export function occurrencesAt(
  text: string,
  program: Program,
  offset: number,
): Occurrences | undefined {
  const sections = sectionsOf(text, []);
  if (sections === undefined) return undefined;
  const code = tokenize(text, sections.program, 'c', []);
  const states = [sections.initial, sections.condition].map((span) =>
    tokenize(text, span, 'state', []),
  );
  const all = [
    ...states.flatMap((tokens) => inState(program, tokens)),
    ...inThreads(program, code),
  ].sort((one, other) => one.span.start - other.span.start);
  const here = all.find(({ span }) => span.start <= offset && offset <= span.end);
  if (here === undefined) return undefined;
  const spans = all
    .filter(({ name, thread }) => name === here.name && thread === here.thread)
    .map(({ span }) => span);
  const words = [code, ...states].flat().filter(({ kind }) => kind === 'name');
  const { name, thread } = here;
  const owned = thread === undefined ? {} : { thread };
  return { name, ...owned, spans, words: new Set(words.map((word) => word.text)) };
}

/** `x` and `0:r0`, as herd writes them. */
function inState(program: Program, tokens: readonly Token[]): readonly Occurrence[] {
  const locations = locationsOf(program);
  return tokens.flatMap(({ kind, text: name, span }, at): readonly Occurrence[] => {
    if (kind !== 'name') return [];
    const [number, colon] = [tokens[at - 2], tokens[at - 1]];
    if (colon?.text === ':' && number?.kind === 'number')
      return [{ name, span, thread: Number(number.text) }];
    return locations.has(name) ? [{ name, span }] : [];
  });
}

function locationsOf({ threads, initial }: Program): ReadonlySet<string> {
  const named = initial.flatMap(({ target }) => (target.kind === 'location' ? [target.name] : []));
  return new Set([
    ...named,
    ...threads.flatMap(({ parameters }) => parameters.map(({ name }) => name)),
  ]);
}

/** A thread's parameters are locations, what it declares or assigns are its registers. */
function inThreads({ threads }: Program, tokens: readonly Token[]): readonly Occurrence[] {
  return threads.flatMap(({ index, parameters, body, span: around }) => {
    const locations = new Set(parameters.map(({ name }) => name));
    const registers = new Set(
      everyStatement(body).flatMap((statement) =>
        'register' in statement && statement.register !== undefined ? [statement.register] : [],
      ),
    );
    return tokens.flatMap(({ kind, text: name, span }): readonly Occurrence[] => {
      const isHere = kind === 'name' && around.start <= span.start && span.end <= around.end;
      if (isHere && locations.has(name)) return [{ name, span }];
      return isHere && registers.has(name) ? [{ name, span, thread: index }] : [];
    });
  });
}
