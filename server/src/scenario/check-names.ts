/** Whether every name in a scenario names something. Where one does not, nothing is lowered or answered. */

import { declaratorsIn } from '../facts/scope.ts';
import { actorFunction } from '../lowering/actor.ts';
import { actorVariables } from '../lowering/actor-variables.ts';
import { constantValue } from '../lowering/constant-text.ts';
import { integerOfWords } from '../lowering/ctype.ts';
import { kernelType } from '../lowering/kernel-types.ts';
import { libraryTexts } from '../lowering/library.ts';
import type { ActorText, LoweringRequest, SourceText } from '../lowering/lowering.ts';
import { placeNamed, variableNamed } from '../lowering/place-named.ts';
import { type Symbols, symbolsOf } from '../lowering/symbols.ts';
import type { Proposition } from '../program/program.ts';
import type { FunctionDefinition, TypeName } from '../syntax/ast.ts';
import { everyStatement } from '../syntax/walk.ts';
import { isStatementWord } from '../syntax/words.ts';
import type { Span } from '../text/span.ts';
import { areAlike } from './alike-sources.ts';
import {
  callsWithoutEnd,
  placesOf,
  type WrongName,
  wrong,
  wrongMembers,
  wrongNamesInFunction,
  wrongTypesOf,
} from './check-c-names.ts';
import { oddConditions } from './check-conditions.ts';
import { wrongFileScope } from './check-file-scope.ts';
import { wrongJumps } from './check-jumps.ts';
import { wrongMacros } from './check-macros.ts';
import { wrongParameters, wrongReplacements, wrongStubs } from './check-stand-ins.ts';
import { noC, wrongInState } from './check-state.ts';
import { contradiction } from './contradiction.ts';
import { definedTwice } from './defined-twice.ts';
import { type KnownNames, knownNames } from './known-names.ts';
import { type FormulaNames, resolveFormula } from './resolve-formula.ts';
import type { Formula, Said, SaidRemark, Scenario, ScenarioProblem } from './scenario.ts';
import {
  basesOf,
  observedNames,
  type ScenarioRequest,
  supposedText,
  wordsAsked,
} from './scenario-request.ts';
import { type Counts, onceForEach, wordsIn } from './source-words.ts';

/** The formulas of a scenario as propositions, in the order of its invariants; without them where names in
 *  them are wrong. */
export interface CheckedScenario {
  readonly invariants: readonly (Proposition | undefined)[];
  readonly filter: Proposition | undefined;
  /** Each mistake once, at the first place where it is made. */
  readonly problems: readonly ScenarioProblem[];
}

/** Checks a scenario with what is asked of the lowering for each of its initial cases (at least one). What was found
 *  right is not checked again where files that were edited say the same. */
export function checkNames(scenario: Scenario, cases: readonly ScenarioRequest[]): CheckedScenario {
  const { request } = cases[0]!;
  const looking = lookUpsIn(request);
  const before = lastRight.get(scenario) ?? [];
  const known = before.find((each) => isStillRight(each, request, looking));
  if (known !== undefined) return known.checked;
  const asked: Asked[] = [];
  const noting = <Of, Answer>(
    look: (looking: LookUps) => (of: Of) => Answer,
    isOfType: boolean,
  ) => {
    return (of: Of): Answer => {
      const answer = look(looking)(of);
      asked.push({ isOfType, again: (other) => look(other)(of), answer });
      return answer;
    };
  };
  const checked = checkAnew(scenario, cases, {
    constant: noting(({ constant }) => constant, false),
    place: noting(({ place }) => place, true),
    variable: noting(({ variable }) => variable, true),
  });
  if (checked.problems.length === 0)
    lastRight.set(scenario, [{ request, asked, checked }, ...before].slice(0, MOST_RIGHT));
  return checked;
}

/** What formulas ask of types and constants. */
type LookUps = Pick<FormulaNames, 'constant' | 'place' | 'variable'>;

function lookUpsIn(request: LoweringRequest): LookUps {
  let known: Symbols | undefined;
  const symbols = () => {
    known ??= symbolsOf(request, libraryTexts(request));
    return known;
  };
  return {
    constant: (text) => constantValue(request, symbols(), text),
    place: (path) => placeNamed(request, symbols(), path),
    variable: ({ type }) => variableNamed(request, symbols(), type),
  };
}

/** A question, and what was found. */
interface Asked {
  /** Types are said outside of functions' bodies, and so the same in alike sources of one configuration. */
  readonly isOfType: boolean;
  readonly again: (looking: LookUps) => unknown;
  readonly answer: unknown;
}

