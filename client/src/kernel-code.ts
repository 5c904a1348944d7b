/** The first look at a C document: whether it is worth starting the server for. */

/** The kernel's own headers, or a name that no other C code has reason to use. The server then decides
 *  with the whole folder before it; this only keeps every other C project free of a process. */
const SIGNS = [
  /^[ \t]*#[ \t]*include[ \t]*<(?:linux|asm)\//m,
  /\bsmp_(?:[rw]?mb|mb__\w+|store_\w+|load_acquire|cond_load_\w+|acquire__after_ctrl_dep)\s*\(/,
  /\b(?:READ|WRITE)_ONCE\s*\(/,
  /\brcu_(?:assign_pointer|dereference\w*)\s*\(/,
];

/** Whether a C text may be kernel code. */
export function mayBeKernelCode(text: string): boolean {
  return SIGNS.some((sign) => sign.test(text));
}
