/** What the kernel configuration decides: `#if` among statements, and IS_ENABLED(). */

import { isTrue } from '../program/evaluate.ts';
import type { Statement as CStatement } from '../syntax/ast.ts';
import { type Lowering, type Scope, visiblePlace } from './context.ts';
import { evaluate } from './evaluate.ts';
import { startState } from './machine.ts';

/** On where nothing is said: the question is always one of several processors. */
const TAKEN_AS_SET = new Set(['CONFIG_SMP', 'CONFIG_LIVEPATCH', 'CONFIG_PREEMPT_RCU']);

/** Whether a configuration option is set: where the stubs or the sources define it, or it is one that
 *  the model takes for granted. What is assumed is reported. */
export function isConfigured(
  lowering: Lowering,
  option: string,
  scope: Scope,
  span: CStatement['span'],
): boolean {
  const defined = lowering.symbols.macro(option, scope.frame.file) !== undefined;
  if (defined || !option.startsWith('CONFIG_')) return defined;
  const set = TAKEN_AS_SET.has(option);
  const message = `${option} is taken as ${set ? 'set' : 'not set'}; a stub may define it`;
  lowering.report.assume('stub', message, visiblePlace(scope, span));
  return set;
}

/** The statements of the alternative of an `#if` whose condition holds. */
export function chosenBranch(
  lowering: Lowering,
  { branches, span }: CStatement & { readonly kind: 'preprocessor-if' },
  scope: Scope,
): readonly CStatement[] {
  const chosen = branches.find(({ condition }) => holds(lowering, condition, scope, span));
  return chosen?.body ?? [];
}

function holds(
  lowering: Lowering,
  directive: string,
  scope: Scope,
  span: CStatement['span'],
): boolean {
  const [, word = '', rest = ''] = /^(\w+)\s*(.*)$/.exec(directive.trim()) ?? [];
  const isSet = (option: string) => isConfigured(lowering, option, scope, span);
  if (word === 'else') return true;
  if (word === 'ifdef' || word === 'elifdef') return isSet(rest.trim());
  if (word === 'ifndef' || word === 'elifndef') return !isSet(rest.trim());
  const named = /\b(?:defined|IS_ENABLED|IS_BUILTIN)\s*\(?\s*(\w+)\s*\)?/g;
  const text = rest.replace(named, (_, option: string) => (isSet(option) ? '1' : '0'));
  return evaluateText(lowering, text, scope);
}

/** A condition of the preprocessor; a name that stands for no number is 0. */
function evaluateText(lowering: Lowering, text: string, scope: Scope): boolean {
  const { parsed } = lowering.request.parse('condition', `void condition(void) { (${text}); }`);
  const statement = parsed.functions[0]?.body[0];
  if (statement?.kind !== 'expression') return false;
  const state = startState({ statements: [] });
  const value = evaluate(lowering, statement.expression, state, scope);
  return value.kind === 'known' && isTrue(value.value);
}
