/** Which types stand for each other: numbers of one width, structs of one tag. */

import { CHAR } from '../lowering/ctype.ts';
import type { Shape } from './type-shape.ts';

/** Whether two pointers point to the same type, or one to anything. */
export function areComparable(one: Shape, other: Shape): boolean {
  if ([one, other].some(isToBytes)) return true;
  return one.depth === other.depth && areSameBehind(one.of, other.of);
}

/** Whether what has the one type can stand for what has the other; numbers are made to fit. */
export function areAlike(one: Shape, other: Shape): boolean {
  if (one.depth === 0 && other.depth === 0)
    return one.of.kind === 'number' ? other.of.kind === 'number' : areSameBehind(one.of, other.of);
  return one.depth === 0 || other.depth === 0 ? false : areComparable(one, other);
}

/** Whether it is a `void *`, or a `char *` by which kernel code speaks of bytes of anything. */
export function isToBytes({ depth, of }: Shape): boolean {
  return (
    depth === 1 && (of.kind === 'void' || (of.kind === 'number' && of.type.name === CHAR.name))
  );
}

/** Numbers of one width are not told apart: headers write the same type in many ways. */
export function areSameBehind(one: Shape['of'], other: Shape['of']): boolean {
  if (one.kind === 'struct' && other.kind === 'struct')
    return (
      one.tag === other.tag ||
      !isNamed(one) ||
      !isNamed(other) ||
      kernelName(one.tag) === kernelName(other.tag)
    );
  if (one.kind === 'number')
    return other.kind === 'number' && one.type.type.bits === other.type.type.bits;
  return one.kind === other.kind;
}

type Struct = Shape['of'] & { readonly kind: 'struct' };

/** Whether a struct is surely that one, and no other one misspelt. */
function isNamed({ isDefined, tag }: Struct): boolean {
  return isDefined || KERNEL_STRUCTS.has(kernelName(tag));
}

/** Typedefs of the kernel's own structs have their names with `_t` behind, those of raw locks with `raw_` before. */
function kernelName(tag: string): string {
  return tag.replace(/^raw_(?=spinlock)|_t$/g, '');
}

const KERNEL_STRUCTS: ReadonlySet<string> = new Set([
  ...['completion', 'wait_queue_head', 'spinlock', 'rwlock', 'mutex', 'rw_semaphore', 'semaphore'],
  ...['atomic', 'refcount', 'kref', 'list_head', 'hlist_head', 'hlist_node', 'llist_head'],
  ...['llist_node', 'work_struct', 'delayed_work', 'timer_list', 'task_struct', 'seqlock'],
  ...['percpu_rw_semaphore', 'srcu_struct'],
]);
