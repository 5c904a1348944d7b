/** Formulas as propositions over a program: each name is looked up, and what names nothing is told. */

import type { ActorVariables } from '../lowering/actor-variables.ts';
import { BOOL, type CInteger, precisionOf } from '../lowering/ctype.ts';
import { counterType } from '../lowering/kernel-types.ts';
import { noNumber } from '../lowering/literal.ts';
import type { FoundAs, FoundAt } from '../lowering/place-named.ts';
import { rootOf } from '../program/address.ts';
import { type Integer, isOf, wrap } from '../program/integer.ts';
import type { Observable, Proposition, Value } from '../program/program.ts';
import { isObservable } from '../program/proposition.ts';
import type { Declarator, TypeName } from '../syntax/ast.ts';
import { nearestName } from '../text/similar-name.ts';
import type { Span } from '../text/span.ts';
import { areComparable } from './alike-shapes.ts';
import { ambiguous, followSteps, scopeAround, type WrongName, wrong } from './check-c-names.ts';
import type { KnownNames } from './known-names.ts';
import type { Formula, Term } from './scenario.ts';
import { type Shape, shapeOfType, shapeText } from './type-shape.ts';
import { takesNumber } from './wrong-value.ts';

/** What formulas are read against. */
export interface FormulaNames {
  readonly names: KnownNames;
  /** The value of a constant expression; undefined where it is none. */
  readonly constant: (text: string) => Value | undefined;
  /** What a path from an object leads to. */
  readonly place: (path: string) => FoundAt;
  /** What a variable holds that is declared like this. */
  readonly variable: (declarator: Declarator) => FoundAs;
  /** By thread: its variables; those at the end are its registers. */
  readonly variables: readonly ActorVariables[];
}

/** A formula's proposition; without one where names in it are wrong. */
export interface Resolved {
  readonly proposition?: Proposition;
  readonly wrong: readonly WrongName[];
}

export function resolveFormula(formula: Formula, names: FormulaNames): Resolved {
  switch (formula.kind) {
    case 'compare':
      return resolveComparison(formula, names);
    case 'not': {
      const { proposition: operand, wrong } = resolveFormula(formula.operand, names);
      return operand === undefined ? { wrong } : { proposition: { kind: 'not', operand }, wrong };
    }
    case 'and':
    case 'or':
    case 'implies': {
      const left = resolveFormula(formula.left, names);
      const right = resolveFormula(formula.right, names);
      const wrong = [...left.wrong, ...right.wrong];
      if (left.proposition === undefined || right.proposition === undefined) return { wrong };
      const { kind } = formula;
      return { proposition: { kind, left: left.proposition, right: right.proposition }, wrong };
    }
  }
}

function resolveComparison(
  { left, right, equal }: Formula & { readonly kind: 'compare' },
  names: FormulaNames,
): Resolved {
  const [one, other] = [resolveTerm(left, names), resolveTerm(right, names)];
  const told = [...one.wrong, ...other.wrong];
  if (one.of === undefined || other.of === undefined) return { wrong: told };
  const span = { start: left.span.start, end: right.span.end };
  const [subject, object] = isObservable(one.of) ? [one.of, other.of] : [other.of, one.of];
  if (!isObservable(subject)) {
    const message = 'a comparison needs a register or a location on one side';
    return { wrong: [...told, { message, span: left.span }] };
  }
  const never =
    wrongInteger(one, other) ??
    wrongInteger(other, one) ??
    wrongEnumerator(one, other, right) ??
    wrongEnumerator(other, one, left) ??
    wrongPointer(one, other, right) ??
    wrongPointer(other, one, left);
  if (never !== undefined) return { wrong: [...told, { message: never, span }] };
  const proposition: Proposition = {
    kind: 'equals',
    left: subject,
    right: object,
    negated: !equal,
    span,
  };
  return { proposition, wrong: told };
}

/** Why a term is not to be compared with another one: its type has no such value, or nothing says whether it has. */
function wrongInteger({ of, type }: ResolvedTerm, other: ResolvedTerm): string | undefined {
  if (of === undefined || type === undefined || !isObservable(of)) return undefined;
  const name = nameOf(of);
  if (other.of?.kind === 'address' && type.type.bits < 64)
    return `${name} is of type ${type.name}, which holds no address`;
  if (type.hasOpenSign) return dependsOnSign(other) ? `${name} ${OPEN_SIGN}` : undefined;
  if (other.of?.kind !== 'integer' || isValueOf(other.of.value, type)) return undefined;
  const { value } = other.of;
  const meant = precisionOf(type) < 32 ? '' : `; ${wrap(value, type.type)}?`;
  return `${name} is of type ${type.name}, which has no value ${value}${meant}`;
}

