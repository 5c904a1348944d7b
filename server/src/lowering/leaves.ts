/** The scalars that objects consist of, and where in them they are. */

import type { Member } from '../syntax/ast.ts';
import { type Lowering, type Scope, topScope } from './context.ts';
import type { CType } from './ctype.ts';
import { layoutOf, sizeOf } from './layout.ts';
import { resolveType } from './resolve-type.ts';

/** A scalar inside an aggregate. */
export interface Leaf {
  /** The steps that lead there: member names, and `[index]`. */
  readonly steps: readonly string[];
  readonly type: CType;
}

/** More leaves than this are not copied one by one. */
const MOST_LEAVES = 1024;

/** The scalars that an object of this type consists of, of a union so many that all its
 *  bits are among theirs; undefined where they are not known. */
export function leavesOf(
  lowering: Lowering,
  type: CType,
  scope: Scope,
): readonly Leaf[] | undefined {
  const leaves: Leaf[] = [];
  return collectLeaves({ lowering, root: type, scope }, type, [], leaves) ? leaves : undefined;
}

/** In what scalars are looked for. */
interface Whole {
  readonly lowering: Lowering;
  readonly root: CType;
  readonly scope: Scope;
}

function collectLeaves(
  object: Whole,
  type: CType,
  steps: readonly string[],
  leaves: Leaf[],
): boolean {
  if (leaves.length > MOST_LEAVES) return false;
  if (type.kind === 'array') {
    if (type.length === undefined) return type.isOpen === true;
    for (let at = 0; at < type.length; at++)
      if (!collectLeaves(object, type.of, [...steps, `[${at}]`], leaves)) return false;
    return true;
  }
  if (type.kind !== 'struct') {
    leaves.push({ steps, type });
    return true;
  }
  if (type.definition === undefined) return false;
  const { members, isUnion } = type.definition;
  return collectMembers(object, members, isUnion, steps, leaves);
}

function collectMembers(
  object: Whole,
  members: readonly Member[],
  isUnion: boolean,
  steps: readonly string[],
  leaves: Leaf[],
): boolean {
  const { lowering, scope } = object;
  const collect = (member: Member, into: Leaf[]): boolean => {
    if (member.kind === 'nested')
      return collectMembers(object, member.members, member.isUnion, steps, into);
    if (member.kind === 'alternatives')
      return member.branches.every((branch) =>
        collectMembers(object, branch.members, isUnion, steps, into),
      );
    if (member.name === '') return true;
    const inner = resolveType(lowering, member.type, topScope(scope));
    return collectLeaves(object, inner, [...steps, member.name], into);
  };
  if (!isUnion) return members.every((member) => collect(member, leaves));
  if (members.length === 0) return true;
  const all = members.map((member) => {
    const found: Leaf[] = [];
    return { found, isKnown: collect(member, found) };
  });
  leaves.push(
    ...scalarsForAll(
      object,
      all.map(({ found }) => found),
    ),
  );
  return all.every(({ isKnown }) => isKnown);
}

/** The scalars of the largest member of a union, and those of the others that have bits beside them; where it is not known which
 *  bits these are, those of the largest alone. */
function scalarsForAll(object: Whole, members: readonly (readonly Leaf[])[]): readonly Leaf[] {
  const { lowering, scope } = object;
  const sized = members.map((found) => {
    return { found, size: sizeOfLeaves(lowering, found, scope), bits: bitsOf(object, found) };
  });
  const all = new Set(sized.flatMap(({ bits }) => [...(bits ?? [])]));
  const whole = sized.find(({ bits }) => bits?.size === all.size);
  if (whole !== undefined) return whole.found;
  const largest = sized.reduce((one, other) => (other.size > one.size ? other : one));
  if (sized.some(({ bits }) => bits === undefined)) return largest.found;
  const others = sized.flatMap(({ found }) => (found === largest.found ? [] : found));
  const beside = others.filter((leaf) =>
    [...bitsOf(object, [leaf])!].some((bit) => !largest.bits!.has(bit)),
  );
  return [...largest.found, ...beside];
}

function bitsOf(
  { lowering, root, scope }: Whole,
  leaves: readonly Leaf[],
): ReadonlySet<number> | undefined {
  const bits = new Set<number>();
  for (const { steps, type } of leaves) {
    const placed = placedLeaf(lowering, root, steps, type, scope);
    if (placed === undefined) return undefined;
    for (let at = 0; at < placed.width; at++) bits.add(placed.offset + at);
  }
  return bits;
}

/** The bytes that scalars take together; one whose size is not known takes none. */
function sizeOfLeaves(lowering: Lowering, leaves: readonly Leaf[], scope: Scope): number {
  return leaves.reduce((sum, { type }) => sum + (sizeOf(lowering, type, scope) ?? 0), 0);
}

/** A scalar of an object, by its bits. */
export interface PlacedLeaf {
  readonly steps: readonly string[];
  readonly type: CType;
  readonly offset: number;
  readonly width: number;
  readonly isBitField: boolean;
}

/** Where a scalar is in an object of type `outer`; undefined where that is not known. */
export function placedLeaf(
  lowering: Lowering,
  outer: CType,
  steps: readonly string[],
  type: CType,
  scope: Scope,
): PlacedLeaf | undefined {
  let [offset, width, isBitField] = [0, sizeOf(lowering, type, scope), false];
  if (width === undefined) return undefined;
  width *= 8;
  let within = outer;
  for (const name of steps) {
    if (within.kind === 'array') {
      const size = sizeOf(lowering, within.of, scope);
      if (size === undefined) return undefined;
      offset += size * 8 * Number(name.slice(1, -1));
      within = within.of;
      continue;
    }
    const layout = within.kind === 'struct' ? layoutOf(lowering, within, scope) : undefined;
    const member = layout?.members.find((each) => each.name === name);
    if (member?.offset === undefined) return undefined;
    offset += member.offset;
    if (member.bits !== undefined) [width, isBitField] = [member.bits.width, true];
    within = member.type;
  }
  return { steps, type, offset, width, isBitField };
}
