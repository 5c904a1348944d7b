/** `racy-reread`: a pointer is tested by one read and followed by another one, which can find it cleared. */

import {
  type FunctionAccess,
  type FunctionFact,
  fieldName,
  type Reread,
  shownField,
} from '../../facts/file-facts.ts';
import { functionsClearing, functionsUpdating, isUpdate } from '../../facts/functions-of-file.ts';
import { mayLock } from '../../pairing/as-made.ts';
import type { PlacedFunction } from '../../pairing/function-index.ts';
import type { Span } from '../../text/span.ts';
import type { Finding } from '../diagnostic.ts';
import type { FileMoment } from '../moment.ts';
import type { Tree } from '../tree.ts';
import type { CheckedKind } from './check.ts';

export const racyReread: CheckedKind = {
  code: 'racy-reread',
  meaning:
    'A function tests a pointer by a marked read, without a lock, and reads it again to follow it. The second read is a load of its own: where another CPU clears the pointer in between, it returns the null pointer that the test was to keep out (memory-barriers.txt, "COMPILER BARRIER", and rcu_dereference.rst say the same of a compiler that reloads).',
  fires:
    'Where the same field of what the same variable leads to is tested by READ_ONCE(), rcu_dereference() or their like and then followed by another read, directly, by a variable that nothing tests, or in a function that is given it and follows it on each path; no lock is taken on the way, nor by all callers; and a function stores NULL to the field of an object that it has not just made. An information where both reads are plain, the second is followed or returned, and a function, be it the same one, stores the pointer by xchg(), cmpxchg() or their like. Found in the code alone, without a simulation.',
  fix: 'Read the pointer once into a variable, by READ_ONCE(), smp_load_acquire() or rcu_dereference(), test that and follow it.',
  check: (moment) =>
    moment.facts.functions.flatMap((fact) =>
      (fact.rereads ?? []).flatMap((reread) =>
        reread.isPlain === true
          ? plainFinding(moment, fact, reread)
          : finding(moment, fact, reread),
      ),
    ),
};

function finding(
  { file, tree }: FileMoment,
  fact: FunctionFact,
  { tested, followed, givenTo }: Reread,
): readonly Finding[] {
  const [first, second] = [tested, followed].map((span) => readAt(fact, span));
  if (first === undefined || second === undefined || second.field.struct === undefined) return [];
  if (givenTo !== undefined && !isFollowedIn(givenTo, tree)) return [];
  const name = fieldName(second.field);
  const clearing = clearerOf(name, fact, tree);
  if (clearing === undefined || mayLock({ file, fact }, [], tree)) return [];
  const { of, store } = clearing;
  const shown = shownField(second.field);
  return [
    {
      span: second.span,
      message: `${shown} is read again after it was tested: ${of.fact.name}() can clear it in between, and ${givenTo?.function ?? fact.name}() follows a null pointer`,
      related: [
        { file, span: first.span, line: first.line, message: 'tested here' },
        {
          file: of.file,
          span: store.span,
          line: store.line,
          message: `${of.fact.name}() clears ${shown}`,
        },
      ],
    },
  ];
}

/** Whether a function follows the pointer that it is given, whatever that is: on each path through it, and so without a test. */
function isFollowedIn(
  { function: name, position }: NonNullable<Reread['givenTo']>,
  { functions }: Tree,
): boolean {
  const all = functions(name);
  return (
    all.length > 0 &&
    all.every(({ fact }) =>
      fact.accesses.some(({ parameter, on }) => parameter === position && on === 'every-path'),
    )
  );
}

/** Of two plain reads the compiler may make the second one first: what is followed or returned is older than what was tested
 *  (memory-barriers.txt, "COMPILER BARRIER"), and both race with the store. */
function plainFinding(
  { file, tree }: FileMoment,
  fact: FunctionFact,
  { tested, followed }: Reread,
): readonly Finding[] {
  const [first, second] = [tested, followed].map((span) => readAt(fact, span));
  if (first === undefined || second === undefined) return [];
  if (second.field.struct === undefined || second.field.struct === '?') return [];
  const updating = updaterOf(fieldName(second.field), { file, fact }, tree);
  if (updating === undefined || mayLock({ file, fact }, [], tree)) return [];
  const { of, store } = updating;
  const shown = shownField(second.field);
  return [
    {
      span: second.span,
      message: `${shown} is tested and read again by plain reads, while another CPU stores it in ${of.fact.name}(): the compiler may make this read first, and find the null pointer that the test was to keep out`,
      related: [
        { file, span: first.span, line: first.line, message: 'tested here' },
        {
          file: of.file,
          span: store.span,
          line: store.line,
          message: `${of.fact.name}() stores ${shown}`,
        },
      ],
      atMost: 'information',
    },
  ];
}

function readAt({ accesses }: FunctionFact, { start, end }: Span): FunctionAccess | undefined {
  return accesses.find(
    ({ effect, span }) => effect === 'read' && span.start === start && span.end === end,
  );
}

/** A function, and a store that it makes. */
interface Storer {
  readonly of: PlacedFunction;
  readonly store: FunctionAccess;
}

/** The first other function that clears a field of an object which others know. */
function clearerOf(name: string, reader: FunctionFact, { files }: Tree): Storer | undefined {
  for (const [file, facts] of files)
    for (const fact of functionsClearing(facts, name)) {
      const store = fact.accesses.find(
        ({ field, isClear, isNew }) =>
          isClear === true && isNew !== true && fieldName(field) === name,
      );
      if (store !== undefined && fact !== reader) return { of: { file, fact }, store };
    }
  return undefined;
}

/** A function that stores a field of an object which others know by xchg(), cmpxchg() or their like: the reader itself, or the first
 *  other one. */
function updaterOf(name: string, reader: PlacedFunction, tree: Tree): Storer | undefined {
  const updating = [...tree.files].flatMap(([file, facts]) =>
    functionsUpdating(facts, name).map((fact) => ({ file, fact })),
  );
  for (const of of [reader, ...updating]) {
    const store = of.fact.accesses.find(
      (access) => isUpdate(access) && access.isNew !== true && fieldName(access.field) === name,
    );
    if (store !== undefined && isExchange(of, store, tree)) return { of, store };
  }
  return undefined;
}

/** Of pointers only exchanges are made. */
const EXCHANGE = /xchg/;

function isExchange({ file, fact }: PlacedFunction, store: FunctionAccess, tree: Tree): boolean {
  return tree
    .sitesIn(file, fact.name)
    .some(({ primitive, span }) => EXCHANGE.test(primitive) && span.start === store.span.start);
}