/** That a value of one `enum` is compared with an enumerator of another one. */
function wrongEnumerator(
  { of, enumeration }: ResolvedTerm,
  other: ResolvedTerm,
  written: Term,
): string | undefined {
  const isOther = other.enumeration !== undefined && other.enumeration !== enumeration;
  if (of === undefined || enumeration === undefined || !isObservable(of)) return undefined;
  return isOther && written.kind === 'name' && other.of?.kind === 'integer'
    ? `${nameOf(of)} is of type ${enumeration}, and ${written.name} one of ${other.enumeration}`
    : undefined;
}

/** Why a pointer is not to be compared with another term: it is no pointer, or one to something else. */
function wrongPointer(
  { of, shape }: ResolvedTerm,
  other: ResolvedTerm,
  written: Term,
): string | undefined {
  if (of === undefined || !isObservable(of) || shape === undefined || shape.depth === 0)
    return undefined;
  const type = shapeText(shape);
  if (written.kind === 'integer' && !takesNumber(shape, written.value))
    return `${nameOf(of)} is of type ${type}, and ${written.value} is no pointer`;
  const isWrong =
    other.shape !== undefined && other.shape.depth > 0 && !areComparable(shape, other.shape);
  return isWrong
    ? `${nameOf(of)} is of type ${type}, which is compared with ${shapeText(other.shape)}`
    : undefined;
}

function nameOf(of: Observable): string {
  return of.kind === 'register' ? `P${of.thread}:${of.name}` : of.name;
}

/** Whether an integer is a value of the type: also a `bool` has fewer than there is room for. */
function isValueOf(value: Integer, { name, type, precision }: CInteger): boolean {
  if (name === BOOL.name) return value === 0 || value === 1;
  if (precision === undefined) return isOf(value, type);
  const wide = BigInt(value);
  const held = type.signed ? BigInt.asIntN(precision, wide) : BigInt.asUintN(precision, wide);
  return held === wide;
}

/** Whether what a plain `char` is compared with may be equal where that has a sign and not where it has none, or the
 *  other way round. */
function dependsOnSign({ of, type }: ResolvedTerm): boolean {
  if (of?.kind !== 'integer') return of?.kind !== 'address' && type?.hasOpenSign !== true;
  return (of.value >= -128 && of.value < 0) || (of.value > 127 && of.value <= 255);
}

const OPEN_SIGN =
  'is a plain char, of which no kernel Makefile says whether it has a sign, and this depends on it; declare it "signed char" or "unsigned char"';

/** What a term stands for; absent where it names nothing. */
interface ResolvedTerm {
  readonly of?: Observable | Value;
  /** The type of what it holds, where that is an integer of a known type. */
  readonly type?: CInteger;
  /** The shape of its type, where that is sure. */
  readonly shape?: Shape | undefined;
  /** The `enum` that its type is, or of which it is an enumerator. */
  readonly enumeration?: string;
  readonly wrong: readonly WrongName[];
}

function resolveTerm(term: Term, names: FormulaNames): ResolvedTerm {
  switch (term.kind) {
    case 'integer':
      return { of: { kind: 'integer', value: term.value }, wrong: [] };
    case 'register':
      return resolveRegister(term, names);
    case 'address':
      return resolvePath(term.of, term.span, names, (of) => resolveAddress(of, term.span, names));
    case 'name':
      return resolvePath(term.name, term.span, names, (name) =>
        resolveName(name, term.span, names),
      );
    case 'expression':
      return resolveExpression(term.text, term.span, names);
  }
}

