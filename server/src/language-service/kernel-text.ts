/** Tells kernel C with memory barriers from all other C by its text alone, before anything is parsed. */

/** Calls that only kernel C makes and that order accesses between CPUs. */
const BARRIER_CALL =
  /\b(?:smp_(?:mb|rmb|wmb|store_mb|store_release|load_acquire|cond_load_(?:acquire|relaxed)|acquire__after_ctrl_dep|mb__(?:before|after)_\w+)|virt_(?:mb|rmb|wmb|store_mb)|dma_(?:mb|rmb|wmb)|(?:mb|rmb|wmb)(?=\(\))|READ_ONCE|WRITE_ONCE|rcu_(?:dereference|assign_pointer)\w*|(?:list|hlist)_\w+_rcu|wq_has_sleeper|set_current_state|(?:test_and_)?(?:set|clear)_\w*thread_flag)\s*\(/g;

/** A file that has one of these calls can have a side of a pairing. */
const ORDERING_CALL =
  /\b(?:(?:smp|virt|dma)_(?:mb|rmb|wmb|store_mb|store_release|load_acquire|cond_load_acquire|mb__\w+)|(?:atomic|atomic64|atomic_long|refcount)_\w+_(?:acquire|release)|(?:cmp)?xchg_(?:acquire|release)|smp_acquire__after_ctrl_dep|wq_has_sleeper|rcu_assign_pointer|test_and_(?:set|clear)_\w*thread_flag|clear_bit_unlock|test_and_set_bit_lock|mb|rmb|wmb)\s*\(/;

const INCLUDE = /^[ \t]*#[ \t]*include[ \t]*[<"]([\w./-]+)[>"]/gm;

/** The first step of the names of the kernel's headers. */
const KERNEL_FOLDERS = new Set(['linux', 'asm', 'asm-generic', 'uapi']);
const USERLAND_HEADERS = new Set(
  'stdio stdlib string unistd pthread stdatomic threads assert errno qemu/osdep'
    .split(' ')
    .flatMap((name) => [name, `${name}.h`]),
);

/** How many calls make a file without kernel includes kernel C. */
const SEVERAL = 2;

/** Whether `text` is kernel C. `inTree` is true for a file of a kernel tree or of a folder with kernel C;
 *  elsewhere a barrier and kernel includes, or several of the kernel's own calls, are asked for. A file
 *  with user space's includes never is. */
export function isKernelText(text: string, inTree: boolean): boolean {
  const included = [...text.matchAll(INCLUDE)].map(([, name]) => name!);
  if (included.some(isUserland)) return false;
  if (inTree) return true;
  const enough = included.some(isOfKernel) ? 1 : SEVERAL;
  let calls = 0;
  for (const _ of text.matchAll(BARRIER_CALL)) if (++calls >= enough) return true;
  return false;
}

/** Whether a file of the tree is worth its analysis in the background; `own` are operations beside the kernel's. */
export function mayPair(text: string, own: readonly string[] = []): boolean {
  return ORDERING_CALL.test(text) || own.some((name) => text.includes(name));
}

function isUserland(header: string): boolean {
  return USERLAND_HEADERS.has(header) || header.startsWith('urcu/');
}

function isOfKernel(header: string): boolean {
  return KERNEL_FOLDERS.has(header.slice(0, header.indexOf('/')));
}

/** Whether the text is not text: a NUL among its first characters. */
export function isBinary(text: string): boolean {
  return text.slice(0, 8192).includes('\0');
}
