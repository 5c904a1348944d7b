/** The pairings with a side in one file are asked for without a look for those of all, and are the same. */

import { expect, test } from 'vitest';
import type { FileFacts } from '../../server/src/facts/file-facts.ts';
import type { Idiom, Pairing } from '../../server/src/pairing/pairing.ts';
import { pairUp } from '../../server/src/pairing/pairing-index.ts';
import { factsIn } from '../pairing/support/pairs.ts';
import { expectSameByFile } from './support/by-file.ts';

/** A small pseudo-random generator, so that a failing run can be repeated from its seed. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % below;
  };
}

const STRUCTS = `struct entry { int size, kind; };
struct s { int a, b, data, told, flag, ready, done; unsigned long state; atomic_t users; struct mutex lock; struct entry *first, *last; };
`;

/** What two functions do that need an order: the sides of each are drawn apart, into whatever file. */
const SIDES: readonly (readonly string[])[] = [
  ['p->A = 1; smp_wmb(); WRITE_ONCE(p->F, 1);', 'if (READ_ONCE(p->F)) use(p->A);'],
  ['p->A = 1; publish_F(p);', 'if (is_F(p)) read_A(p);'],
  ['p->A = 1; smp_store_release(&p->F, 1);', 'int v = p->A; if (smp_load_acquire(&p->F)) use(v);'],
  ['p->data = 1; WRITE_ONCE(p->told, 1);', 'if (READ_ONCE(p->told)) use(p->data);'],
  ['p->data = 1; tell(p);', 'if (is_told(p)) use(p->data);'],
  ['store_F(p); if (READ_ONCE(p->A)) use(1);', 'WRITE_ONCE(p->A, 1); if (is_F(p)) use(1);'],
  [
    'atomic_inc(&p->users); if (READ_ONCE(p->told)) atomic_dec(&p->users);',
    'tell(p); if (atomic_read(&p->users)) use(1);',
  ],
  [
    'if (test_and_set_bit(N, &p->state)) return 0; p->A = 1; clear_bit(N, &p->state);',
    'if (!try_N(p)) return 0; use(p->A); clear_bit(N, &p->state);',
  ],
  ['mutex_lock(&p->lock); e->size = 1; p->E = e; mutex_unlock(&p->lock);'],
  ['e = kzalloc(sizeof(*e), GFP_KERNEL); smp_store_release(&p->E, e); e->size = 1;'],
  ['struct entry *e = READ_ONCE(p->E); return e ? e->size : 0;', 'e = get_E(p); use(e->size);'],
  [
    'if (!p->F) { mutex_lock(&p->lock); if (!p->F) { p->A = 1; p->F = 1; } mutex_unlock(&p->lock); } use(p->A);',
    'if (!p->F) { once_F(p); } use(p->A);',
    'if (!p->F) { over_F(p); } use(p->A);',
  ],
];

/** Small functions of their own, for the bodies that call them. */
const HELPERS: readonly string[] = [
  'void store_F(struct s *p) { WRITE_ONCE(p->F, 1); }',
  'void publish_F(struct s *p) { smp_wmb(); WRITE_ONCE(p->F, 1); }',
  'int is_F(struct s *p) { return READ_ONCE(p->F); }',
  'int read_A(struct s *p) { return p->A; }',
  'int try_N(struct s *p) { return !test_and_set_bit(N, &p->state); }',
  'struct entry *get_E(struct s *p) { return READ_ONCE(p->E); }',
  'void tell(struct s *p) { WRITE_ONCE(p->told, 1); }',
  'int is_told(struct s *p) { return READ_ONCE(p->told); }',
  'void over_F(struct s *p) { once_F(p); }',
  'void once_F(struct s *p) { mutex_lock(&p->lock); if (!p->F) { p->A = 1; p->F = 1; } mutex_unlock(&p->lock); }',
];

