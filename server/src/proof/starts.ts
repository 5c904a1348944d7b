/** The programs of one question, by what its fields hold at the start: each is lowered once. */

import { lower } from '../lowering/lower.ts';
import type { Lowered, LoweringRequest } from '../lowering/lowering.ts';
import type { FieldStart, OpenWorld, StartValue } from '../lowering/open-world.ts';
import { keyOf } from '../program/evaluate.ts';

/** A field, and how it starts where not with 0. */
type Start = readonly [field: string, (isPointer: boolean) => FieldStart];

/** A field that starts with the bit that is named, or with the value. */
export function startOf(bit: string | undefined, value: StartValue): Start[1] {
  const at: FieldStart = { kind: 'object', ...(typeof value === 'object' && { at: value }) };
  const other: FieldStart =
    bit !== undefined
      ? { kind: 'bit', bit }
      : { kind: 'integer', value: typeof value === 'object' ? 1 : value };
  return (isPointer) => (isPointer ? at : other);
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
      return other?.kind === 'bit' && one.bit === other.bit;
    case 'integer':
      return other?.kind === 'integer' && one.value === other.value;
  }
}

/** The programs by what the two fields hold at the start, those that are alike once; the one in which both start with
 *  0 last, for an execution that several have is told of the last. */
export function casesOf(
  lowered: LoweredFrom,
  [first, second]: readonly [Start, Start],
): readonly Lowered[] {
  const cases: Lowered[] = [];
  for (const starts of [[], [first], [second], [first, second]]) {
    const found = lowered(starts);
    if (found.notModelled.length > 0) return [found];
    cases.unshift(found);
  }
  return [...new Map(cases.map((found) => [beginningOf(found), found])).values()];
}

function beginningOf({ initial }: Lowered): string {
  return JSON.stringify(initial.map(({ target, value }) => [target, keyOf(value)]));
}
