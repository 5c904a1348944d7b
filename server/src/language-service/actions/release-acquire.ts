/** Accesses that order nothing, as the release or the acquire of the same place. */

import type { Access } from '../../facts/file-facts.ts';

/** A place in memory whose address can be taken: a variable, a member, an element. */
const PLACE = /^[A-Za-z_][\w.[\]>+-]*$/;

/** What is stored to, and the store as a release: of `WRITE_ONCE(b->flag, 1)` and of `b->flag = 1`. Nothing where the access
 *  is written in another way. */
export function released(
  text: string,
  { span, via }: Pick<Access, 'span' | 'via'>,
): readonly (readonly [place: string, code: string])[] {
  const written = text.slice(span.start, span.end);
  const comma = written.indexOf(',');
  const equals = written.indexOf('=');
  const marked = argumentOf('WRITE_ONCE', written);
  const [place, value] =
    marked !== undefined && comma !== -1
      ? [written.slice(written.indexOf('(') + 1, comma), written.slice(comma + 1, -1)]
      : [written.slice(0, Math.max(0, equals)), written.slice(equals + 1)];
  if (via.length > 0 || !isPlace(place) || value.startsWith('=')) return [];
  return [[place.trim(), `smp_store_release(&${place.trim()}, ${value.trim()})`]];
}

/** What is loaded, and the load as an acquire: of `READ_ONCE(b->flag)`. */
export function acquired(
  text: string,
  { span, via }: Pick<Access, 'span' | 'via'>,
): readonly (readonly [place: string, code: string])[] {
  const place = argumentOf('READ_ONCE', text.slice(span.start, span.end));
  if (via.length > 0 || place === undefined || !isPlace(place)) return [];
  return [[place.trim(), `smp_load_acquire(&${place.trim()})`]];
}

function argumentOf(name: string, written: string): string | undefined {
  return written.startsWith(`${name}(`) && written.endsWith(')')
    ? written.slice(name.length + 1, -1)
    : undefined;
}

function isPlace(written: string): boolean {
  const place = written.trim();
  return PLACE.test(place) && !/[+-]$|--|\+\+/.test(place);
}
