/** Loops over what nobody knows, in an open request: of a list, one element stands for all. */

import type { Expression as CExpression, Statement as CStatement } from '../syntax/ast.ts';
import { everyExpression, expressionsOf } from '../syntax/walk.ts';
import type { Loop } from './assigned-first.ts';
import { joiningAt, type Lowering, lookUp, type Scope, visiblePlace } from './context.ts';
import { INT } from './ctype.ts';
import { decideValue } from './decide.ts';
import { execute } from './execute.ts';
import { join, NORMAL, type State } from './machine.ts';
import { type OpenWorld, openObject, openValue } from './open-world.ts';
import { assignedIn } from './slice.ts';
import { traceOf } from './trace.ts';

type MacroLoop = CStatement & { readonly kind: 'macro-loop' };

/** Whether a loop goes over what an open request knows nothing of: its whole head is what a macro stands for, as
 *  that of `list_for_each_entry()`. Where it begins at one of the fields of the request, that is read. */
export function isOverUnknown({ request }: Lowering, loop: Loop, scope: Scope): boolean {
  if (request.open === undefined || loop.kind !== 'for') return false;
  if (beginsAtField(request.open, loop)) return false;
  const [first, ...others] = headOf(loop).map(({ span }) => visiblePlace(scope, span).span);
  if (first === undefined || others.length === 0) return false;
  return others.every(({ start, end }) => start === first.start && end === first.end);
}

function beginsAtField({ fields }: OpenWorld, { initial }: Loop & { kind: 'for' }): boolean {
  const names = new Set([...fields].map((field) => field.slice(field.lastIndexOf('.') + 1)));
  return (initial === undefined ? [] : expressionsOf(initial))
    .flatMap(everyExpression)
    .some((part) => (part.kind === 'identifier' || part.kind === 'field') && names.has(part.name));
}

function headOf(loop: Loop): readonly CExpression[] {
  if (loop.kind !== 'for') return [loop.condition];
  const initial = loop.initial === undefined ? [] : expressionsOf(loop.initial);
  return [...initial, loop.condition ?? [], loop.update ?? []].flat();
}

/** Executes the body for one element, or for none; the variables of the loop are of the element. */
export function executeOnce(
  lowering: Lowering,
  loop: Loop | MacroLoop,
  state: State,
  scope: Scope,
): readonly State[] {
  const { body, span } = loop;
  const root = state.block;
  forgetCount(lowering, loop, state, scope);
  const condition = { kind: 'number', text: '0', span } as const;
  const { yes, no } = decideValue(
    lowering,
    openValue(lowering, INT, keyOf(loop, scope)),
    state,
    condition,
    scope,
  );
  const after = yes.flatMap((path) => execute(lowering, body, path, scope));
  return join(
    [...after, ...no].map(afterLoop),
    root,
    joiningAt(lowering, () => traceOf(scope, span)),
  );
}

/** Lets the variables of a loop's head be anything. */
export function forgetCount(
  lowering: Lowering,
  loop: Loop | MacroLoop,
  { variables }: State,
  scope: Scope,
): void {
  const key = keyOf(loop, scope);
  for (const name of variablesOf(loop)) {
    const binding = lookUp(scope, name);
    if (binding?.kind !== 'local') continue;
    const type = lowering.localTypes.get(binding.variable) ?? INT;
    variables.set(binding.variable, openObject(lowering, type, `${key}_${binding.variable}`));
  }
}

function keyOf({ span }: Loop | MacroLoop, { frame }: Scope): string {
  return `${frame.prefix}loop_${span.start}`;
}

/** A path behind the loop that it leaves by `break` or `continue`. */
export function afterLoop(path: State): State {
  const { kind } = path.exit;
  return kind === 'break' || kind === 'continue' ? { ...path, exit: NORMAL } : path;
}

function variablesOf(loop: Loop | MacroLoop): readonly string[] {
  if (loop.kind !== 'macro-loop') return assignedIn(headOf(loop));
  return loop.arguments.flatMap((each) => (each.kind === 'identifier' ? each.name : []));
}
