/** The comment of a barrier, as its maintainer would write it: only where it is proven, in the style of the file. */

import { expect, test } from 'vitest';
import type { Action } from '../../../server/src/language-service/actions/action.ts';
import { hostOf } from '../support/check.ts';
import { type FixtureFile, readFixture } from '../support/fixture.ts';

const STRUCT = 'struct box { int data; int flag; int valid; };';

/** A writer and a reader in two files of a folder, with what stands above or in place of their barriers. */
function pair(write: string, read: string, folder = ''): string {
  return `
    //- ${folder}/writer.c
    ${STRUCT}
    void publish(struct box *b)
    {
            WRITE_ONCE(b->data, 1);
            ${write}
            WRITE_ONCE(b->flag, 1);
    }
    //- ${folder}/reader.c
    ${STRUCT}
    int consume(struct box *b)
    {
            if (!READ_ONCE(b->flag))
                    return -1;
            ${read}
            return READ_ONCE(b->data);
    }
  `;
}

interface Offered {
  readonly files: readonly FixtureFile[];
  readonly actions: readonly Action[];
}

function offered(fixture: string): Offered {
  const files = readFixture(fixture);
  const { path, cursor } = files.find((file) => file.cursor !== undefined)!;
  const snapshot = hostOf(files).snapshot();
  return { files, actions: snapshot.actions(path, { start: cursor!, end: cursor! }) };
}

/** The texts of all files with the edits of the action of that title. */
function after({ files, actions }: Offered, title: string): string {
  const { edits } = actions.find((each) => each.title === title)!;
  return files
    .map(({ path, text }) =>
      edits
        .filter(({ file }) => file === path)
        .toSorted((a, b) => b.span.start - a.span.start)
        .reduce(
          (now, { span, text: put }) => now.slice(0, span.start) + put + now.slice(span.end),
          text,
        ),
    )
    .join('');
}

test('what is kept in order, what would happen else, with whom it pairs', () => {
  const found = offered(pair('smp_w$0mb();', 'smp_rmb();'));
  expect(after(found, 'Document this smp_wmb()')).toContain(`
        WRITE_ONCE(b->data, 1);
        /*
         * Write b->data before b->flag, or else consume() may see the new flag
         * and the old data. Pairs with smp_rmb() in consume().
         */
        smp_wmb();
`);
});

test('a flag that is updated is told of by who writes', () => {
  const write = 'smp_w$0mb();\n            b->flag++;';
  const text = after(offered(pair(write, 'smp_rmb();')), 'Document this smp_wmb()');
  expect(text).toContain(
    'Write b->data before updating b->flag, or else consume() may see the\n         * new flag and the old data.',
  );
});

test('what is stored by an update is told of by who writes it, too', () => {
  const fixture = pair('smp_w$0mb();', 'smp_rmb();').replace('WRITE_ONCE(b->data, 1)', 'b->data++');
  expect(after(offered(fixture), 'Document this smp_wmb()')).toContain(
    'Update b->data before writing b->flag, or else consume() may see the',
  );
});

test('a field that a helper accesses is called as one of the object at hand', () => {
  const fixture = `
    //- /writer.c
    ${STRUCT}
    static void fill(struct box *whole) { WRITE_ONCE(whole->data, 1); }
    void publish(struct box *b)
    {
            fill(b);
            smp_w$0mb();
            WRITE_ONCE(b->flag, 1);
    }
    //- /reader.c
    ${STRUCT}
    struct shelf { struct box *box; };
    static int look(struct box *b) { return READ_ONCE(b->flag); }
    int consume(struct shelf *s)
    {
            if (!look(s->box))
                    return -1;
            smp_rmb();
            return READ_ONCE(s->box->data);
    }`;
  const text = after(offered(fixture), 'Document both sides');
  expect(text).toContain('Write b->data before b->flag, or else');
  expect(text).toContain('Read s->box->flag before s->box->data, or else');
});

test('a bit is told by its name', () => {
  const fixture = pair('smp_w$0mb();', 'smp_rmb();')
    .replaceAll('int flag;', 'unsigned long flag;')
    .replace('WRITE_ONCE(b->flag, 1)', 'set_bit(BOX_READY, &b->flag)')
    .replace('READ_ONCE(b->flag)', 'test_bit(BOX_READY, &b->flag)');
  const text = after(offered(fixture), 'Document both sides')
    .split(/[\s*]+/)
    .join(' ');
  expect(text).toContain(
    'Write b->data before updating BOX_READY in b->flag, or else consume() may see the new BOX_READY and the old data.',
  );
  expect(text).toContain('Read BOX_READY in b->flag before b->data, or else');
});

test('fields of one name are told apart in the whole sentence', () => {
  const fixture = pair('smp_w$0mb();', 'smp_rmb();')
    .replaceAll('int data;', 'struct { int flag; } *to;')
    .replaceAll('b->data', 'b->to->flag');
  const text = after(offered(fixture), 'Document this smp_wmb()')
    .split(/[\s*]+/)
    .join(' ');
  expect(text).toContain('may see the new b->flag and the old b->to->flag.');
});

