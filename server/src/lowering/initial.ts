/** The first values of objects with static storage. */

import type { LocationName } from '../program/program.ts';
import { type Lowering, scopeOfFile } from './context.ts';
import type { GlobalObject } from './file-index.ts';
import { initialise } from './initializer.ts';
import { startState } from './machine.ts';
import { typeOfPlace } from './place-type.ts';
import type { Defined } from './symbols.ts';
import type { Known } from './value.ts';

/** Evaluates the first value of an object. What is not known before the program runs is reported. */
export function firstValuesOf(
  lowering: Lowering,
  name: string,
  object: Defined<GlobalObject>,
): ReadonlyMap<LocationName, Known> {
  const { definition } = object;
  if (definition.kind === 'made') {
    const head: Known = { kind: 'address', of: name };
    return definition.by.macro === 'LIST_HEAD'
      ? new Map([
          [`${name}.next`, head],
          [`${name}.prev`, head],
        ])
      : new Map();
  }
  const { initial, span, nameSpan, isExtern } = definition.declarator;
  if (initial === undefined && isExtern === true)
    lowering.report.notModelled(
      `the first value of ${name} is not known: it is only declared here`,
      {
        file: object.source.file,
        span: nameSpan,
      },
    );
  if (initial === undefined) return new Map();
  const state = startState({ statements: [] });
  const scope = scopeOfFile(object.source.file, name, span.start);
  initialise(lowering, name, typeOfPlace(lowering, name, scope), initial, state, scope);
  const values = new Map<LocationName, Known>();
  for (const [location, value] of state.variables)
    if (value.kind === 'known') values.set(location, value.value);
    else
      lowering.report.notModelled(`the first value of ${location} is not known`, {
        file: object.source.file,
        span: initial.span,
      });
  return values;
}
