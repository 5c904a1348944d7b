/** The registers that a thread leaves behind: what its variables hold at the end. */

import type { Lowering } from './context.ts';
import { emit, fork, type State, type Trace } from './machine.ts';
import { rejoin } from './rejoin.ts';
import { toExpression, type Undefined, type Value } from './value.ts';

/** Assigns the value of a variable to the register of its name. Where it has none, an answer that asks for
 *  it is not given. */
export function keepVariable(
  lowering: Lowering,
  state: State,
  register: string,
  value: Value,
  trace: Trace,
): void {
  const withoutValue = (path: State, { reason, place }: Undefined) => {
    const said = `the value of ${reason} matters where ${register} is asked for`;
    emit(path, {
      kind: 'stop',
      why: 'bound',
      reason: said,
      register,
      ...trace,
      ...(place && { origin: { ...trace.origin, ...place } }),
    });
  };
  if (value.kind === 'undefined') {
    withoutValue(state, value);
    return;
  }
  if (value.kind === 'partial') {
    const condition = value.absent;
    const sides = { yes: state.registers, no: state.registers };
    const root = state.block;
    const paths = fork(state, condition, sides, trace);
    withoutValue(paths[0], value.because);
    rejoin(lowering, state, paths, root, () => trace);
  }
  emit(state, { kind: 'assign', register, value: toExpression(value, trace.span), ...trace });
}