test('long names are said once, as the code has them', () => {
  const long = (text: string) =>
    text
      .replaceAll(/\bdata\b/g, 'active_disable_stamps')
      .replaceAll(/\bflag\b/g, 'active_disable_times');
  const fixture = long(pair('smp_w$0mb();', 'smp_rmb();'))
    .replaceAll('b->active', 'box_of(b)->in.active')
    .replaceAll('struct box {', 'struct box { struct inner { ')
    .replace(/int valid; \};/g, 'int valid; } in; };\nstruct box *box_of(struct box *b);');
  const text = after(offered(fixture), 'Document both sides')
    .split(/[\s*]+/)
    .join(' ');
  expect(text).toContain(
    'Write in.active_disable_stamps before in.active_disable_times, or else consume() may see only the latter.',
  );
  expect(text).toContain(
    'Read in.active_disable_times before in.active_disable_stamps, or else the latter may be stale.',
  );
});

test('network code has its own style', () => {
  const found = offered(pair('smp_w$0mb();', 'smp_rmb();', '/net/core'));
  expect(after(found, 'Document this smp_wmb()')).toContain(`
        /* Write b->data before b->flag, or else consume() may see the new flag
         * and the old data. Pairs with smp_rmb() in consume().
         */
`);
});

test('both sides in one edit', () => {
  const text = after(offered(pair('smp_w$0mb();', 'smp_rmb();')), 'Document both sides');
  expect(text).toContain('Pairs with smp_rmb() in consume().');
  expect(text).toContain(`
        /*
         * Read b->flag before b->data, or else the new flag may be seen with
         * the old data. Pairs with smp_wmb() in publish().
         */
        smp_rmb();
`);
});

test('a comment that is there is added to, and nothing of it is lost', () => {
  const line = offered(pair('/* Publish it */\n            smp_w$0mb();', 'smp_rmb();'));
  expect(after(line, 'Name the partner of this smp_wmb()')).toContain(
    '\n        /* Publish it. Pairs with smp_rmb() in consume(). */\n',
  );
  const block = offered(
    pair('/*\n             * Publish it.\n             */\n            smp_w$0mb();', 'smp_rmb();'),
  );
  expect(after(block, 'Name the partner of this smp_wmb()')).toContain(`
        /*
         * Publish it.
         * Pairs with smp_rmb() in consume().
         */
`);
});

test.each([
  [
    'a comment that names the partner already',
    '/* Pairs with consume(). */ smp_w$0mb();',
    'smp_rmb();',
  ],
  [
    'a comment that has it in other words',
    '/* Before the flag, see smp_rmb() in\n             * consume().\n             */\n            smp_w$0mb();',
    'smp_rmb();',
  ],
  [
    'a comment that names the partner by what it does',
    '/*\n             * Ensure all accesses to b->flag are behind it.\n             *\n             * Pairs with the smp_rmb() when reading BOX_READY.\n             */\n            smp_w$0mb();',
    'smp_rmb();',
  ],
  ['the only statement of an if', 'if (b->valid)\n                    smp_w$0mb();', 'smp_rmb();'],
  ['what is not proven', 'smp_w$0mb();', 'if (b->valid)\n                    smp_rmb();'],
  ['what has no partner', 'smp_w$0mb();', ';'],
])('nothing is offered for %s', (_, write, read) =>
  expect(offered(pair(write, read)).actions).toEqual([]),
);

test.each([
  ['/* The box may be empty still */', 'Document this smp_rmb()', false],
  ['/* Read the flag before the data */', 'Name the partner of this smp_rmb()', true],
])(
  'a comment on the statement before is added to where it speaks of order: %s',
  (words, title, isAddedTo) => {
    const fixture = pair('smp_wmb();', 'smp_r$0mb();').replace(
      /if \(!READ_ONCE\(b->flag\)\)\n\s+return -1;/,
      `${words}\n            int flag = READ_ONCE(b->flag);`,
    );
    const text = after(offered(fixture.replace('return READ', 'return flag && READ')), title);
    expect(text.includes(words.slice(0, -3))).toBe(true);
    expect(
      /READ_ONCE\(b->flag\);\n\s+\/\*\n\s+\* Read b->flag before b->data, or else/.test(text),
    ).toBe(!isAddedTo);
    expect(text).toMatch(/Pairs with\s+(?:\* )?smp_wmb\(\) in publish\(\)\./);
  },
);

test.each(['see consume', 'Sync with consume().'])(
  'a comment that only leads to the partner says with what it pairs instead: %s',
  (words) => {
    const found = offered(pair(`/* ${words} */\n            smp_w$0mb();`, 'smp_rmb();'));
    const text = after(found, 'Name the partner of this smp_wmb()');
    expect(text).toContain(
      '\n        /* Pairs with smp_rmb() in consume(). */\n        smp_wmb();',
    );
  },
);