/** A path with the values of its indexes in their places. */
function resolvePath(
  path: string,
  span: Span,
  names: FormulaNames,
  resolve: (path: string) => ResolvedTerm,
): ResolvedTerm {
  const told: WrongName[] = [];
  const plain = path.replace(/\[([^[\]]*)\]/g, (step, index: string) => {
    if (/^\d+$/.test(index)) return step;
    const { of, wrong: reasons } = resolveExpression(index.trim(), span, names);
    told.push(...reasons);
    if (of?.kind === 'integer' && of.value >= 0) return `[${of.value}]`;
    if (of !== undefined) told.push({ message: `there is no element ${index.trim()}`, span });
    return '[0]';
  });
  return told.length > 0 ? { wrong: told } : resolve(plain.replace(/\s+/g, ''));
}

function resolveAddress(of: string, span: Span, names: FormulaNames): ResolvedTerm {
  const told = wrongPath(of, span, names, 'address');
  if (told.length > 0) return { wrong: told };
  const type = pathType(of, span, names);
  const shape = type?.arrays === 0 ? shapeOfType(type, scopeAround(names.names)) : undefined;
  const address = shape && { ...shape, depth: shape.depth + 1 };
  return { of: { kind: 'address', of }, shape: address, wrong: [] };
}

function resolveName(name: string, span: Span, names: FormulaNames): ResolvedTerm {
  if (isFunctionName(name, names)) return { of: { kind: 'address', of: name }, wrong: [] };
  if (isConstantName(name, names)) {
    const found = resolveExpression(name, span, names);
    const enumeration = names.names.enumerationOf(name);
    return enumeration === undefined ? found : { ...found, enumeration };
  }
  return resolveLocation(name, span, names);
}

function resolveRegister(
  { thread, name, span }: Term & { readonly kind: 'register' },
  { variables, variable, names }: FormulaNames,
): ResolvedTerm {
  const own = variables[thread];
  if (own === undefined) {
    const last = `P${variables.length - 1}`;
    return { wrong: [{ message: `there is no thread P${thread}; ${last} is the last`, span }] };
  }
  const { atEnd, hidden } = own;
  const declarator = atEnd.get(name);
  const isOther = names.has('object', name) || names.has('defined', name);
  if (declarator === undefined && atEnd.has(name) && isOther) {
    // What assigns to a function is told in the statements.
    if (names.fixed(name) !== undefined) return { wrong: [] };
    const message = `P${thread} has no variable ${name} of its own: what it assigns is an object`;
    return { wrong: [{ message, span }] };
  }
  if (atEnd.has(name)) {
    const found = declarator === undefined ? 'value' : variable(declarator);
    if (isValue(found)) {
      const shape = shapeOfType(declarator?.type, scopeAround(names));
      return { of: { kind: 'register', thread, name }, ...typeOf(found), shape, wrong: [] };
    }
    const message = `P${thread}:${name} is ${KINDS[found]}: assign what is asked of it to a variable`;
    return { wrong: [{ message, span }] };
  }
  const message = `P${thread} has no variable ${name}`;
  return hidden.has(name)
    ? { wrong: [{ message: `${message} at its end: ${HIDDEN}`, span }] }
    : { wrong: [wrong(message, nearestName(name, atEnd.keys()), span)] };
}

const HIDDEN = 'what an inner block declares, or "static", is no register';

const KINDS = { array: 'an array', struct: 'a struct' } as const;

/** What is found where there is one value. */
type OneValue = CInteger | 'value';

function isValue(found: FoundAt): found is OneValue {
  return found === 'value' || (typeof found === 'object' && found.kind === 'integer');
}

function typeOf(found: FoundAt): Pick<ResolvedTerm, 'type'> {
  return typeof found === 'object' && found.kind === 'integer' ? { type: found } : {};
}

/** That there is no one value. */
function noValue(path: string, found: Exclude<FoundAt, OneValue>, span: Span): WrongName {
  if (typeof found === 'object') {
    const { array, index, length } = found;
    const last = `${array}[${length - 1}]`;
    return { message: `${array} has ${length} elements, and no [${index}]; ${last}?`, span };
  }
  const part = found === 'array' ? `one element, as ${path}[0]` : 'one member of it';
  return { message: `${path} is ${KINDS[found]}: a formula can speak of ${part}`, span };
}

/** Whether a name is a constant of a text, or one that the configuration gives. */
function isConstantName(name: string, { names, constant }: FormulaNames): boolean {
  if (!/^\w+$/.test(name) || names.has('object', name)) return false;
  return names.has('constant', name) || constant(name) !== undefined;
}

