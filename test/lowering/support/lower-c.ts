/** Lowers small C texts for tests and asks the simulation core about the result. */

import type { TreeConfiguration } from '../../../server/src/lowering/configuration.ts';
import { lower } from '../../../server/src/lowering/lower.ts';
import type { Lowered, LoweringRequest } from '../../../server/src/lowering/lowering.ts';
import type { Outcome } from '../../../server/src/memory-model/outcome.ts';
import { canonical } from '../../../server/src/program/integer.ts';
import { withoutParts } from '../../../server/src/program/parts-of-locations.ts';
import type {
  Program,
  Proposition,
  Statement,
  Value,
} from '../../../server/src/program/program.ts';
import { settleOpenValues } from '../../../server/src/program/settle-open-values.ts';
import { withoutUnasked } from '../../../server/src/program/unasked-registers.ts';
import { bodiesOf } from '../../../server/src/program/walk.ts';
import { check } from '../../../server/src/search/check.ts';
import { parseKernelC } from '../../../server/src/syntax/parse.ts';
import { testParser } from '../../support/parser.ts';

/** What a test says of a scenario; the rest of the request has usual values. */
export interface Scene {
  readonly source?: string;
  /** Further files, by name. */
  readonly files?: Readonly<Record<string, string>>;
  readonly stubs?: string;
  readonly state?: string;
  readonly setup?: string;
  /** The statements of each thread. */
  readonly threads: readonly string[];
  /** The object that `current` is in each thread. */
  readonly current?: readonly string[];
  readonly observed?: readonly string[];
  readonly unroll?: number;
  readonly depth?: number;
  readonly accesses?: LoweringRequest['accesses'];
  readonly configuration?: TreeConfiguration;
}

const NOWHERE = { start: 0, end: 0 };
const parser = await testParser();

export const parseC: LoweringRequest['parse'] = (file, text, place) => ({
  file,
  text,
  parsed: parseKernelC(parser, text, place),
});

export function requestOf(scene: Scene): LoweringRequest {
  const files = Object.entries({
    ...(scene.source && { 'source.c': scene.source }),
    ...scene.files,
  });
  return {
    sources: files.map(([file, text]) => parseC(file, text)),
    stubs: [parseC('stubs', scene.stubs ?? '')],
    state: parseC('state', scene.state ?? ''),
    ...(scene.setup && { setup: { body: scene.setup, file: 'setup', offset: 0 } }),
    actors: scene.threads.map((body, thread) => ({
      body,
      file: 'scenario',
      offset: 0,
      ...(scene.current?.[thread] && { current: scene.current[thread] }),
    })),
    observed: scene.observed ?? [],
    parse: parseC,
    unroll: scene.unroll ?? 2,
    depth: scene.depth ?? 8,
    accesses: scene.accesses ?? 'marked',
    ...(scene.configuration && { configuration: scene.configuration }),
  };
}

export function lowerScene(scene: Scene): Lowered {
  return lower(requestOf(scene));
}

/** Final values by name: `1:r` is a register of thread 1, other names are locations. A value is an
 *  integer or the address of a location (`&x`). */
export type Final = Readonly<Record<string, number | bigint | string>>;

/** The program that asks whether the final values can be. */
export function programOf(lowered: Lowered, final: Final): Program {
  const proposition = propositionOf(final);
  const program: Program = {
    name: 'lowered',
    description: '',
    initial: lowered.initial,
    threads: lowered.threads,
    observed: [],
    condition: { quantifier: 'exists', proposition, span: NOWHERE },
  };
  const asked = withoutUnasked(withoutParts(program, lowered.parts));
  const settled = settleOpenValues(asked, [asked.condition.proposition]);
  const [unsettled] = settled.unsettled;
  if (unsettled !== undefined) throw new Error(`not settled: ${unsettled.message}`);
  return settled.program;
}

/** What the model says about the final values; what could not be lowered fails the test. */
export function outcomeOf(scene: Scene, final: Final): Outcome {
  const observed = Object.keys(final).filter((name) => !name.includes(':'));
  const lowered = lowerScene({ ...scene, observed: [...(scene.observed ?? []), ...observed] });
  const [unmodelled] = lowered.notModelled;
  if (unmodelled !== undefined)
    throw new Error(`not modelled: ${unmodelled.message} at ${JSON.stringify(unmodelled.place)}`);
  return check(programOf(lowered, final));
}

export function observe(scene: Scene, final: Final): Outcome['observation'] {
  return outcomeOf(scene, final).observation;
}

function propositionOf(final: Final): Proposition {
  return Object.entries(final).reduce<Proposition>(
    (left, [name, value]) => ({ kind: 'and', left, right: equals(name, value) }),
    { kind: 'true' },
  );
}

function equals(name: string, value: number | bigint | string): Proposition {
  const [, thread, register] = /^(\d+):(\w+)$/.exec(name) ?? [];
  const right: Value =
    typeof value === 'string'
      ? { kind: 'address', of: value.replace(/^&/, '') }
      : { kind: 'integer', value: canonical(value) };
  return {
    kind: 'equals',
    left:
      register === undefined
        ? { kind: 'location', name }
        : { kind: 'register', thread: Number(thread), name: register },
    right,
    negated: false,
    span: NOWHERE,
  };
}

/** Every statement, those inside others too, in order. */
export function allStatements(statements: readonly Statement[]): readonly Statement[] {
  return statements.flatMap((statement) => [
    statement,
    ...bodiesOf(statement).flatMap((body) => allStatements(body)),
  ]);
}
