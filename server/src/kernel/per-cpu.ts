/**
 * How per-CPU variables are named and accessed (Documentation/core-api/this_cpu_ops.rst, include/linux/percpu-defs.h). None of
 * these orders anything: what is atomic of `this_cpu_*` is so towards interrupts on the CPU itself, not towards other CPUs.
 */

/** What a call does with the object of a CPU, by its arguments: the variable, or a pointer to it, and then the others. */
export type PerCpuAccess =
  /** The pointer moved to the CPU's object; `of` says which argument is the CPU, the thread's own where none is. */
  | { readonly kind: 'pointer'; readonly cpu?: 1 }
  /** The object itself. */
  | { readonly kind: 'object'; readonly cpu?: 1 }
  | { readonly kind: 'read' | 'write' }
  /** Changed by an operation of C, and worth what it is then; `by` one where nothing is given. */
  | { readonly kind: 'change'; readonly operator: string; readonly by?: 1 };

const CHANGES: Readonly<Record<string, PerCpuAccess>> = {
  add: { kind: 'change', operator: '+=' },
  sub: { kind: 'change', operator: '-=' },
  and: { kind: 'change', operator: '&=' },
  or: { kind: 'change', operator: '|=' },
  add_return: { kind: 'change', operator: '+=' },
  sub_return: { kind: 'change', operator: '-=' },
  inc: { kind: 'change', operator: '+=', by: 1 },
  dec: { kind: 'change', operator: '-=', by: 1 },
  inc_return: { kind: 'change', operator: '+=', by: 1 },
  dec_return: { kind: 'change', operator: '-=', by: 1 },
};

const FAMILIES = ['this_cpu', '__this_cpu', 'raw_cpu'];

/** The calls by name. */
export const perCpuAccesses: ReadonlyMap<string, PerCpuAccess> = new Map<string, PerCpuAccess>([
  ['per_cpu_ptr', { kind: 'pointer', cpu: 1 }],
  ...['this_cpu_ptr', '__this_cpu_ptr', 'raw_cpu_ptr', 'get_cpu_ptr'].map(
    (name) => [name, { kind: 'pointer' }] as const,
  ),
  ['per_cpu', { kind: 'object', cpu: 1 }],
  ...['get_cpu_var', '__get_cpu_var'].map((name) => [name, { kind: 'object' }] as const),
  ...FAMILIES.flatMap((family) => [
    [`${family}_read`, { kind: 'read' }] as const,
    [`${family}_write`, { kind: 'write' }] as const,
    ...Object.entries(CHANGES).map(([name, access]) => [`${family}_${name}`, access] as const),
  ]),
]);

/** Whether a macro at file scope makes or declares a per-CPU variable: of the type that it is given first. */
export function isPerCpuMacro(macro: string): boolean {
  return /^(?:DEFINE|DECLARE)_PER_CPU(?:_[A-Z_]+)?$/.test(macro);
}

/** Whether such a macro says no more than that there is the variable, as `extern` does. */
export function isPerCpuDeclaration(macro: string): boolean {
  return macro.startsWith('DECLARE_') && isPerCpuMacro(macro);
}
