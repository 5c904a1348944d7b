/** The primitive table against what the kernel's documents say of 464 names, and against the tree. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AccessClass, Primitive } from '../../server/src/kernel/primitive.ts';
import { primitive, primitives } from '../../server/src/kernel/primitives.ts';
import { linuxSource, WITHOUT_LINUX } from '../support/linux-source.ts';
import { sharedData, WITHOUT_SHARED_DATA } from '../support/shared-data.ts';

/** Names of the list that are no rows here, with the reason. */
const NOT_IN_TABLE: readonly RegExp[] = [
  // Accesses to device registers: they order against the device, not between CPUs.
  /^(io)?(read|write)(s?[bwlq]|8|16|32|64)(_relaxed)?$/,
  /^(in|out)s?[bwl]$/,
];

const linked = (pairs: readonly (readonly [AccessClass, AccessClass])[]) => (row: Primitive) =>
  pairs.every(([before, after]) =>
    row.orders.some((order) => order.before === before && order.after === after),
  );
const nothing = ({ orders }: Primitive) => orders.length === 0;
const always = (row: Primitive) => row.when === 'always';
const both =
  (...tests: readonly ((row: Primitive) => boolean)[]) =>
  (row: Primitive) =>
    tests.every((check) => check(row));
const beside = ({ when }: Primitive) =>
  when === 'always' || when === 'with-adjacent-rmw' || when === 'with-adjacent-lock';
const when = (condition: Primitive['when']) => (row: Primitive) => row.when === condition;
const onSuccess = (row: Primitive) =>
  row.when === 'on-success' || row.orders.every((order) => order.when === 'on-success');
const acquireOnSuccess = ({ orders }: Primitive) =>
  orders.some(
    ({ before, after, when: condition }) =>
      before === 'own-read' && after === 'all' && condition === 'on-success',
  );
const controlOnSuccess = ({ orders }: Primitive) =>
  orders.some(
    ({ before, after, when: condition }) =>
      before === 'own-read' && after === 'writes' && condition === 'on-success',
  );
const full = linked([['all', 'all']]);
const acquire = linked([['own-read', 'all']]);
const release = linked([['all', 'own-write']]);

/** What each word of the list means for a row. */
const MEANING: Readonly<Record<string, (row: Primitive) => boolean>> = {
  full: both(full, beside),
  'full-if-success': both(full, onSuccess),
  'full-if-wakes': both(full, when('if-woken')),
  read: both(linked([['reads', 'reads']]), always),
  write: both(linked([['writes', 'writes']]), always),
  compiler: ({ domain }) => domain === 'compiler',
  acquire: both(acquire, always),
  'acquire-if-success': both(acquire, onSuccess),
  release: both(release, always),
  'release-if-success': both(release, onSuccess),
  'release+acquire-if-zero': both(release, acquireOnSuccess),
  'release+control-if-zero': both(release, controlOnSuccess),
  'release+control-if-success': both(release, controlOnSuccess, onSuccess),
  'control-if-success': both(controlOnSuccess, onSuccess),
  dependency: linked([['own-read', 'dependent']]),
  none: nothing,
  io: nothing,
};

const data = sharedData('pairs');

describe.skipIf(data === undefined)(`implied orders (${WITHOUT_SHARED_DATA})`, () => {
  const lines = data === undefined ? [] : readLines(join(data, 'implied-order.tsv')).slice(1);
  const rows = lines.map((line) => line.split('\t')).map(([name, order]) => ({ name, order }));

  test('the list is there', () => expect(rows.length).toBeGreaterThan(400));

  test('every name is in the table, or is named as an exception', () => {
    const missing = rows
      .map(({ name = '' }) => name)
      .filter((name) => primitive(name) === undefined)
      .filter((name) => !NOT_IN_TABLE.some((exception) => exception.test(name)));
    expect(missing).toEqual([]);
  });

  test('every order agrees', () => {
    const wrong = rows.flatMap(({ name = '', order = '' }) => {
      const entry = primitive(name);
      if (entry === undefined || MEANING[order]?.(entry) === true) return [];
      return [`${name}: documents say ${order}, the table ${JSON.stringify(entry.orders)}`];
    });
    expect(wrong).toEqual([]);
  });
});

const linux = linuxSource();

describe.skipIf(linux === undefined)(`documents (${WITHOUT_LINUX})`, () => {
  test('every document and section that a row names is in the tree', () => {
    const sections = new Map(
      [...primitives.values()].map(({ source }) => [
        `${source.document}: ${source.section}`,
        source,
      ]),
    );
    const missing = [...sections.values()].filter(
      ({ document, section }) =>
        !readFileSync(join(linux!, document), 'utf8').includes(section.replace(/\(\)$/, '')),
    );
    expect(missing).toEqual([]);
  });
});

function readLines(path: string): readonly string[] {
  return readFileSync(path, 'utf8').trimEnd().split('\n');
}