/** The names that the letters of a body stand for. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  A: ['a', 'b'],
  F: ['flag', 'ready', 'done'],
  N: ['0', '1'],
  E: ['first', 'last'],
};

const FILES = ['a/one.c', 'a/two.c', 'b/three.c', 'b/four.c', 'a/five.h'];

/** Files of two folders and a header: functions out of some sides, that call each other now and then. */
function randomFiles(sides: typeof SIDES, random: (below: number) => number): string {
  const pick = <Item>(of: readonly Item[]) => of[random(of.length)]!;
  const named = (text: string) => {
    const letters = Object.fromEntries(
      Object.entries(NAMES).map(([letter, names]) => [letter, pick(names)]),
    );
    return text.replace(/(?<![A-Z])[AFNE](?![A-Z])/g, (letter) => letters[letter]!);
  };
  const texts = new Map(FILES.map((file) => [file, [STRUCTS]]));
  for (const helper of HELPERS)
    for (let copy = 0; copy < 2; copy++) texts.get(pick(FILES))!.push(named(helper));
  for (let count = 0; count < 10; count++) {
    const call = random(3) === 0 ? `f${random(10)}(p, e); ` : '';
    const body = named(pick(pick(sides)));
    texts
      .get(pick(FILES))!
      .push(`int f${count}(struct s *p, struct entry *e) { ${call}${body} return 1; }`);
  }
  return [...texts].map(([file, parts]) => `//- /${file}\n${parts.join('\n')}\n`).join('');
}

/** Which idioms were found between two files. */
function acrossFiles(found: readonly Pairing[]): readonly (Idiom | undefined)[] {
  return found.filter(({ sites: [a, b] }) => a.file !== b.file).map(({ idiom }) => idiom);
}

function filesOf(facts: readonly FileFacts[]) {
  return { files: new Map(facts.map((each) => [each.file, each])), pairing: pairUp(facts) };
}

test('of random files', async () => {
  const seed = Number(process.env['SEED'] ?? 20261130);
  const random = randomOf(seed);
  const seen = new Set<Idiom | undefined>();
  for (let tree = 0; tree < 36; tree++) {
    const sides = [0, 1, 2].map((at) => SIDES[(tree + at * 4) % SIDES.length]!);
    const facts = await factsIn(randomFiles(sides, random));
    for (const idiom of acrossFiles(expectSameByFile(filesOf(facts)))) seen.add(idiom);
  }
  expect([...seen].map(String).sort(), `seed ${seed}`).toEqual([
    'hand-made-lock',
    'misplaced',
    'one-sided',
    'publication',
    'store-buffering',
    'undefined',
  ]);
});

test.each<[string, Idiom, string, string]>([
  [
    'of a barrier in a header that their folder uses',
    'one-sided',
    'b/reads.c',
    `//- /a/publish.h
    struct s { int a, flag; };
    static inline void publish(struct s *p) { smp_wmb(); WRITE_ONCE(p->flag, 1); }
    //- /b/stores.c
    struct s { int a, flag; };
    void stores(struct s *p) { p->a = 1; publish(p); }
    //- /b/reads.c
    struct s { int a, flag; };
    int reads(struct s *p) { if (READ_ONCE(p->flag)) return p->a; return 0; }`,
  ],
  [
    'over fields that only functions of other files access',
    'one-sided',
    'a/asks.c',
    `//- /a/stores.c
    struct s { int a, flag; };
    void stores(struct s *p) { p->a = 1; smp_wmb(); WRITE_ONCE(p->flag, 1); }
    //- /a/reads.c
    struct s { int a, flag; };
    int is_set(struct s *p) { return READ_ONCE(p->flag); }
    int read_a(struct s *p) { return p->a; }
    //- /a/asks.c
    int asks(struct s *p) { if (is_set(p)) return read_a(p); return 0; }`,
  ],
  [
    'by an object that another file makes known',
    'publication',
    'a/finds.c',
    `//- /a/puts.c
    struct entry { int size; };
    struct s { struct mutex lock; struct entry *first; };
    void puts(struct s *p, struct entry *e) { mutex_lock(&p->lock); e->size = 8; p->first = e; mutex_unlock(&p->lock); }
    //- /b/empty.c
    void empty(void) { smp_mb(); }
    //- /a/finds.c
    struct entry { int size; };
    struct s { struct mutex lock; struct entry *first; };
    int finds(struct s *p) { struct entry *e = READ_ONCE(p->first); return e ? e->size : 0; }`,
  ],
])('%s', async (_, idiom, file, text) => {
  const facts = await factsIn(text);
  const found = expectSameByFile(filesOf(facts));
  const met = found.filter((each) => each.idiom === idiom).map(({ sites }) => sites[1].file);
  expect(met).toContain(file);
});
