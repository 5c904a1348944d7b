/** Constant expressions of C that stand in no file of the tree: what a scenario's formula compares with. */

import { SETUP, scopeOfFile } from './context.ts';
import { evaluate } from './evaluate.ts';
import type { LoweringRequest } from './lowering.ts';
import { startState } from './machine.ts';
import { firstRound, memoryOf } from './memory.ts';
import { collectReport } from './report.ts';
import { emptyStorage } from './storage.ts';
import type { Symbols } from './symbols.ts';
import { threadLowering } from './thread.ts';
import type { Known } from './value.ts';

/** The value of the C expression `text`, its names standing for what they stand for in the scenario's own
 *  text; undefined where it is none, or none that is known before the program runs. */
export function constantValue(
  request: LoweringRequest,
  symbols: Symbols,
  text: string,
): Known | undefined {
  const definition = symbols.piece(`void constant(void) { (${text}); }`, 'constant');
  const statement = definition?.body[0];
  if (statement?.kind !== 'expression' || definition?.errors.length !== 0) return undefined;
  let isConstant = true;
  const initial = (): Known => {
    isConstant = false;
    return { kind: 'integer', value: 0 };
  };
  const memory = memoryOf(request, firstRound([], emptyStorage()), initial);
  const report = collectReport();
  const lowering = threadLowering(
    { request, symbols, memory, report, thread: SETUP },
    { body: '' },
  );
  const value = evaluate(lowering, statement.expression, startState({ statements: [] }), SCOPE);
  const isKnown = isConstant && value.kind === 'known' && report.unmodelled().length === 0;
  return isKnown ? value.value : undefined;
}

const SCOPE = scopeOfFile('', 'constant');
