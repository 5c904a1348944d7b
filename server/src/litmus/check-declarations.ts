/** Finds what herd7 refuses of a litmus test's declarations: parameters that are no pointers, are there twice or have an initial
 *  value, types that it does not have, and two initial values of one place. */

import type { Observable, Program, Thread } from '../program/program.ts';
import { everyStatement } from '../program/walk.ts';
import type { Problem, Span } from '../text/span.ts';

export function checkDeclarations({ initial, threads }: Program): readonly Problem[] {
  return [
    ...twice(
      initial.map(({ target, span }) => ({ name: nameOf(target), span })),
      'is given two initial values',
    ),
    ...initial.flatMap(({ type, span }) => wrongInitial(type, span)),
    ...initial.flatMap(({ target, span }) => ofParameter(target, threads, span)),
    ...threads.flatMap(wrongInThread),
  ];
}

function wrongInThread({ index, parameters, body }: Thread): readonly Problem[] {
  return [
    ...twice(parameters, `is a parameter of P${index} twice`),
    ...parameters.flatMap(({ name, type, span }) =>
      type.includes('*')
        ? wrongType(type, span)
        : [
            {
              message: `${name} is no pointer: what threads share is passed as "int *${name}"`,
              span,
            },
          ],
    ),
    ...everyStatement(body).flatMap((statement) =>
      statement.kind === 'declare' ? wrongType(statement.type, statement.span) : [],
    ),
  ];
}

/** The second of two that have one name. */
function twice(
  items: readonly { readonly name: string; readonly span: Span }[],
  what: string,
): readonly Problem[] {
  const known = new Set<string>();
  return items.flatMap(({ name, span }) => {
    const isKnown = known.has(name);
    known.add(name);
    return isKnown ? [{ message: `${name} ${what}`, span }] : [];
  });
}

/** What a parameter points to is the location of its name: no initial value changes that. */
function ofParameter(
  target: Observable,
  threads: readonly Thread[],
  span: Span,
): readonly Problem[] {
  if (target.kind === 'location') return [];
  const { thread, name } = target;
  const isParameter = threads.some(
    ({ index, parameters }) => index === thread && parameters.some((each) => each.name === name),
  );
  const message = `${name} is a parameter of P${thread}: it points to the location ${name}, and takes no initial value`;
  return isParameter ? [{ message, span }] : [];
}

function nameOf(target: Observable): string {
  return target.kind === 'location' ? target.name : `${target.thread}:${target.name}`;
}

/** Where a type is said, it has to be one of whose values herd7 knows how wide they are, and that they fit its 32 bits. */
const SIZED = /^(?:_Atomic )?(?:int|long|u?int(?:32|ptr)_t|atomic_t)$/;

function wrongInitial(type: string, span: Span): readonly Problem[] {
  if (type === '' || SIZED.test(type)) return [];
  return type.includes('*') || !TYPES.test(type)
    ? wrongType(type, span)
    : [{ message: `litmus tests have no initial value of type ${type}; int?`, span }];
}

/** The types of herd7's C (its CLexer): one word, but for a qualifier on one of its sides. */
const TYPES =
  /^(?:(?:const|volatile|_Atomic) )?(?:int|char|long|void|u?int(?:8|16|32|64|ptr)_t|atomic_t|atomic_int|spinlock_t|mtx_t|struct srcu_struct)(?: (?:const|volatile))?$/;

function wrongType(type: string, span: Span): readonly Problem[] {
  const [base = ''] = type.split('*');
  return TYPES.test(base.trim())
    ? []
    : [{ message: `litmus tests have no type ${base.trim() || '"*"'}; int?`, span }];
}