/** A request in which everything was right, with what was looked up. */
interface Right {
  readonly request: LoweringRequest;
  readonly asked: readonly Asked[];
  readonly checked: CheckedScenario;
}

/** The last ones of each scenario: as it is, and as some of its suppositions have it. */
const lastRight = new WeakMap<Scenario, readonly Right[]>();
const MOST_RIGHT = 4;

function isStillRight(
  { request: { stubs, sources, configuration }, asked }: Right,
  now: LoweringRequest,
  looking: LookUps,
): boolean {
  return (
    stubs.length === now.stubs.length &&
    stubs.every(({ text }, at) => text === now.stubs[at]!.text) &&
    areAlike(sources, now.sources) &&
    asked.every(
      ({ isOfType, again, answer }) =>
        (isOfType && configuration === now.configuration) || isSame(again(looking), answer),
    )
  );
}

/** Integers may be bigger than JSON has them. */
function isSame(one: unknown, other: unknown): boolean {
  const text = (answer: unknown) =>
    JSON.stringify(answer, (_, part) => (typeof part === 'bigint' ? `${part}n` : part));
  return one === other || text(one) === text(other);
}

function checkAnew(
  scenario: Scenario,
  cases: readonly ScenarioRequest[],
  looking: LookUps,
): CheckedScenario {
  const { request, placeOf } = cases[0]!;
  const names = knownNames(request, [...codeOf(scenario), ...askedOf(scenario)]);
  const told = new Map<string, ScenarioProblem>();
  const tell = ({ file, found, moved = placeOf, thread }: Wrong) => {
    for (const { message, span } of found) {
      const key = `${thread}:${message}`;
      if (!told.has(key)) told.set(key, { message, ...moved({ file, span }) });
    }
  };
  wrongInCode(scenario, cases, names).forEach(tell);
  const formulas = { names, ...looking, variables: variablesIn(request) };
  const resolve = (formula: Formula, file: string): Proposition | undefined => {
    const { proposition, wrong: found } = resolveFormula(formula, formulas);
    tell({ file, found });
    const both = proposition && contradiction(proposition);
    if (both !== undefined) tell({ file, found: [neverBoth(both)] });
    return proposition;
  };
  const invariants = scenario.invariants.map(({ never, file }) => resolve(never, file));
  const { filter } = scenario;
  return {
    invariants,
    filter: filter && resolve(filter.formula, filter.file),
    problems: [...told.values()],
  };
}

function neverBoth([first, second]: NonNullable<ReturnType<typeof contradiction>>): WrongName {
  const { left, right, negated } = first;
  const name = left.kind === 'register' ? `P${left.thread}:${left.name}` : left.name;
  const value = right.kind === 'integer' ? right.value : '';
  const said = `${name} ${negated ? '!=' : '='} ${value}`;
  return { message: `this never holds together with ${said}`, span: second.span };
}

/** What is wrong in a file, or in what is joined from files. */
interface Wrong {
  readonly file: string;
  readonly found: readonly WrongName[];
  readonly moved?: ScenarioRequest['placeOf'];
  /** The same mistake in several threads is told of each. */
  readonly thread?: number;
}

/** What is wrong in the C of a scenario and with what it says of the tree. */
function wrongInCode(
  scenario: Scenario,
  cases: readonly ScenarioRequest[],
  names: KnownNames,
): readonly Wrong[] {
  const { request } = cases[0]!;
  const { stubs, setup, actors } = request;
  const asked = wordsAsked(scenario);
  const calls = scenario.calls.flatMap(({ caller, called }) => [caller, ...called]);
  const inCode = [
    ...cases.map(({ request: { state }, placeOf }) => ({
      file: state.file,
      found: wrongInState(state, stubs, names),
      moved: placeOf,
    })),
    ...(setup === undefined
      ? []
      : [{ file: setup.file, found: wrongInActor(request, setup, names, asked) }]),
    ...actors.map((actor, thread) => ({
      file: actor.file,
      found: wrongInActor(request, actor, names, asked),
      thread,
    })),
    ...stubs.map((stub) => ({
      file: stub.file,
      found: wrongInText(stub, request, codeOf(scenario), names),
    })),
    ...stubsTwice(scenario, request),
    ...wrongInSuppositions(scenario, request),
    ...scenario.actors.flatMap(({ task }) =>
      task === undefined ? [] : [{ file: task.file, found: wrongTask(task, names) }],
    ),
  ].filter(isWrong);
  const ofTree = (said: readonly Said[], wrongIn: typeof wrongCondition) =>
    said.map((each) => ({ file: each.file, found: wrongIn(each, names) }));
  return [
    ...inCode,
    ...(inCode.length > 0 ? [] : stubs).map((stub) => ({
      file: stub.file,
      found: wrongStubs(stub, names),
    })),
    ...ofTree([...scenario.when, ...scenario.unless, ...calls], wrongCondition),
    ...ofTree(scenario.follow, wrongFollowed),
    ...scenario.remarks.map((remark) => ({ file: remark.file, found: wrongRemark(remark, names) })),
  ].filter(isWrong);
}

