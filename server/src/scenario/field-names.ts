/** Locations as the reader of the C knows them: `the_func.transition` is `klp_func.transition`. */

import type { SourceText } from '../lowering/lowering.ts';
import type { LocationName } from '../program/program.ts';
import type { TypeName } from '../syntax/ast.ts';
import type { ConstantNames } from './constant-names.ts';

export interface FieldNames {
  /** `klp_func.transition` (struct and field), `klp_target_state` (a global), `TIF_PATCH_PENDING` (a
   *  thread flag); the two pointers of a list head go by the name of the head. */
  readonly nameOf: (location: LocationName) => string;
  /** A value of the field at a location as the code calls it: `KLP_PATCHED`, of a word of flags `BIT(TIF_PATCH_PENDING)`;
   *  itself where that has no name. */
  readonly valueOf: (location: LocationName, value: string) => string;
}

/** Names for the locations of the objects that `texts` declare. */
export function fieldNames(
  texts: readonly SourceText[],
  constants: ConstantNames = () => undefined,
  bits: BitNames = new Map(),
): FieldNames {
  const types = new Map<string, string>();
  for (const { name, type } of texts.flatMap(({ parsed }) => parsed.globals))
    if (!types.has(name)) types.set(name, type.base);
  const isCounted = (root: string, path: readonly string[]) => {
    const type = path.reduce<TypeName | undefined>(
      (outer, name) => outer && memberOf(outer.base, name, texts),
      { base: types.get(root) ?? '', pointers: 0, arrays: 0 },
    );
    return type?.pointers === 0 && !/^(struct|union) /.test(type.base);
  };
  const names = new Map<LocationName, string>();
  const nameOf = (location: LocationName): string => {
    const known = names.get(location) ?? fieldName(location, types, isCounted);
    names.set(location, known);
    return known;
  };
  const named = (location: LocationName, value: string) =>
    constants(nameOf(location), value) ?? setBits(bits.get(location), value) ?? value;
  return { nameOf, valueOf: named };
}

/** Of words: what their bits are called, by their numbers. */
type BitNames = ReadonlyMap<LocationName, ReadonlyMap<string, string>>;

/** `BIT(TIF_PATCH_PENDING)`: the bits that are set in a value of a word; undefined where one has no name. */
function setBits(
  names: ReadonlyMap<string, string> | undefined,
  value: string,
): string | undefined {
  if (names === undefined || !/^[1-9]\d*$/.test(value)) return undefined;
  const digits = [...BigInt(value).toString(2)].reverse();
  const set = digits.flatMap((digit, at) => (digit === '1' ? [names.get(`${at}`)] : []));
  return set.some((name) => name === undefined || /^bit\d+$/.test(name))
    ? undefined
    : set.map((name) => `BIT(${name})`).join(' | ');
}

function memberOf(
  struct: string,
  name: string,
  texts: readonly SourceText[],
): TypeName | undefined {
  for (const { parsed } of texts) {
    const definition = parsed.structs.find(
      (each) => each.name === struct && each.fields.length > 0,
    );
    if (definition !== undefined)
      return definition.fields.find((field) => field.name === name)?.type;
  }
  return undefined;
}

/** `isCounted` says whether a member is a number, as `next` is that leads to a position. */
function fieldName(
  location: LocationName,
  types: ReadonlyMap<string, string>,
  isCounted: (root: string, path: readonly string[]) => boolean,
): string {
  const [root = location, ...steps] = location.replace(/\[\d+\]/g, '').split('.');
  const last = steps.at(-1);
  if (last?.startsWith('TIF_')) return last;
  const isLink = (last === 'next' || last === 'prev') && !isCounted(root, steps);
  const path = (isLink ? steps.slice(0, -1) : steps).join('.');
  if (path === '') return root;
  const type = types.get(root) ?? '';
  return type.startsWith('struct ') ? `${type.slice('struct '.length)}.${path}` : `${root}.${path}`;
}
