/** Threads that may end in their midst, said with nothing but `if`: the rest stands in the other branches. */

import type { Program, Statement } from '../program/program.ts';
import { everyStatement, mayEnd } from '../program/walk.ts';

/** Beyond so many statements a thread has no such form. */
const LONGEST = 2000;

/** The program without `stop` statements that end a thread; undefined where it would be too long. What
 *  followed an `if` depends on its condition in either form. */
export function withoutEndings(program: Program): Program | undefined {
  const threads = program.threads.map((thread) => ({ ...thread, body: wrapped(thread.body) }));
  const isLong = threads.some(({ body }) => everyStatement(body).length > LONGEST);
  return isLong ? undefined : { ...program, threads };
}

function wrapped(body: readonly Statement[]): readonly Statement[] {
  const at = body.findIndex(mayEnd);
  const statement = body[at];
  if (statement === undefined) return body;
  const before = body.slice(0, at);
  if (statement.kind === 'stop')
    return statement.why === 'end' ? before : [...before, { ...statement, why: 'discard' }];
  if (statement.kind !== 'if') return body;
  const rest = body.slice(at + 1);
  const then = wrapped([...statement.then, ...rest]);
  const otherwise = wrapped([...statement.otherwise, ...rest]);
  return [...before, { ...statement, then, otherwise }];
}
