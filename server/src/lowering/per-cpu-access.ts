/** Accesses of per-CPU variables as C on the object of a CPU (include/linux/percpu-defs.h). */

import { perCpuAccesses } from '../kernel/per-cpu.ts';
import type { Expression as CExpression } from '../syntax/ast.ts';
import type { Call } from './context.ts';

/** What a call by that name means; undefined where it is given too little. */
export function perCpuAccess(
  name: string,
  { arguments: given, span }: Call,
): CExpression | undefined {
  const access = perCpuAccesses.get(name);
  const [first, second] = given;
  if (access === undefined || first === undefined) return undefined;
  const call = (callee: string, ...args: readonly CExpression[]): CExpression => ({
    kind: 'call',
    callee: { kind: 'identifier', name: callee, span },
    arguments: args,
    span,
  });
  const unary = (operator: '*' | '&', operand: CExpression): CExpression => ({
    kind: 'unary',
    operator,
    operand,
    span,
  });
  const object = (...cpu: readonly CExpression[]) =>
    unary('*', call('__on_cpu', unary('&', first), ...cpu));
  switch (access.kind) {
    case 'pointer':
      if (access.cpu === undefined) return call('__on_cpu', first);
      return second && call('__on_cpu', first, second);
    case 'object':
      if (access.cpu === undefined) return object();
      return second && object(second);
    case 'read':
      return name.startsWith('this') ? call('READ_ONCE', object()) : object();
    case 'write':
      if (second === undefined) return undefined;
      return name.startsWith('this')
        ? call('WRITE_ONCE', object(), second)
        : { kind: 'assign', operator: '=', target: object(), value: second, span };
    case 'change': {
      const one: CExpression = { kind: 'number', text: '1', value: 1, span };
      const value = access.by === undefined ? second : one;
      return value && { kind: 'assign', operator: access.operator, target: object(), value, span };
    }
  }
}