function isWrong({ found }: Wrong): boolean {
  return found.length > 0;
}

/** The statements of a scenario: its C that stands in no text of the request. */
function codeOf({ setup, actors }: Scenario): readonly string[] {
  return [...setup.map(({ text }) => text), ...actors.map(({ body }) => body.text)];
}

/** What it says beside: the texts of its suppositions and the names in its formulas. */
function askedOf(scenario: Scenario): readonly string[] {
  return [...scenario.suppositions.map(({ stubs }) => stubs.text), ...observedNames(scenario)];
}

/** By thread: the variables of the actors. */
function variablesIn(request: LoweringRequest): FormulaNames['variables'] {
  return request.actors.map((actor) => {
    const { definition } = actorFunction(request, actor);
    return actorVariables(definition ?? { body: [] });
  });
}

/** What `when:`, `unless:` and `calls:` ask for need not be there, but then nothing that is nearly the same may be. */
function wrongCondition({ name, span }: Said, names: KnownNames): readonly WrongName[] {
  if (LOOKED_UP.some((kind) => names.has(kind, name))) return [];
  const near = names.nearly(name);
  return near === undefined ? [] : [wrong(`the tree does not define ${name}`, near, span)];
}

function wrongFollowed({ name, span }: Said, names: KnownNames): readonly WrongName[] {
  if (names.has('function', name)) return [];
  return [wrong(`there is no function ${name}`, names.near(name, ['function']), span)];
}

/** Of a barrier that is no more much may be said; but there has to be its function, and such a barrier at all. */
function wrongRemark(remark: SaidRemark, names: KnownNames): readonly WrongName[] {
  const { function: name, primitive, span } = remark;
  return [name, primitive].flatMap((each) => wrongFollowed({ ...remark, name: each, span }, names));
}

const LOOKED_UP = ['function', 'constant', 'object', 'type'] as const;

function wrongTask(
  { name, span }: { readonly name: string; readonly span: Span },
  names: KnownNames,
): readonly WrongName[] {
  if (!names.has('object', name))
    return [wrong(`there is no object ${name}`, names.near(name, ['object']), span)];
  const type = names.types.global(name);
  const isTask = type === undefined || (type.pointers + type.arrays === 0 && !isInteger(type));
  return isTask
    ? []
    : [{ message: `${name} is no struct, and a thread is one as "current"`, span }];
}

function isInteger({ base }: TypeName): boolean {
  return integerOfWords(base.split(' ')) !== undefined || kernelType(base) !== undefined;
}

/** The functions and macros of stubs, or of what a supposition puts in their place. */
function wrongInText(
  source: SourceText,
  { parse, stubs }: LoweringRequest,
  code: readonly string[],
  names: KnownNames,
): readonly WrongName[] {
  const { parsed, text } = source;
  const errors = [...parsed.errors, ...parsed.functions.flatMap(errorsIn)];
  const outside = wrongFileScope(source, names);
  if (errors.length > 0) return outside.length > 0 ? outside.slice(0, 1) : noC(errors, text);
  let written: Counts | undefined;
  const isWritten = (name: string) => {
    written ??= wordsIn(code.join('\n'));
    return written.has(name);
  };
  const isLocal = (name: string) =>
    names.isInTree(name) ||
    [source, ...stubs].some((each) => wordsOfFunctions(each).has(name)) ||
    isWritten(name);
  const unended = parsed.conditionals.filter(({ isOpen }) => isOpen);
  return [
    ...unended.map(({ branches: [first] }) => ({
      message: `no "#endif" ends this "#${first!.keyword}"`,
      span: first!.head,
    })),
    ...parsed.structs.flatMap((each) => wrongMembers(each, names)),
    ...parsed.functions.flatMap((each) => [
      ...wrongTypesOf(each, names),
      ...wrongNamesInFunction(each, new Set(), names, { returns: each.returns }),
      ...callsWithoutEnd(each, text, names),
      ...oddConditions(each, text),
      ...wrongJumps(each),
    ]),
    ...outside,
    ...wrongMacros(source, parse, names, isLocal),
    ...wrongParameters(source, names),
  ];
}

