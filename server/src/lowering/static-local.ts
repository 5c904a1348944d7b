/** Locals of static storage: objects that all calls and all threads share, initialised once (C11 6.2.4). */

import type { LocationName } from '../program/program.ts';
import type { Statement as CStatement, Declarator } from '../syntax/ast.ts';
import { innerStatements } from '../syntax/walk.ts';
import { aside } from './constant.ts';
import { type Frame, type Lowering, type Scope, topScope, visiblePlace } from './context.ts';
import type { CType } from './ctype.ts';
import { initialise } from './initializer.ts';
import { startState } from './machine.ts';
import { recordStatic } from './memory.ts';
import type { Known } from './value.ts';

/** Declares it: its name stands for the one object that there is. */
export function declareStatic(
  lowering: Lowering,
  declarator: Declarator,
  type: CType,
  scope: Scope,
): void {
  const object = objectOf(lowering, scope.frame, declarator);
  scope.names.set(declarator.name, { kind: 'local', variable: object });
  lowering.localTypes.set(object, type);
  recordStatic(lowering.memory, object, {
    type,
    initial: firstValues(lowering, object, declarator, type, scope),
  });
}

/** The object is called after its function: `box_ticket:next`, of several with a number. */
function objectOf(
  { symbols }: Lowering,
  { name: outer, file }: Frame,
  declarator: Declarator,
): LocationName {
  const { name } = declarator;
  const body = symbols.function(outer, file)?.definition.body ?? [];
  const alike = staticsIn(body).filter((other) => other.name === name);
  const number = alike.findIndex(({ span }) => span.start === declarator.span.start);
  return `${outer}:${name}${number > 0 ? number + 1 : ''}`;
}

const statics = new WeakMap<readonly CStatement[], readonly Declarator[]>();

/** The declarators of static locals of a function, in text order. */
function staticsIn(body: readonly CStatement[]): readonly Declarator[] {
  const known = statics.get(body);
  if (known !== undefined) return known;
  const found: Declarator[] = [];
  const visit = (statement: CStatement): void => {
    if (statement.kind === 'declaration')
      for (const each of statement.declarators) if (each.isStatic === true) found.push(each);
    for (const inner of innerStatements(statement)) visit(inner);
  };
  for (const statement of body) visit(statement);
  statics.set(body, found);
  return found;
}

/** What is not known before the program runs is reported. */
function firstValues(
  lowering: Lowering,
  object: LocationName,
  { initial }: Declarator,
  type: CType,
  scope: Scope,
): ReadonlyMap<LocationName, Known> {
  const values = new Map<LocationName, Known>();
  if (initial === undefined) return values;
  const state = startState({ statements: [] });
  initialise(aside(lowering), object, type, initial, state, topScope(scope));
  for (const [location, value] of state.variables)
    if (value.kind === 'known') values.set(location, value.value);
    else {
      const message = `the first value of ${location} is not known`;
      lowering.report.notModelled(message, visiblePlace(scope, initial.span));
    }
  return values;
}
