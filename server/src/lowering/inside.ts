/** What stands where in an object: the member, element or scalar so many bits behind its beginning. */

import { bytesBehind } from '../program/address.ts';
import type { LocationName } from '../program/program.ts';
import type { Lowering, Scope } from './context.ts';
import { type CType, sameCType } from './ctype.ts';
import { layoutOf, widthOf } from './layout.ts';
import { typeOfPlace } from './place-type.ts';

/** What is so many bits behind the beginning of `path`: of type `wanted` where there is such, else the scalar
 *  that is there; where there is none, as many bytes behind `path`. */
export function inside(
  lowering: Lowering,
  path: LocationName,
  bits: number,
  wanted: CType,
  scope: Scope,
): LocationName {
  const type = typeOfPlace(lowering, path, scope);
  if (bits === 0 && sameCType(type, wanted)) return path;
  if (type.kind === 'array') {
    const width = widthOf(lowering, type.of, scope);
    if (width === undefined || width === 0) return bytesBehind(path, bits / 8);
    const index = Math.floor(bits / width);
    if (index < 0 || index >= (type.length ?? Number.POSITIVE_INFINITY))
      return bytesBehind(path, bits / 8);
    return inside(lowering, `${path}[${index}]`, bits - index * width, wanted, scope);
  }
  const members = type.kind === 'struct' ? (layoutOf(lowering, type, scope)?.members ?? []) : [];
  const found = members.flatMap((member) => {
    const width = widthOf(lowering, member.type, scope);
    const { offset } = member;
    if (offset === undefined || width === undefined || member.bits !== undefined) return [];
    const isThere = bits >= offset && bits < offset + width;
    return isThere ? { path: `${path}.${member.name}`, bits: bits - offset } : [];
  });
  const all = found.map((each) => inside(lowering, each.path, each.bits, wanted, scope));
  const fits = (each: LocationName) => sameCType(typeOfPlace(lowering, each, scope), wanted);
  return all.find(fits) ?? all[0] ?? bytesBehind(path, bits / 8);
}
