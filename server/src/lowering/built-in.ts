/** The names of the calls that the lowering itself knows (intrinsics.ts); only stubs win over them. */

export const BUILT_IN = [
  'container_of',
  'assume',
  '__builtin_expect',
  '__builtin_constant_p',
  '__builtin_choose_expr',
  '__builtin_types_compatible_p',
  '__builtin_trap',
  '__wait_until',
  '__any_within',
  '__on_cpu',
  '__cpus',
  '__any_index',
  'any',
  'memset',
  'memcpy',
  'memmove',
  'memzero_explicit',
  '__builtin_memset',
  '__builtin_memcpy',
  '__builtin_memmove',
  '__memset',
  '__memcpy',
  '__memmove',
] as const;

export type BuiltIn = (typeof BUILT_IN)[number];

export function isBuiltIn(name: string): name is BuiltIn {
  return (BUILT_IN as readonly string[]).includes(name);
}

/** How many arguments those take that take as many as they have names for. */
const ARITIES: Readonly<Partial<Record<BuiltIn, number>>> = {
  container_of: 3,
  assume: 1,
  __builtin_expect: 2,
  __builtin_constant_p: 1,
  __builtin_choose_expr: 3,
  __builtin_types_compatible_p: 2,
  __builtin_trap: 0,
  memset: 3,
  memcpy: 3,
  memmove: 3,
  memzero_explicit: 2,
};

export function builtInArity(name: string): number | undefined {
  return isBuiltIn(name) ? ARITIES[name] : undefined;
}
