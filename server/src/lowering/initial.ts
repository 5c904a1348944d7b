/** The state that the threads start from: the first values of objects, and what a setup makes of them. */

import { rootOf } from '../program/address.ts';
import type { LocationName } from '../program/program.ts';
import type { TypeName } from '../syntax/ast.ts';
import { initialise } from './assign.ts';
import type { Lowering, Scope } from './context.ts';
import type { GlobalObject } from './file-index.ts';
import { startState } from './machine.ts';
import type { Defined, Symbols } from './symbols.ts';
import type { Known } from './value.ts';

/** The type of a location, as far as the definitions of its object and its structs tell. */
export function typeOfLocation(
  symbols: Symbols,
  localType: (variable: string) => TypeName | undefined,
  location: LocationName,
): TypeName | undefined {
  const root = rootOf(location);
  const steps = location.slice(root.length).match(/\.[^.[]+|\[\d+\]/g) ?? [];
  const object = symbols.object(root, '')?.definition;
  const start =
    localType(root) ?? (object?.kind === 'declared' ? object.declarator.type : undefined);
  return steps.reduce<TypeName | undefined>(
    (type, step) => type && stepType(symbols, resolved(symbols, type), step),
    start && resolved(symbols, start),
  );
}

function stepType(symbols: Symbols, type: TypeName, step: string): TypeName | undefined {
  if (step.startsWith('['))
    return type.arrays > 0 ? { ...type, arrays: type.arrays - 1 } : undefined;
  const field = symbols.struct(type.base)?.fields.find(({ name }) => name === step.slice(1));
  return field && resolved(symbols, field.type);
}

function resolved(symbols: Symbols, type: TypeName): TypeName {
  const named = symbols.typedef(type.base);
  if (named === undefined || named.base === type.base) return type;
  return {
    base: named.base,
    pointers: type.pointers + named.pointers,
    arrays: type.arrays + named.arrays,
  };
}

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
  const { initial, type, span } = definition.declarator;
  if (initial === undefined) return new Map();
  const state = startState({ statements: [] });
  initialise(lowering, name, type, initial, state, staticScope(object, name, span.start));
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

function staticScope({ source }: Defined<GlobalObject>, name: string, start: number): Scope {
  const frame = {
    name,
    file: source.file,
    shift: 0,
    start,
    body: [],
    prefix: `${name}#`,
    depth: 0,
    isActor: false,
  };
  return { frame, names: new Map(), expanding: [] };
}
