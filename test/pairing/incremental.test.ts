/** Files changed one by one give what the same files give at once. */

import { expect, test } from 'vitest';
import { createPairingIndex, pairUp } from '../../server/src/pairing/pairing-index.ts';
import { factsIn } from './support/pairs.ts';

/** A small pseudo-random generator, so that a failing run can be repeated from its seed. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % below;
  };
}

const FIELDS = ['a', 'b', 'c', 'flag', 'next', 'is_set'];
const MEMBERS = ['run', 'stop'];
const BARRIERS = ['smp_wmb();', 'smp_rmb();', 'smp_mb();'];

/** A file with a few functions: accesses around barriers, calls into the other files, be it through a member, claims about them. */
function randomFile(file: number, random: (below: number) => number): string {
  const functions = Array.from({ length: 1 + random(3) }, (_, index) => {
    const access = () => {
      const object = random(4) === 0 ? 'lost()' : 'p';
      const field = `${object}->${FIELDS[random(FIELDS.length)]}`;
      return random(2) === 0 ? `${field} = 1;` : `x += ${field};`;
    };
    const call = () =>
      random(3) === 0 ? `p->ops->${MEMBERS[random(2)]}(p);` : `f${random(4)}_${random(3)}(p);`;
    const claim = random(2) === 0 ? `/* Pairs with f${random(4)}_${random(3)}() */` : '';
    return `int f${file}_${index}(struct s *p) { int x = 0; ${access()} ${access()} ${random(3) === 0 ? call() : ''}
      ${claim}\n      ${BARRIERS[random(3)]}\n      ${access()} ${random(3) === 0 ? call() : ''} ${access()} return x; }`;
  });
  const members = MEMBERS.filter(() => random(2) === 0);
  const table = members.map((member) => `.${member} = f${file}_${random(3)},`).join(' ');
  return `struct s; struct ops { int (*run)(struct s *p); int (*stop)(struct s *p); };
    struct s { int a, b, c, flag, next, is_set; struct ops *ops; };
    ${functions.join('\n')}\nstatic struct ops ops = { ${table} };`;
}

test('random edits', async () => {
  const seed = Number(process.env['SEED'] ?? 20240607);
  const random = randomOf(seed);
  const index = createPairingIndex();
  const texts = new Map<string, string>();
  for (let step = 0; step < 60; step++) {
    const file = random(4);
    const name = `f${file}.c`;
    if (random(5) === 0) {
      texts.delete(name);
      index.drop(name);
    } else {
      const text = randomFile(file, random);
      texts.set(name, text);
      index.put((await factsIn(`//- /${name}\n${text}`))[0]!);
    }
    const whole = [...texts].map(([each, text]) => `//- /${each}\n${text}\n`).join('');
    const facts = whole === '' ? [] : await factsIn(whole);
    const { pairings, claims } = index.result();
    const fresh = pairUp(facts);
    expect(pairings, `seed ${seed}, step ${step}`).toEqual(fresh.pairings);
    expect(new Set(claims.map(shown)), `seed ${seed}, step ${step}`).toEqual(
      new Set(fresh.claims.map(shown)),
    );
  }
});

test.each(['p', 'lost()'])('a field that becomes common and rare again, of %s', async (object) => {
  const index = createPairingIndex();
  const texts = new Map<string, string>();
  const put = async (name: string, text: string) => {
    texts.set(name, text);
    index.put((await factsIn(`//- /${name}\n${text}`))[0]!);
  };
  const expectAsAtOnce = async () => {
    const whole = [...texts].map(([each, text]) => `//- /${each}\n${text}\n`).join('');
    const fresh = pairUp(await factsIn(whole));
    expect(index.result().pairings).toEqual(fresh.pairings);
    return fresh.pairings.length;
  };
  const struct = 'struct s { int a, is_set; };';
  const crowd = Array.from(
    { length: 100 },
    (_, at) => `void c${at}(void) { fill(); smp_mb(); ${object}->is_set = ${at}; }`,
  );
  await put('w.c', `${struct} void w(struct s *p) { fill(); smp_wmb(); p->is_set = 1; }`);
  await put(
    'r.c',
    `${struct} int r(struct s *p) { int x = ${object}->is_set; smp_rmb(); return x; }`,
  );
  expect(await expectAsAtOnce()).toBe(1);
  await put('crowd.c', `${struct} struct s *p;\n${crowd.join('\n')}`);
  expect(await expectAsAtOnce()).toBe(0);
  texts.delete('crowd.c');
  index.drop('crowd.c');
  expect(await expectAsAtOnce()).toBe(1);
});

function shown(value: unknown): string {
  return JSON.stringify(value);
}

test('the result is the same value until something changes', async () => {
  const index = createPairingIndex();
  const [facts] = await factsIn('void f(int *p) { *p = 1; smp_wmb(); *p = 2; }');
  index.put(facts!);
  const first = index.result();
  expect(index.result()).toBe(first);
  index.put(facts!);
  expect(index.result()).not.toBe(first);
});