/** A function's name is its address (C11, 6.3.2.1 paragraph 4). */
function isFunctionName(name: string, { names }: FormulaNames): boolean {
  const isOther = names.has('object', name) || names.has('constant', name);
  return /^\w+$/.test(name) && names.has('function', name) && !isOther;
}

function resolveLocation(name: string, span: Span, names: FormulaNames): ResolvedTerm {
  const told = wrongPath(name, span, names, 'value');
  if (told.length > 0) return { wrong: told };
  const type = pathType(name, span, names);
  const shape = shapeOfType(type, scopeAround(names.names));
  const isOpaque = shape?.depth === 0 && shape.of.kind === 'struct' && !isCounter(shape.of.names);
  if (isOpaque) {
    const message = `${name} is of type ${shapeText(shape)}, and nothing that a formula compares`;
    return { wrong: [{ message, span }] };
  }
  const enumeration = type === undefined ? undefined : enumerationIn(type, names);
  return {
    of: { kind: 'location', name },
    ...typeOf(names.place(name)),
    shape,
    ...(enumeration !== undefined && { enumeration }),
    wrong: [],
  };
}

function isCounter(names: readonly string[]): boolean {
  return names.some((name) => counterType(name) !== undefined);
}

/** The `enum` that a type is, by its own name. */
function enumerationIn(
  { base, pointers, arrays }: TypeName,
  { names }: FormulaNames,
): string | undefined {
  const isOne =
    pointers + arrays === 0 && /^enum \w+$/.test(base) && names.has('enumeration', base);
  return isOne ? base : undefined;
}

/** The type of what a path leads to, where that is sure. */
function pathType(path: string, span: Span, { names }: FormulaNames): TypeName | undefined {
  const root = rootOf(path);
  const around = { names, scope: scopeAround(names) };
  const { type, isSure } = followSteps(
    path.slice(root.length),
    names.types.global(root),
    span,
    around,
  );
  return isSure ? type : undefined;
}

/** What is wrong with a path to an object or a part of one, of which the address or the value is asked. */
function wrongPath(
  path: string,
  span: Span,
  all: FormulaNames,
  asked: 'address' | 'value',
): readonly WrongName[] {
  const { names } = all;
  const root = rootOf(path);
  const steps = path.slice(root.length);
  if (isFunctionName(path, all)) return [];
  const several = ambiguous(root, span, names);
  if (several.length > 0) return several;
  if (!names.has('object', root)) {
    const kinds = steps === '' ? (['object', 'constant'] as const) : (['object'] as const);
    const message =
      steps === '' ? `${root} is neither a location nor a constant` : `there is no object ${root}`;
    return [wrong(message, names.near(root, kinds), span)];
  }
  const { wrong: told } = followSteps(steps, names.types.global(root), span, {
    names,
    scope: scopeAround(names),
  });
  if (told.length > 0) return told;
  const found = all.place(path);
  if (isValue(found)) return [];
  return isFine(found, steps, asked) ? [] : [noValue(path, found, span)];
}

/** Whether what a path leads to can be asked for. The address behind the last element is one, too (C11 6.5.6p8). */
function isFine(
  found: Exclude<FoundAt, OneValue>,
  steps: string,
  asked: 'address' | 'value',
): boolean {
  if (asked === 'value' || typeof found !== 'object') return asked === 'address';
  const { index, length } = found;
  return index === length && steps.endsWith(`[${index}]`);
}

function resolveExpression(text: string, span: Span, names: FormulaNames): ResolvedTerm {
  const words = [...new Set(text.match(/\b[A-Za-z_]\w*/g))];
  const several = words.flatMap((word) => ambiguous(word, span, names.names));
  if (several.length > 0) return { wrong: several };
  const value = names.constant(text);
  if (value !== undefined) return { of: value, wrong: [] };
  if (words.includes('sizeof'))
    return {
      wrong: [
        { message: `${text} is nothing that a formula can ask for: assign it to a variable`, span },
      ],
    };
  const unknown = words.filter(
    (name) => !names.names.has('constant', name) && !names.names.has('function', name),
  );
  const told = unknown.map((name) =>
    wrong(`${name} is no constant`, names.names.near(name, ['constant', 'function']), span),
  );
  const message = noNumber(text) ?? `${text} has no value that is known before the program runs`;
  return { wrong: told.length > 0 ? told : [{ message, span }] };
}
