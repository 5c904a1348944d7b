/** Makes the litmus program of one invariant from a lowered scenario. */

import type { Lowered, SourceText } from '../lowering/lowering.ts';
import type { Condition, Observable, Program, Proposition, Value } from '../program/program.ts';
import type { Formula, Invariant, Scenario, ScenarioProblem, Term } from './scenario.ts';

/** Names that formulas may use for numbers: macros with a number as body, and enumerators. */
export type Constants = ReadonlyMap<string, number>;

/** The constants that `texts` define; of two definitions the first one counts, as in the lowering. */
export function constantsOf(texts: readonly SourceText[]): Constants {
  const macros = texts.flatMap(({ parsed }) => parsed.macros);
  const enumerators = texts.flatMap(({ parsed }) => parsed.enumerators);
  const constants = new Map<string, number>();
  for (const { name, value } of enumerators)
    if (value !== undefined && !constants.has(name)) constants.set(name, value);
  for (const { name, parameters, body } of macros) {
    const code = body.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '').trim();
    const value = /^\(?\s*(-?(?:0[xX][\da-fA-F]+|\d+))\s*\)?$/.exec(code)?.[1];
    if (parameters === undefined && value !== undefined && !constants.has(name))
      constants.set(name, Number(value));
  }
  return constants;
}

/** What a formula is read against: the program's locations and the numbers behind names. */
export interface Names {
  readonly locations: ReadonlySet<string>;
  readonly constants: Constants;
}

/** The program that asks whether `invariant` can be violated (`exists` what it says must never be).
 *  A name that the program does not know is a problem, and then there is no program. */
export function scenarioProgram(
  scenario: Scenario,
  invariant: Invariant,
  lowered: Lowered,
  constants: Constants,
): { readonly program?: Program; readonly problems: readonly ScenarioProblem[] } {
  const names = { locations: new Set(lowered.locations), constants };
  const problems: ScenarioProblem[] = [];
  const complain = (message: string, term: Term): undefined => {
    problems.push({ file: invariant.file, message, span: term.span });
  };
  const never = proposition(invariant.never, names, complain);
  const filter = scenario.filter && proposition(scenario.filter, names, complain);
  if (never === undefined || problems.length > 0) return { problems };
  const condition: Condition = { quantifier: 'exists', proposition: never, span: invariant.span };
  const program: Program = {
    name: programName(scenario, invariant),
    description: scenario.description === '' ? '' : `"${scenario.description}"`,
    initial: lowered.initial,
    threads: lowered.threads,
    observed: [],
    ...(filter && { filter }),
    condition,
  };
  return { program, problems };
}

function programName(scenario: Scenario, invariant: Invariant): string {
  return `${scenario.name}+${invariant.name}`;
}

type Complain = (message: string, term: Term) => undefined;

/** A formula as a litmus proposition; undefined where a name in it is not known. */
function proposition(formula: Formula, names: Names, complain: Complain): Proposition | undefined {
  switch (formula.kind) {
    case 'compare':
      return comparison(formula, names, complain);
    case 'not': {
      const operand = proposition(formula.operand, names, complain);
      return operand && { kind: 'not', operand };
    }
    case 'and':
    case 'or':
    case 'implies': {
      const left = proposition(formula.left, names, complain);
      const right = proposition(formula.right, names, complain);
      return left && right && { kind: formula.kind, left, right };
    }
  }
}

function comparison(
  formula: Formula & { readonly kind: 'compare' },
  names: Names,
  complain: Complain,
): Proposition | undefined {
  const swapped = observable(formula.left, names) === undefined;
  const [subject, object] = swapped ? [formula.right, formula.left] : [formula.left, formula.right];
  const left = observable(subject, names);
  if (left === undefined)
    return complain('a comparison needs a register or a location on one side', formula.left);
  const right = observable(object, names) ?? value(object, names, complain);
  const span = { start: formula.left.span.start, end: formula.right.span.end };
  return right && { kind: 'equals', left, right, negated: !formula.equal, span };
}

function observable(term: Term, names: Names): Observable | undefined {
  if (term.kind === 'register') return { kind: 'register', thread: term.thread, name: term.name };
  if (term.kind === 'name' && names.locations.has(term.name))
    return { kind: 'location', name: term.name };
  return undefined;
}

function value(term: Term, names: Names, complain: Complain): Value | undefined {
  switch (term.kind) {
    case 'integer':
      return { kind: 'integer', value: term.value };
    case 'address':
      return { kind: 'address', of: term.of };
    case 'name': {
      const constant = names.constants.get(term.name);
      if (constant !== undefined) return { kind: 'integer', value: constant };
      return complain(
        `"${term.name}" is neither a location of the program nor a constant of its sources`,
        term,
      );
    }
    case 'register':
      return complain('a register cannot be compared here', term);
  }
}