/** The words of the functions of a text. */
const wordsOfFunctions = onceForEach(({ parsed, text }) =>
  wordsIn(parsed.functions.map(({ span }) => text.slice(span.start, span.end)).join('\n')),
);

/** What the stubs of each file define a second time; a supposition may replace what stubs say. */
function stubsTwice({ stubs, files }: Scenario, request: LoweringRequest): readonly Wrong[] {
  const own = request.stubs.slice(request.stubs.length - stubs.length);
  return files.map(({ file, text }) => ({
    file,
    found: definedTwice(
      own.filter((stub) => stub.file === file),
      text,
    ),
  }));
}

function wrongInActor(
  request: LoweringRequest,
  actor: ActorText,
  names: KnownNames,
  asked: ReadonlySet<string>,
): readonly WrongName[] {
  const { definition, text, shift } = actorFunction(request, actor);
  const moved = ({ start, end }: Span): Span => ({ start: start + shift, end: end + shift });
  if (definition === undefined)
    return noC([{ start: actor.offset, end: actor.offset + actor.body.length }], text);
  const hiding = hidingIn(definition, request.state);
  const errors = errorsIn(definition);
  const found =
    errors.length > 0
      ? noC(errors, text)
      : hiding.length > 0
        ? hiding
        : [
            ...wrongNamesInFunction(
              definition,
              new Set(actorVariables(definition).atEnd.keys()),
              names,
            ),
            ...callsWithoutEnd(definition, text, names),
            ...oddConditions(definition, text),
            ...wrongJumps(definition),
            ...withoutTask(definition, actor),
            ...uncalledIn(definition, names, asked),
          ];
  return found.map(({ message, span }) => ({ message, span: moved(span) }));
}

/** Where a function is no C: also where the parser takes a word of C for the name of a type (`else x = 1;`). */
function errorsIn({ body, errors }: FunctionDefinition): readonly Span[] {
  const noTypes = declaratorsIn(body).filter(({ type }) => isStatementWord(type.base));
  return [...errors, ...noTypes.map(({ span }) => span)];
}

/** `current` in statements of who is no task. */
function withoutTask(definition: FunctionDefinition, { current }: ActorText): readonly WrongName[] {
  const uses = current === undefined ? placesOf(definition, 'current') : [];
  const message = 'current is no task here; "as NAME" makes a thread one';
  return uses.map((span) => ({ message, span }));
}

/** Variables that have the name of an object: the statements of the thread would speak of these, its functions of that. */
function hidingIn(definition: FunctionDefinition, { parsed }: SourceText): readonly WrongName[] {
  const objects = new Set(parsed.globals.map(({ name }) => name));
  return [...actorVariables(definition).atEnd.values()].flatMap((declarator) =>
    declarator !== undefined && objects.has(declarator.name)
      ? {
          message: `${declarator.name} is an object of the state, and cannot be a variable, too`,
          span: declarator.nameSpan,
        }
      : [],
  );
}

/** A function that is assigned to a variable which nothing else uses, and that no formula names. */
function uncalledIn(
  definition: FunctionDefinition,
  names: KnownNames,
  asked: ReadonlySet<string>,
): readonly WrongName[] {
  return everyStatement(definition.body).flatMap((statement) => {
    if (statement.kind !== 'expression' || statement.expression.kind !== 'assign') return [];
    const { target, value } = statement.expression;
    if (target.kind !== 'identifier' || value.kind !== 'identifier') return [];
    const isFunction = names.has('defined', value.name) && !names.has('macro', value.name);
    const isUsed = asked.has(value.name) || placesOf(definition, target.name).length > 1;
    return isFunction && !isUsed
      ? [wrong(`${value.name} is not called`, `${value.name}()`, value.span)]
      : [];
  });
}

/** What suppositions say in C, and what they replace: that has to be there, or to be called. */
function wrongInSuppositions(
  scenario: Scenario,
  request: LoweringRequest,
): readonly { readonly file: string; readonly found: readonly WrongName[] }[] {
  return scenario.suppositions.map((supposition) => {
    const bases = basesOf(scenario, supposition).map((base) => supposedText(request, base));
    const own = supposedText(request, supposition);
    const around = { ...request, stubs: [...bases, ...request.stubs] };
    const code = codeOf(scenario);
    const found = [
      ...wrongInText(
        own,
        around,
        code,
        knownNames({ ...around, stubs: [own, ...around.stubs] }, code),
      ),
      ...definedTwice([own], scenario.files.find(({ file }) => file === own.file)?.text ?? ''),
    ];
    return {
      file: own.file,
      found: found.length > 0 ? found : wrongReplacements(own, knownNames(around, code)),
    };
  });
}