test('nothing is said where a likelier partner is not known', () => {
  const likelier = `
    //- /likelier.c
    ${STRUCT}
    int first(struct box *b)
    {
            if (!READ_ONCE(b->flag))
                    return -1;
            /* Pairs with smp_wmb() in publish(). */
            smp_rmb();
            return READ_ONCE(b->valid);
    }`;
  const found = offered(pair('smp_w$0mb();', 'smp_rmb();') + likelier);
  expect(found.actions.map(({ title }) => title)).toEqual([]);
});

test('the comment above the statement that an acquire is a part of is its own', () => {
  const fixture = pair('smp_wmb();', '').replace(
    'if (!READ_ONCE(b->flag))',
    '/* Wait for the flag */\n            if (!smp_load_ac$0quire(&b->flag))',
  );
  expect(after(offered(fixture), 'Name the partner of this smp_load_acquire()')).toContain(
    '/* Wait for the flag. Pairs with smp_wmb() in publish(). */\n        if (!smp_load_acquire',
  );
});

test('a sentence of a block that does not end is left, and what is added is a paragraph of its own', () => {
  const block = '/*\n             * Data before flag\n             */\n            smp_w$0mb();';
  expect(
    after(offered(pair(block, 'smp_rmb();')), 'Name the partner of this smp_wmb()'),
  ).toContain(`
        /*
         * Data before flag
         *
         * Pairs with smp_rmb() in consume().
         */
`);
});

test('a function that the other one calls is no partner that a comment should name', () => {
  const fixture = pair('smp_w$0mb();', 'smp_rmb();').replace(
    'WRITE_ONCE(b->flag, 1);',
    'WRITE_ONCE(b->flag, 1);\n            consume(b);',
  );
  expect(offered(fixture).actions.map(({ title }) => title)).toEqual([]);
});

test('who takes down what was set up is no partner that a comment should name', () => {
  const found = offered(`
    //- /box.c
    ${STRUCT}
    void set_up(struct box *b)
    {
            WRITE_ONCE(b->data, 1);
            smp_m$0b();
            WRITE_ONCE(b->flag, 1);
    }
    int take_down(struct box *b)
    {
            WRITE_ONCE(b->flag, 0);
            smp_mb();
            return READ_ONCE(b->data);
    }`);
  expect(found.actions.map(({ title }) => title)).toEqual([]);
});

test('two barriers of one function, whose accesses are those of callers, are not said to pair', () => {
  const found = offered(`
    //- /task.c
    struct task { unsigned long state; atomic_t count; struct task *next; void (*func)(struct task *); };
    static int task_trylock(struct task *t) { return !test_and_set_bit(TASK_RUN, &t->state); }
    void task_unlock(struct task *t)
    {
            smp_mb__before_atomic();
            clear_bit(TASK_RUN, &t->state);
            smp_mb__aft$0er_atomic();
    }
    void run(struct task *list)
    {
            while (list) {
                    struct task *t = list;
                    list = t->next;
                    if (task_trylock(t)) {
                            if (!atomic_read(&t->count)) {
                                    t->func(t);
                                    task_unlock(t);
                                    continue;
                            }
                            task_unlock(t);
                    }
                    t->next = NULL;
            }
    }`);
  expect(found.actions.map(({ title }) => title)).toEqual([]);
});

function withRow(before: string, after: string): Offered {
  const files = readFixture(`
    //- /alone.c
    ${STRUCT}
    void publish(struct box *b)
    {
            WRITE_ONCE(b->data, 1);
            smp_w$0mb();
            WRITE_ONCE(b->flag, 1);
    }`);
  const { path, cursor } = files[0]!;
  const host = hostOf(files);
  const barrier = { file: path, function: 'publish', primitive: 'smp_wmb', ordinal: 1 };
  const orders = [{ before, after }];
  const rows = [
    {
      barrier,
      path: 'box',
      invariant: 'I1',
      words: '',
      orders,
      verdict: 'needed',
      by: [],
    } as const,
  ];
  const texts = new Map(files.map((file) => [file.path, file.text]));
  host.apply([{ kind: 'needs', tables: [{ texts, rows, violations: [], unanswered: [] }] }]);
  return { files, actions: host.snapshot().actions(path, { start: cursor!, end: cursor! }) };
}

test('what a scenario needs it for is told in names of the code, not in those that the scenario has made', () => {
  expect(after(withRow('box.data', 'box.flag'), 'Document this smp_wmb()')).toContain(
    '/* Order box.data before box.flag. */',
  );
  expect(withRow('the_box.data', 'the_box.flag').actions.map(({ title }) => title)).not.toContain(
    'Document this smp_wmb()',
  );
});

test('every line ends before column 80, whatever the names are', () => {
  const name = 'a_rather_long_name_of_a_function_that_consumes_what_is_published';
  const found = offered(pair('smp_w$0mb();', 'smp_rmb();').replaceAll('consume', name));
  const text = after(found, 'Document both sides').replaceAll('\t', '        ');
  const comments = text.split('\n').filter((line) => /^\s*(?:\/?\*)/.test(line));
  expect(comments.length).toBeGreaterThan(4);
  for (const line of comments) expect(line.length).toBeLessThanOrEqual(80 + name.length);
});
