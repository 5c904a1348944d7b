/** The first values of objects with static storage. */

import { isPerCpuDeclaration, isPerCpuMacro } from '../kernel/per-cpu.ts';
import type { LocationName } from '../program/program.ts';
import { type Lowering, scopeOfFile } from './context.ts';
import type { GlobalObject } from './file-index.ts';
import { initialise } from './initializer.ts';
import { startState } from './machine.ts';
import { isShared } from './open-world.ts';
import { typeOfPlace } from './place-type.ts';
import type { Defined } from './symbols.ts';
import type { Known } from './value.ts';

/** Macros that make locks that nobody holds, queues that nobody waits in, and what nobody looks into but by calls. */
const MADE_OF_ZEROES: ReadonlySet<string> = new Set(
  (
    'DEFINE_SPINLOCK DEFINE_RAW_SPINLOCK DEFINE_LOCAL_LOCK DEFINE_MUTEX DEFINE_RT_MUTEX DEFINE_WW_MUTEX DEFINE_RWLOCK ' +
    'DECLARE_RWSEM DEFINE_STATIC_PERCPU_RWSEM DEFINE_PERCPU_RWSEM DEFINE_SEQLOCK DECLARE_COMPLETION ' +
    'DECLARE_COMPLETION_ONSTACK DECLARE_WAIT_QUEUE_HEAD DECLARE_WAIT_QUEUE_HEAD_ONSTACK DECLARE_SWAIT_QUEUE_HEAD ' +
    'DEFINE_SRCU DEFINE_STATIC_SRCU DEFINE_STATIC_KEY_FALSE DEFINE_STATIC_KEY_TRUE DECLARE_STATIC_KEY_FALSE ' +
    'DECLARE_STATIC_KEY_TRUE DECLARE_WORK DECLARE_DELAYED_WORK DEFINE_TIMER DEFINE_IDA DEFINE_IDR DEFINE_XARRAY ' +
    'DEFINE_RATELIMIT_STATE DEFINE_WAIT'
  ).split(' '),
);

/** Whether a definition by a macro has no first value behind it. */
function isZero({ definition, source }: Defined<GlobalObject>): boolean {
  if (definition.kind === 'declared') return false;
  const { start } = definition.by.span;
  const whole = source.text.slice(start, source.text.indexOf(';', start));
  return !whole.includes('=');
}

/** Evaluates the first value of an object. What is not known before the program runs is reported; in an open request
 *  only where it is asked about, for all else may hold anything, and locks are held by nobody. There what is only declared
 *  starts as a field does (see `OpenWorld`). */
export function firstValuesOf(
  lowering: Lowering,
  name: string,
  object: Defined<GlobalObject>,
): ReadonlyMap<LocationName, Known> {
  const { definition } = object;
  const isOpen = lowering.request.open !== undefined;
  if (definition.kind === 'made') {
    const { macro, span: place } = definition.by;
    const head: Known = { kind: 'address', of: name };
    if (macro === 'LIST_HEAD')
      return new Map([
        [`${name}.next`, head],
        [`${name}.prev`, head],
      ]);
    if (isPerCpuDeclaration(macro) ? isOpen : isPerCpuMacro(macro) && isZero(object))
      return new Map();
    if (!MADE_OF_ZEROES.has(macro) && isShared(lowering, name))
      lowering.report.notModelled(`the first value of ${name} is not known: ${macro}() makes it`, {
        file: object.source.file,
        span: place,
      });
    return new Map();
  }
  const { initial, span, nameSpan, isExtern } = definition.declarator;
  if (initial === undefined && isExtern === true && !isOpen && isShared(lowering, name))
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
    else if (isShared(lowering, location))
      lowering.report.notModelled(`the first value of ${location} is not known`, {
        file: object.source.file,
        span: initial.span,
      });
  return values;
}
