/** Loops over what nobody knows, in an open request: of a list, one element stands for all. */

import type { Expression as CExpression, Statement as CStatement } from '../syntax/ast.ts';
import { everyExpression, expressionsOf } from '../syntax/walk.ts';
import type { Loop } from './assigned-first.ts';
import { joiningAt, type Lowering, lookUp, type Scope, visiblePlace } from './context.ts';
import { INT } from './ctype.ts';
import { decideValue } from './decide.ts';
import { execute } from './execute.ts';
import { join, NORMAL, type State } from './machine.ts';
import { isRead, type OpenWorld, openObject, openValue } from './open-world.ts';
import { assignedIn, isOfLocal } from './slice.ts';
import { traceOf } from './trace.ts';

type MacroLoop = CStatement & { readonly kind: 'macro-loop' };

/** Whether a loop goes over what an open request knows nothing of: its whole head is what a macro stands for, as
 *  that of `list_for_each_entry()`. Where it begins at one of the fields of the request, or goes over the bits of one or of what was
 *  read, that is known. */
export function isOverUnknown(lowering: Lowering, loop: Loop, state: State, scope: Scope): boolean {
  const { open } = lowering.request;
  if (open === undefined || loop.kind !== 'for') return false;
  if (scope.via !== undefined && isCount(loop)) return false;
  if (beginsAtField(open, loop) || isOverBits(lowering, open, loop, state, scope)) return false;
  const [first, ...others] = headOf(loop).map(({ span }) => visiblePlace(scope, span).span);
  if (first === undefined || others.length === 0) return false;
  return others.every(({ start, end }) => start === first.start && end === first.end);
}

function beginsAtField(open: OpenWorld, { initial }: Loop & { kind: 'for' }): boolean {
  return (initial === undefined ? [] : expressionsOf(initial)).some(isOfField(open));
}

/** Whether an expression names a field of the request. */
function isOfField({ fields }: OpenWorld): (expression: CExpression) => boolean {
  const names = new Set([...fields].map((field) => field.slice(field.lastIndexOf('.') + 1)));
  return (expression) =>
    everyExpression(expression).some(
      (part) => (part.kind === 'identifier' || part.kind === 'field') && names.has(part.name),
    );
}

/** Whether a loop of the library only counts. */
function isCount(loop: Loop): boolean {
  return headOf(loop).flatMap(everyExpression).every(isOfLocal);
}

/** What looks for the next bit of a bitmap (include/linux/find.h, and what the library does for it). */
const BIT_SEARCH = /^(?:_?find_(?:first|next)_(?:zero_)?bit|__find_from)$/;

/** Whether a loop goes over the bits of a field of the request, or of a variable that holds what was read. */
function isOverBits(
  lowering: Lowering,
  open: OpenWorld,
  loop: Loop,
  { variables }: State,
  scope: Scope,
): boolean {
  const isKnown = (part: CExpression): boolean => {
    const binding = part.kind === 'identifier' ? lookUp(scope, part.name) : undefined;
    const held = binding?.kind === 'local' ? variables.get(binding.variable) : undefined;
    return held !== undefined && isRead(lowering, held);
  };
  return headOf(loop)
    .flatMap(everyExpression)
    .some((part) => {
      if (part.kind !== 'call' || part.callee.kind !== 'identifier') return false;
      const [map] = part.arguments;
      if (map === undefined || !BIT_SEARCH.test(part.callee.name)) return false;
      return isOfField(open)(map) || everyExpression(map).some(isKnown);
    });
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
