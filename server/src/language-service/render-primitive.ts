/** What an ordering primitive of the kernel orders and what not, when, and where the kernel says so: for who meets it. */

import type { AccessClass, Ordering, OrderingCondition, Primitive } from '../kernel/primitive.ts';
import { exampleOf } from './examples.ts';
import type { Markup } from './markup.ts';
import { categoryPhrase } from './words.ts';

/** A few lines on a primitive. */
export function renderPrimitive(primitive: Primitive, markup: Markup): string {
  const { name, category, orders, when, asks, source } = primitive;
  const paragraphs = [
    `${markup.strong(markup.code(`${name}()`))}: ${categoryPhrase(category)}`,
    [...ordersText(orders), ...notOrdered(primitive), ...whenText(when), ...told(asks)].join(' '),
    `For example ${markup.code(exampleOf(primitive))}`,
    `${markup.text(source.document)}, ${markup.text(`"${source.section}"`)}`,
  ];
  return paragraphs.filter((text) => text !== '').join(markup.paragraph);
}

function told(asks: string | undefined): readonly string[] {
  return asks === undefined ? [] : [asks];
}

function ordersText(orders: readonly Ordering[]): readonly string[] {
  return orders.map(
    ({ before, after, when }) =>
      `Keeps ${CLASSES[before]}${sideOf(before, 'before')} in front of ${CLASSES[after]}${sideOf(after, 'behind')}${when === undefined ? '' : `, ${CONDITIONS[when]}`}.`,
  );
}

const CLASSES: Readonly<Record<AccessClass, string>> = {
  reads: 'all reads',
  writes: 'all writes',
  all: 'all accesses',
  own: 'its own access',
  'own-read': 'its own read',
  'own-write': 'its own write',
  dependent: 'accesses through the value that it read',
};

function sideOf(of: AccessClass, side: 'before' | 'behind'): string {
  return of === 'reads' || of === 'writes' || of === 'all' ? ` ${side} it` : '';
}

const CONDITIONS: Readonly<Record<OrderingCondition, string>> = {
  always: 'always',
  'on-success': 'where it succeeds',
  'if-woken': 'where somebody is woken',
  'with-adjacent-rmw': 'beside an atomic read-modify-write',
  'with-adjacent-lock': 'beside the lock operation',
};

function whenText(when: OrderingCondition): readonly string[] {
  switch (when) {
    case 'always':
      return [];
    case 'on-success':
      return ['Only where it succeeds: one that fails orders nothing.'];
    case 'if-woken':
      return ['Only where it really wakes somebody.'];
    case 'with-adjacent-rmw':
      return [
        'Only together with the atomic read-modify-write beside it; atomic_set() and atomic_read() are none.',
      ];
    case 'with-adjacent-lock':
      return ['Only together with the lock operation right before it.'];
  }
}

/** What a reader may think that it does too. */
function notOrdered({ category, orders, domain }: Primitive): readonly string[] {
  const device = domain === 'mandatory' || domain === 'dma' ? ['Its partner may be a device.'] : [];
  if (orders.length === 0) return ['Keeps no other access in order.', ...device];
  switch (category) {
    case 'write-barrier':
      return ['Reads are not ordered.', ...device];
    case 'read-barrier':
      return ['Writes are not ordered.', ...device];
    case 'acquire':
    case 'lock':
      return ['What stands before it may still be done behind it.'];
    case 'release':
    case 'unlock':
    case 'rcu-publish':
      return ['What stands behind it may still be done before it.'];
    case 'rcu-dereference':
      return ['Other accesses are not ordered.'];
    default:
      return device;
  }
}
