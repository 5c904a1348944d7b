/** Parses herd's internal primitives (`__load{once}(*x)`, `__atomic_op(x,|,v)`), which `.def` files
 *  are made of and which stand for operations that older `.def` files have no name for. */

import type { AccessOrder, FenceTag, RmwOrder } from '../kernel/operation.ts';
import type { Expression, SrcuAccessTag } from '../program/program.ts';
import type { Span } from '../text/span.ts';
import { type Call, expression, locationOf, OPERATOR_FUNCTIONS, statement } from './call.ts';
import type { Token } from './lexer.ts';
import {
  accept,
  expect,
  expectName,
  fail,
  failAt,
  looksAt,
  next,
  spanFrom,
  type TokenStream,
} from './token-stream.ts';

const NAMES = new Set([
  '__load',
  '__store',
  '__fence',
  '__xchg',
  '__cmpxchg',
  '__lock',
  '__unlock',
  '__trylock',
  '__islocked',
  '__srcu',
  '__atomic_op',
  '__atomic_op_return',
  '__atomic_fetch_op',
  '__atomic_add_unless',
]);

export function isInternal(name: string): boolean {
  return NAMES.has(name);
}

const FENCES = new Set<string>([
  'mb',
  'rmb',
  'wmb',
  'barrier',
  'before-atomic',
  'after-atomic',
  'after-spinlock',
  'after-unlock-lock',
  'after-srcu-read-unlock',
]);

const RCU_FENCES = new Map([
  ['rcu-lock', 'lock'],
  ['rcu-unlock', 'unlock'],
  ['sync-rcu', 'synchronize'],
] as const);

/** The call whose name has been read already; `argument` parses one of its arguments. */
export function parseInternal(
  stream: TokenStream,
  name: Token,
  first: number,
  argument: () => Expression,
): Call {
  const tag = looksAt(stream, '{') ? parseTag(stream) : '';
  const closed = () => {
    expect(stream, ')');
    return spanFrom(stream, first);
  };
  if (name.text === '__fence') return fence(stream, name, tag, first);
  expect(stream, '(');
  const place = argument();
  const under = () => locationOf(stream, place, { name: name.text, lvalue: true });
  switch (name.text) {
    case '__load':
      return expression({
        kind: 'load',
        ...accessTag(stream, name, tag),
        address: under(),
        span: closed(),
      });
    case '__store': {
      const value = separated(stream, argument);
      return statement({
        kind: 'store',
        ...accessTag(stream, name, tag),
        address: under(),
        value,
        span: closed(),
      });
    }
    case '__xchg': {
      const operand = separated(stream, argument);
      const order = rmwOrder(stream, name, tag);
      return expression({
        kind: 'rmw',
        order,
        address: place,
        apply: 'set',
        operand,
        result: 'old',
        span: closed(),
      });
    }
    case '__cmpxchg': {
      const expected = separated(stream, argument);
      const desired = separated(stream, argument);
      const order = rmwOrder(stream, name, tag);
      return expression({
        kind: 'cmpxchg',
        order,
        address: place,
        expected,
        desired,
        span: closed(),
      });
    }
    case '__atomic_add_unless': {
      const operand = separated(stream, argument);
      const unless = separated(stream, argument);
      return expression({
        kind: 'add-unless',
        order: 'mb',
        address: place,
        operand,
        unless,
        result: 'changed',
        span: closed(),
      });
    }
    case '__lock':
    case '__unlock': {
      const action = name.text === '__lock' ? 'lock' : 'unlock';
      return statement({ kind: 'lock', action, address: place, span: closed() });
    }
    case '__trylock':
    case '__islocked': {
      const action = name.text === '__trylock' ? 'trylock' : 'is-locked';
      return expression({ kind: 'lock-query', action, address: place, span: closed() });
    }
    case '__srcu': {
      const index = accept(stream, ',') ? argument() : undefined;
      const span = closed();
      if (tag === 'srcu-lock')
        return expression({ kind: 'srcu-lock', action: 'lock', address: place, span });
      const action = tag === 'srcu-unlock' ? 'unlock' : 'synchronize';
      const event = { kind: 'srcu', action, address: place, span } as const;
      return statement(index === undefined ? event : { ...event, index });
    }
    default:
      return atomicOperation(stream, name, { tag, place, argument, closed });
  }
}

/** `__atomic_op(x,+,v)` and its forms that return the old or the new value; the location has been read. */
function atomicOperation(
  stream: TokenStream,
  name: Token,
  rest: {
    readonly tag: string;
    readonly place: Expression;
    readonly argument: () => Expression;
    readonly closed: () => Span;
  },
): Call {
  expect(stream, ',');
  const apply = parseFunction(stream);
  const operand = separated(stream, rest.argument);
  const plain = name.text === '__atomic_op';
  const result = plain ? 'nothing' : name.text === '__atomic_op_return' ? 'new' : 'old';
  const order = plain ? 'noreturn' : rmwOrder(stream, name, rest.tag);
  const span = rest.closed();
  return expression({ kind: 'rmw', order, address: rest.place, apply, operand, result, span });
}

function separated<T>(stream: TokenStream, parse: () => T): T {
  expect(stream, ',');
  return parse();
}

/** `{mb}`, `{before-atomic}`: words joined by dashes. Kernels from 6.14 on write `{MB}` and `{ONCE}`, whose
 *  meaning their bell file gives; it is the same. */
function parseTag(stream: TokenStream): string {
  expect(stream, '{');
  let tag = expectName(stream, 'an annotation').text;
  while (accept(stream, '-')) tag += `-${expectName(stream, 'an annotation').text}`;
  expect(stream, '}');
  return tag.toLowerCase();
}

function fence(stream: TokenStream, name: Token, tag: string, first: number): Call {
  const span = spanFrom(stream, first);
  const action = RCU_FENCES.get(tag as 'rcu-lock');
  if (action !== undefined) return statement({ kind: 'rcu', action, span });
  if (!FENCES.has(tag)) failAt(stream, `unknown fence ${tag}`, name.span);
  return statement({ kind: 'fence', tag: tag as FenceTag, span });
}

function accessTag(
  stream: TokenStream,
  name: Token,
  tag: string,
): { readonly order: AccessOrder; readonly tag?: SrcuAccessTag } {
  if (tag === 'once' || tag === 'acquire' || tag === 'release') return { order: tag };
  if (tag === 'srcu-lock' || tag === 'srcu-unlock') return { order: 'once', tag };
  return failAt(stream, `unknown annotation '${tag}' of ${name.text}`, name.span);
}

function rmwOrder(stream: TokenStream, name: Token, tag: string): Exclude<RmwOrder, 'noreturn'> {
  if (tag === 'mb' || tag === 'once' || tag === 'acquire' || tag === 'release') return tag;
  return failAt(stream, `unknown annotation '${tag}' of ${name.text}`, name.span);
}

function parseFunction(
  stream: TokenStream,
): NonNullable<ReturnType<typeof OPERATOR_FUNCTIONS.get>> {
  const negated = looksAt(stream, '&') && looksAt(stream, '~', 1);
  const spelling = negated ? '&~' : next(stream).text;
  if (negated) stream.at += 2;
  return OPERATOR_FUNCTIONS.get(spelling) ?? fail(stream, 'an operator');
}
