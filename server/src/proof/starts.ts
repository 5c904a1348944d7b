/** The programs of one question, by what its fields hold at the start: each is lowered once. */

import { lower } from '../lowering/lower.ts';
import type { Lowered, LoweringRequest } from '../lowering/lowering.ts';
import type { FieldStart, OpenWorld, StartValue } from '../lowering/open-world.ts';
import { keyOf } from '../program/evaluate.ts';

/** A field, and how it starts where not with 0. */
export type Start = readonly [field: string, (isPointer: boolean) => FieldStart | undefined];

/** How a field starts that has not been written yet, and once it has been. */
export type StartsOf = readonly [before: Start, after: Start];

/** A field that starts with the bit that is named, or with the value; in a word of which other bits are tested, those of the
 *  value are set either way. */
export function startsOf(field: string, bit: string | undefined, value: StartValue): StartsOf {
  const at: FieldStart = { kind: 'object', ...(typeof value === 'object' && { at: value }) };
  const held = typeof value === 'object' ? 1 : value;
  const others = held > 1 ? held : 0;
  const word = (isSet: boolean): FieldStart =>
    bit !== undefined ? { kind: 'bit', bit, isSet, others } : { kind: 'integer', value: held };
  const isAmongOthers = bit !== undefined && others !== 0;
  return [
    [field, (isPointer) => (isAmongOthers && !isPointer ? word(false) : undefined)],
    [field, (isPointer) => (isPointer ? at : word(true))],
  ];
}

/** Programs by how fields start. */
type LoweredFrom = (starts: readonly Start[]) => Lowered;

/** What was asked of the start, and what it was. */
interface AskedStart {
  readonly field: string;
  readonly isPointer: boolean;
  readonly start: FieldStart | undefined;
}

/** Lowers a request from one start after the other; where all that was asked of the start is as it was before, what was
 *  lowered then. */
export function loweredFrom(request: UnstartedRequest): LoweredFrom {
  const known: { readonly asked: readonly AskedStart[]; readonly lowered: Lowered }[] = [];
  return (starts) => {
    const of = new Map(starts);
    const found = known.find(({ asked }) =>
      asked.every(({ field, isPointer, start }) => isSameStart(of.get(field)?.(isPointer), start)),
    );
    if (found !== undefined) return found.lowered;
    const asked = new Map<string, AskedStart>();
    const noting: OpenWorld['startOf'] = (field, isPointer) => {
      const start = of.get(field)?.(isPointer);
      asked.set(`${field} ${isPointer}`, { field, isPointer, start });
      return start;
    };
    const lowered = lower({ ...request, open: { ...request.open, startOf: noting } });
    known.push({ asked: [...asked.values()], lowered });
    return lowered;
  };
}

/** A request in which it is not yet said how fields start. */
export type UnstartedRequest = Omit<LoweringRequest, 'open'> & {
  readonly open: Omit<OpenWorld, 'startOf'>;
};

function isSameStart(one: FieldStart | undefined, other: FieldStart | undefined): boolean {
  switch (one?.kind) {
    case undefined:
      return other === undefined;
    case 'object':
      return other?.kind === 'object' && one.at === other.at;
    case 'bit':
      return (
        other?.kind === 'bit' &&
        one.bit === other.bit &&
        one.isSet === other.isSet &&
        one.others === other.others
      );
    case 'integer':
      return other?.kind === 'integer' && one.value === other.value;
  }
}

/** The programs by what the two fields hold at the start, those that are alike once; the one in which neither was
 *  written last, for an execution that several have is told of the last. */
export function casesOf(
  lowered: LoweredFrom,
  [first, second]: readonly [StartsOf, StartsOf],
): readonly Lowered[] {
  const cases: Lowered[] = [];
  for (const [one, other] of WRITTEN) {
    const found = lowered([first[one], second[other]]);
    if (found.notModelled.length > 0) return [found];
    cases.unshift(found);
  }
  return [...new Map(cases.map((found) => [beginningOf(found), found])).values()];
}

/** Which of two fields have been written at the start. */
const WRITTEN = [
  [0, 0],
  [1, 0],
  [0, 1],
  [1, 1],
] as const;

function beginningOf({ initial }: Lowered): string {
  return JSON.stringify(initial.map(({ target, value }) => [target, keyOf(value)]));
}
