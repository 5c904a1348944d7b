/** Tells kernel C with memory barriers from all other C by its text alone, before anything is parsed. */

/** Calls that only kernel C makes and that order accesses between CPUs. */
const BARRIER_CALL =
  /\b(?:smp_(?:mb|rmb|wmb|store_mb|store_release|load_acquire|cond_load_(?:acquire|relaxed)|acquire__after_ctrl_dep|mb__(?:before|after)_\w+)|virt_(?:mb|rmb|wmb|store_mb)|dma_(?:mb|rmb|wmb)|(?:mb|rmb|wmb)(?=\(\))|READ_ONCE|WRITE_ONCE|rcu_(?:dereference|assign_pointer)\w*|(?:list|hlist)_\w+_rcu|wq_has_sleeper|set_current_state|(?:test_and_)?(?:set|clear)_\w*thread_flag)\s*\(/g;

/** A file that has one of these calls can have a side of a pairing. */
const ORDERING_CALL =
  /\b(?:(?:smp|virt|dma)_(?:mb|rmb|wmb|store_mb|store_release|load_acquire|cond_load_acquire|mb__\w+)|(?:atomic|atomic64|atomic_long|refcount)_\w+_(?:acquire|release)|(?:cmp)?xchg_(?:acquire|release)|smp_acquire__after_ctrl_dep|wq_has_sleeper|rcu_assign_pointer|test_and_(?:set|clear)_\w*thread_flag|clear_bit_unlock|test_and_set_bit_lock|mb|rmb|wmb)\s*\(/;

const KERNEL_INCLUDE = /^[ \t]*#[ \t]*include[ \t]*[<"](?:linux|asm|asm-generic|uapi)\//m;
const USERLAND_INCLUDE =
  /^[ \t]*#[ \t]*include[ \t]*[<"](?:stdio|stdlib|string|unistd|pthread|stdatomic|threads|assert|errno|qemu\/osdep|urcu\/.*)\.?h?[>"]/m;

/** How many calls make a file without kernel includes kernel C. */
const SEVERAL = 2;

/** Whether `text` is kernel C. `inTree` is true for a file of a kernel tree or of a folder with kernel C;
 *  elsewhere a barrier and kernel includes, or several of the kernel's own calls, are asked for. A file
 *  with user space's includes never is. */
export function isKernelText(text: string, inTree: boolean): boolean {
  if (isUserland(text)) return false;
  if (inTree) return true;
  const enough = KERNEL_INCLUDE.test(text) ? 1 : SEVERAL;
  let calls = 0;
  for (const _ of text.matchAll(BARRIER_CALL)) if (++calls >= enough) return true;
  return false;
}

/** Whether a file of the tree is worth its analysis in the background. */
export function mayPair(text: string): boolean {
  return ORDERING_CALL.test(text);
}

function isUserland(text: string): boolean {
  return USERLAND_INCLUDE.test(text);
}

/** Whether the text is not text: a NUL among its first characters. */
export function isBinary(text: string): boolean {
  return text.slice(0, 8192).includes('\0');
}
