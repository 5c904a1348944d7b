/** Whether jumps in a scenario's own C lead somewhere (C11 6.8.6): `goto` to the one label of the function, `break` and `continue`
 *  inside of what they leave, and cases inside of what comes to them, one for each value. */

import type { Expression, FunctionDefinition, Statement } from '../syntax/ast.ts';
import { isCaseLabel } from '../syntax/build-statement.ts';
import { everyExpression, everyStatement, expressionsOf, innerStatements } from '../syntax/walk.ts';
import { nearestName } from '../text/similar-name.ts';
import { type WrongName, wrong } from './check-c-names.ts';

export function wrongJumps({ body }: FunctionDefinition): readonly WrongName[] {
  const labels = everyStatement(body).flatMap((each) => (each.kind === 'label' ? each.label : []));
  const targets = new Set(
    everyStatement(body).flatMap((each) => (each.kind === 'goto' ? each.label : [])),
  );
  // What a "goto" is wrong about is told of that, and not of the label that it means.
  const isLed = [...targets].every((target) => labels.includes(target));
  const found: WrongName[] = [];
  const known = new Set<string>();
  const visit = (statement: Statement, around: Around): void => {
    const { kind, span } = statement;
    if (kind === 'label') {
      const isCase = isCaseLabel(statement.label);
      if (known.has(statement.label) && !isCase)
        found.push({ message: `there are two labels ${statement.label}`, span });
      else if (!isCase && isLed && !targets.has(statement.label)) {
        const near = around.isInSwitch ? nearestName(statement.label, ['default']) : undefined;
        found.push(wrong(`no "goto" leads to ${statement.label}`, near, span));
      }
      known.add(statement.label);
    }
    if (kind === 'switch') found.push(...casesTwice(statement));
    if (kind === 'goto' && !labels.includes(statement.label)) {
      const near = nearestName(statement.label, labels);
      found.push(wrong(`there is no label ${statement.label}`, near, span));
    }
    if (kind === 'break' && !around.isInLoop && !around.isInSwitch)
      found.push({ message: '"break" stands in no loop and no switch', span });
    if (kind === 'continue' && !around.isInLoop)
      found.push({ message: '"continue" stands in no loop', span });
    if (kind === 'label' && isCaseLabel(statement.label) && !around.isInSwitch)
      found.push({ message: '"case" or "default" stands in no switch', span });
    const within = {
      isInLoop: around.isInLoop || LOOPS.has(kind),
      isInSwitch: around.isInSwitch || kind === 'switch',
    };
    for (const expression of expressionsOf(statement).flatMap(everyExpression))
      if (expression.kind === 'statement-expression')
        for (const inner of expression.body) visit(inner, around);
    for (const inner of innerStatements(statement)) visit(inner, within);
  };
  for (const statement of body) visit(statement, { isInLoop: false, isInSwitch: false });
  return found;
}

/** Cases of the same value, as it is written, and more than one `default`. */
function casesTwice({
  cases,
  inner = [],
  span,
}: Statement & { readonly kind: 'switch' }): readonly WrongName[] {
  const known = new Set<string>();
  const written = [...cases.filter(({ isBefore }) => isBefore !== true), ...inner];
  return written.flatMap(({ value, to }) => {
    const name = value === undefined ? 'default' : nameOfCase(value);
    if (name === undefined || to !== undefined) return [];
    if (known.has(name))
      return [{ message: `"${name}" stands twice in a switch`, span: value?.span ?? span }];
    known.add(name);
    return [];
  });
}

function nameOfCase(value: Expression): string | undefined {
  if (value.kind === 'number') return `case ${value.value ?? value.text}`;
  return value.kind === 'identifier' ? `case ${value.name}` : undefined;
}

/** What a statement stands in. */
interface Around {
  readonly isInLoop: boolean;
  readonly isInSwitch: boolean;
}

const LOOPS: ReadonlySet<Statement['kind']> = new Set(['while', 'do', 'for', 'macro-loop']);
