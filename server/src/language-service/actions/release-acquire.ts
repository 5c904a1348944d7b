/** Accesses that order nothing, as the release or the acquire of the same place. */

import type { Access } from '../../facts/file-facts.ts';
import { adders } from '../../kernel/accessors.ts';
import { primitive } from '../../kernel/primitives.ts';
import type { Span } from '../../text/span.ts';
import type { TextEdit } from './action.ts';
import { type Assignment, assigned, isPlace } from './written-access.ts';

/** An access made one that orders. */
export interface Ordered {
  /** What is accessed, as the code names it. */
  readonly what: string;
  /** The operation that accesses it then. */
  readonly by: string;
  readonly edit: Omit<TextEdit, 'file'>;
}

type Written = Pick<Access, 'span' | 'via'>;

/** A store as a release: of `WRITE_ONCE(b->flag, 1)`, `b->flag = 1`, `atomic_set(&b->users, 0)`, `clear_bit(0, &b->flags)`,
 *  `list_add(&b->node, &all)`.
 *  Nothing where the access is written in another way. */
export function released(text: string, { span, via }: Written): readonly Ordered[] {
  const written = text.slice(span.start, span.end);
  if (via.length > 0) return [];
  const family = releaseOf(written);
  if (family !== undefined) {
    const { name, by, what } = family;
    return [{ what, by, edit: { span: { ...span, end: span.start + name.length }, text: by } }];
  }
  const store = storedOnce(text, span) ?? assigned(text, span);
  if (store === undefined) return [];
  const [what, by] = [store.place, 'smp_store_release'];
  return [{ what, by, edit: { span: store.span, text: `${by}(&${what}, ${store.value})` } }];
}

/** A load as an acquire: of `READ_ONCE(b->flag)`, `b->flag`. */
export function acquired(text: string, { span, via }: Written): readonly Ordered[] {
  const written = text.slice(span.start, span.end);
  const place = argumentOf('READ_ONCE', written) ?? written;
  if (via.length > 0 || place === undefined || !isPlace(place)) return [];
  const [what, by] = [place.trim(), 'smp_load_acquire'];
  return [{ what, by, edit: { span, text: `${by}(&${what})` } }];
}

/** The operation of the same family that is a release as well, as `clear_bit_unlock()` is of `clear_bit()`, and
 *  `list_add_rcu()` of `list_add()`. */
function releaseOf(written: string): (Pick<Ordered, 'what' | 'by'> & { name: string }) | undefined {
  const [name = ''] = /^\w*/.exec(written)!;
  if (primitive(name) === undefined && !adders.has(name)) return undefined;
  const by = [`${name}_unlock`, `${name}_release`, `${name}_rcu`].find((each) => {
    const { category, operation } = primitive(each) ?? {};
    const isRelease =
      operation !== undefined && 'order' in operation && operation.order === 'release';
    return isRelease || category === 'rcu-publish';
  });
  const words = written.slice(name.length + 1, -1).split(',');
  const what = words.map((each) => each.trim()).find((each) => each.startsWith('&'));
  return by === undefined ? undefined : { name, by, what: what?.slice(1) ?? words[0]! };
}

function argumentOf(name: string, written: string): string | undefined {
  return written.startsWith(`${name}(`) && written.endsWith(')')
    ? written.slice(name.length + 1, -1)
    : undefined;
}

/** Of `WRITE_ONCE(b->flag, 1)`. */
function storedOnce(text: string, span: Span): Assignment | undefined {
  const inside = argumentOf('WRITE_ONCE', text.slice(span.start, span.end));
  const comma = inside?.indexOf(',') ?? -1;
  const place = inside?.slice(0, comma) ?? '';
  if (inside === undefined || comma === -1 || !isPlace(place)) return undefined;
  return { place: place.trim(), value: inside.slice(comma + 1).trim(), span };
}
