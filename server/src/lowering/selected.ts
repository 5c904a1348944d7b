/** What is selected before anything runs, by types and constants: `_Generic`, gcc's builtins, casts to types of a file's own. */

import { perCpuAccesses } from '../kernel/per-cpu.ts';
import type { Expression as CExpression, TypeName } from '../syntax/ast.ts';
import { joinAtCast, lastOperand } from '../syntax/cast-operand.ts';
import { constantOf } from './constant.ts';
import { type Lowering, lookUp, type Scope } from './context.ts';
import { type CType, decayed, qualifiersOf, sameCType, UNKNOWN } from './ctype.ts';
import { kernelType } from './kernel-types.ts';
import { perCpuAccess } from './per-cpu-access.ts';
import { resolveType } from './resolve-type.ts';
import { typeOfExpression } from './type-of.ts';

/** The expression that is meant by one that types or constants decide; undefined for all others, and where
 *  the types are not known. */
export function selected(
  lowering: Lowering,
  expression: CExpression,
  scope: Scope,
): CExpression | undefined {
  switch (expression.kind) {
    case 'generic':
      return association(lowering, expression, scope);
    case 'call':
      return ofCall(lowering, expression, scope);
    case 'binary':
      return castOfUnary(lowering, expression, scope);
    default:
      return undefined;
  }
}

/** The value for the type of the control expression, which has the qualifiers of no object (C11 6.5.1.1; DR 481). */
function association(
  lowering: Lowering,
  { control, associations }: CExpression & { readonly kind: 'generic' },
  scope: Scope,
): CExpression | undefined {
  const type = decayed(typeOfExpression(lowering, control, scope));
  const answers = associations.map((each) =>
    each.type === undefined ? false : isAssociated(type, resolveType(lowering, each.type, scope)),
  );
  if (answers.includes(undefined)) return undefined;
  const fitting = associations.filter((_, at) => answers[at] === true);
  const [chosen, ...others] =
    fitting.length > 0 ? fitting : associations.filter((each) => each.type === undefined);
  return others.length > 0 ? undefined : chosen?.value;
}

/** Whether an association is for a value of the type: one of a qualified type is for none. */
function isAssociated(value: CType, type: CType): boolean | undefined {
  return qualifiersOf(type) === undefined ? areCompatible(value, type) : false;
}

/** Whether two types are compatible but for their own qualifiers (C11 6.2.7, 6.7.3p10); undefined where one of them is
 *  not known well enough. */
function areCompatible(one: CType, other: CType): boolean | undefined {
  if (one.kind === 'unknown' || other.kind === 'unknown') return undefined;
  if (one.kind === 'function' && other.kind === 'function')
    return sameCType(one.returns, other.returns) ? undefined : false; // parameters are not kept
  if (one.kind === 'pointer' && other.kind === 'pointer')
    return qualifiersOf(one.to) === qualifiersOf(other.to) && areCompatible(one.to, other.to);
  if (one.kind === 'integer' && other.kind === 'integer') return areCompatibleIntegers(one, other);
  return sameCType(one, other);
}

/** An enumeration is compatible with its integer type, and with no other enumeration. */
function areCompatibleIntegers(
  one: CType & { readonly kind: 'integer' },
  other: CType & { readonly kind: 'integer' },
): boolean {
  const isEnumeration = ({ name }: CType & { readonly kind: 'integer' }) =>
    name.startsWith('enum ');
  if (isEnumeration(one) === isEnumeration(other)) return one.name === other.name;
  return one.rank === other.rank && one.type.signed === other.type.signed;
}

type Call = CExpression & { readonly kind: 'call' };

function ofCall(lowering: Lowering, call: Call, scope: Scope): CExpression | undefined {
  const { callee, arguments: given, span } = call;
  if (callee.kind !== 'identifier') return undefined;
  const [first, second, third] = given;
  switch (callee.name) {
    case '__builtin_choose_expr': {
      const condition = first && constantOf(lowering, first, scope);
      return condition === undefined ? undefined : BigInt(condition) !== 0n ? second : third;
    }
    case '__builtin_types_compatible_p': {
      if (first === undefined || second === undefined) return undefined;
      const answer = areCompatible(
        typeOfArgument(lowering, first, scope),
        typeOfArgument(lowering, second, scope),
      );
      if (answer === undefined) return undefined;
      const value = answer ? 1 : 0;
      return { kind: 'number', text: String(value), value, span };
    }
    default:
      if (perCpuAccesses.has(callee.name)) return perCpuAccess(callee.name, call);
      if (given.length !== 1 || !isType(lowering, callee.name, scope)) return undefined;
      return { kind: 'cast', type: named(callee.name), operand: first!, span };
  }
}

/** Of arrays in the place of an argument the length is not kept. */
function typeOfArgument(lowering: Lowering, argument: CExpression, scope: Scope): CType {
  const isArray =
    argument.kind === 'type' && argument.type.arrays > 0 && argument.type.derived === undefined;
  return isArray ? UNKNOWN : typeOfExpression(lowering, argument, scope);
}

const OF_ONE_SIDE: ReadonlySet<string> = new Set(['-', '+', '*', '&']);

/** `(word)-1`, which is a difference for who does not know that `word` is a type; also behind another operator,
 *  as in `n + (word)-1`. */
function castOfUnary(
  lowering: Lowering,
  { left, operator, right, span }: CExpression & { readonly kind: 'binary' },
  scope: Scope,
): CExpression | undefined {
  if (!OF_ONE_SIDE.has(operator)) return undefined;
  if (castsBefore(lowering, lastOperand(left), scope) === undefined) return undefined;
  return joinAtCast(left, right, (last, first) => {
    const unary = { kind: 'unary', operator: operator as '-', operand: first, span } as const;
    return castsBefore(lowering, last, scope)!.reduceRight<CExpression>(
      (operand, type) => ({ kind: 'cast', type, operand, span }),
      unary,
    );
  });
}

/** The types of casts that end in the name of one, the outermost first; undefined for what are no casts. */
function castsBefore(
  lowering: Lowering,
  expression: CExpression,
  scope: Scope,
): readonly TypeName[] | undefined {
  if (expression.kind === 'identifier')
    return isType(lowering, expression.name, scope) ? [named(expression.name)] : undefined;
  const inner = (operand: CExpression, type: TypeName) => {
    const types = castsBefore(lowering, operand, scope);
    return types && [type, ...types];
  };
  if (expression.kind === 'cast') return inner(expression.operand, expression.type);
  if (expression.kind !== 'call' || expression.callee.kind !== 'identifier') return undefined;
  const [operand, ...others] = expression.arguments;
  const { name } = expression.callee;
  return operand !== undefined && others.length === 0 && isType(lowering, name, scope)
    ? inner(operand, named(name))
    : undefined;
}

function named(base: string): { readonly base: string; readonly pointers: 0; readonly arrays: 0 } {
  return { base, pointers: 0, arrays: 0 };
}

/** Whether a name is that of a type that some text or the kernel defines, and of nothing else there. */
function isType({ symbols }: Lowering, name: string, scope: Scope): boolean {
  const { file } = scope.frame;
  const binding = lookUp(scope, name);
  if (binding !== undefined) return binding.kind === 'type';
  return (
    (symbols.typedef(name, file) !== undefined || kernelType(name) !== undefined) &&
    symbols.function(name, file) === undefined &&
    symbols.object(name, file) === undefined
  );
}
