/** What a team has agreed on holds for the command line, wherever below it is asked. */

import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { folderWith, run } from './support/run.ts';

/** A kernel tree with a barrier whose comment names a function that is not there. */
const STRAY = {
  Kbuild: '',
  Kconfig: '',
  'include/linux/types.h': '',
  'a/b/reader.c': `struct box { int data; int flag; };
int consume(struct box *b)
{
	if (!READ_ONCE(b->flag))
		return -1;
	/* Pairs with smp_wmb() in nobody(). */
	smp_rmb();
	return READ_ONCE(b->data);
}
`,
  'a/b/other.c': 'int nothing(void)\n{\n\treturn 0;\n}\n',
};

/** A writer that forgets its barrier, and what nobody may see. */
const BOX = {
  'box.c': `struct box { int data; int flag; };
void publish(struct box *b)
{
	WRITE_ONCE(b->data, 1);
	WRITE_ONCE(b->flag, 1);
}
int consume(struct box *b)
{
	if (!READ_ONCE(b->flag))
		return -1;
	smp_rmb();
	return READ_ONCE(b->data);
}
`,
  'tests/box.scenario': `C box
source: src/box.c
{ struct box the_box = { }; }
P0 { publish(&the_box); }
P1 { seen = consume(&the_box); }
never half "half a box is seen": (P1:seen = 0)
`,
};

let tree: string;

function project(text: string, folder = tree): void {
  writeFileSync(join(folder, '.barrierlens.toml'), text);
}

/** The codes of what `check` tells of paths below the tree. */
async function codes(path = '.', ...options: readonly string[]): Promise<readonly string[]> {
  const { out } = await run('check', join(tree, path), ...options);
  return [...out.matchAll(/: (\w+): .* \[([\w-]+)\]$/gm)].map(
    ([, word, code]) => `${word} ${code}`,
  );
}

beforeEach(() => {
  tree = folderWith({
    ...STRAY,
    'src/box.c': BOX['box.c'],
    'tests/box.scenario': BOX['tests/box.scenario'],
  });
});
afterEach(() => rmSync(tree, { recursive: true, force: true }));

describe('levels', () => {
  test('of the nearest file above the path', async () => {
    expect(await codes('a/b')).toEqual(['warning unresolved-claim']);
    project('[levels]\nunresolved-claim = "error"\n');
    expect(await codes('a/b')).toEqual(['error unresolved-claim']);
    expect(await codes('a/b/reader.c')).toEqual(['error unresolved-claim']);
    project('[levels]\nunresolved-claim = "information"\n', join(tree, 'a'));
    expect(await codes('a/b')).toEqual([]);
    expect(await codes('a/b', '--level', 'information')).toEqual(['note unresolved-claim']);
  });

  test('that are off are asked for by name alone', async () => {
    project('[levels]\nunresolved-claim = "off"\n');
    expect(await codes('a/b', '--level', 'hint')).not.toContain('warning unresolved-claim');
    expect(await codes('a/b', '--rule', 'unresolved-claim')).toEqual(['warning unresolved-claim']);
  });
});

test('of what is excluded nothing is told, of what lies beside it all', async () => {
  expect((await run('check', tree)).code).toBe(1);
  project('exclude = ["a/b", "tests", "src"]\n');
  expect(await run('check', join(tree, 'a'))).toEqual({ code: 0, out: '', err: '' });
  project('exclude = ["a/b/other.c"]\n');
  expect(await codes('a')).toEqual(['warning unresolved-claim']);
  expect(await codes('a', '--exclude', join(tree, 'a/b/reader.c'))).toEqual([]);
});

describe('scenarios', () => {
  test('are run for the files that they name, from wherever below', async () => {
    expect(await codes('src')).toEqual(['warning unpaired-barrier']);
    project('scenarios = ["tests/box.scenario"]\n');
    expect(await codes('src')).toContain('warning violated-invariant');
    expect(await codes('a')).toEqual(['warning unresolved-claim']);
    project('scenarios = ["tests"]\n');
    expect(await codes('src')).toContain('warning violated-invariant');
  });

  test('that are not there, or elsewhere, are told with their line, and nothing of them is read', async () => {
    const outside = folderWith({ 'x.scenario': BOX['tests/box.scenario'], 'c/y.scenario': 'C y' });
    symlinkSync(join(outside, 'x.scenario'), join(tree, 'link.scenario'));
    symlinkSync(join(outside, 'c'), join(tree, 'folder'));
    mkdirSync(join(tree, 'empty'));
    project(`scenarios = [
  "gone.scenario",
  "link.scenario",
  "folder",
  "empty",
  "nowhere",
]
`);
    const { code, err } = await run('check', join(tree, 'src'));
    expect(code).toBe(1);
    const told = [...err.matchAll(/\.barrierlens\.toml:(\d+): (.*)/g)].map(
      ([, line, message]) => `${line} ${message}`,
    );
    expect(told).toEqual([
      expect.stringMatching(/^2 gone\.scenario: /),
      '3 link.scenario: not read: it lies outside of the folder that was opened',
      '4 folder: not read: it lies outside of the folder that was opened',
      '5 there is no scenario below empty',
      expect.stringMatching(/^6 nowhere: /),
    ]);
    rmSync(outside, { recursive: true });
  });

  test('that are excluded are not run, and their mistakes not told', async () => {
    writeFileSync(join(tree, 'tests/wrong.scenario'), 'C wrong\nsource: src/box.c\nnonsense\n');
    expect((await run('check', tree)).err).toContain('wrong.scenario:3');
    project('scenarios = ["tests"]\nexclude = ["tests/wrong.scenario"]\n');
    for (const path of ['.', 'src']) {
      const { out, err } = await run('check', join(tree, path));
      expect(out).toContain('[violated-invariant]');
      expect(err).toBe('');
    }
    project('scenarios = ["tests"]\nexclude = ["tests"]\n');
    expect(await codes('src')).toEqual(['warning unpaired-barrier']);
  });

  test('that cannot be read are told', async () => {
    project('scenarios = ["tests/box.scenario"]\n');
    writeFileSync(join(tree, 'tests/box.scenario'), 'C box\nsource: src/box.c\nnonsense\n');
    const { code, err } = await run('check', join(tree, 'src'));
    expect(code).toBe(1);
    expect(err).toContain('box.scenario:3');
  });
});

test('what is wrong is told once, the exit code says so, and what is right holds', async () => {
  project('exlude = ["a"]\n[levels]\nunresolved-claim = "error"\n');
  const { code, out, err } = await run('check', join(tree, 'a'));
  expect(out).toContain(': error: ');
  expect(err.split('there is no setting "exlude"; "exclude" is near')).toHaveLength(2);
  expect(err).toContain('.barrierlens.toml:1: ');
  expect(code).toBe(1);
  rmSync(join(tree, 'a/b'), { recursive: true });
  expect((await run('check', join(tree, 'a'))).code).toBe(1);
});

test('one that is a folder, or too large, is told, and the rest goes on', async () => {
  mkdirSync(join(tree, 'a/.barrierlens.toml'));
  const folder = await run('check', join(tree, 'a'));
  expect(folder.err).toContain('.barrierlens.toml:1: ');
  expect(folder.out).toContain('unresolved-claim');
  rmSync(join(tree, 'a/.barrierlens.toml'), { recursive: true });
  project(`#${' '.repeat(200_000)}\n`);
  const large = await run('check', join(tree, 'a'));
  expect(large.err).toMatch(/\.barrierlens\.toml:1: .*large/);
  expect(large.out).toContain('unresolved-claim');
});

test('of two paths with a file each the first one holds, which is told', async () => {
  project('[levels]\nunresolved-claim = "error"\n', join(tree, 'a'));
  project('[levels]\nunresolved-claim = "off"\n', join(tree, 'src'));
  const { out, err } = await run('check', join(tree, 'a'), join(tree, 'src'));
  expect(out).toContain(': error: ');
  expect(err).toMatch(/src\/\.barrierlens\.toml: not used: the project file of the first PATH/);
});

test('a run that was remembered is not told again when the file has changed', async () => {
  vi.stubEnv('BARRIERLENS_CACHE', folderWith({}));
  expect(await codes('a')).toEqual(['warning unresolved-claim']);
  expect(await codes('a')).toEqual(['warning unresolved-claim']);
  project('[levels]\nunresolved-claim = "error"\n');
  expect(await codes('a')).toEqual(['error unresolved-claim']);
  project('exclude = ["a"]\n', join(tree, 'a'));
  expect(await codes('a')).toEqual(['warning unresolved-claim']);
  project('exclude = ["b"]\n', join(tree, 'a'));
  expect(await codes('a')).toEqual([]);
  rmSync(join(tree, 'a/.barrierlens.toml'));
  rmSync(join(tree, '.barrierlens.toml'));
  expect(await codes('a')).toEqual(['warning unresolved-claim']);
  vi.unstubAllEnvs();
});

describe('operations of its own', () => {
  const RING = `struct ring { int data; int head; };
void produce(struct ring *ring)
{
	WRITE_ONCE(ring->data, 1);
	/* Pairs with ring_seen() in consume(). */
	ring_publish(ring, 1);
}
int consume(struct ring *r)
{
	/* Pairs with ring_publish() in produce(). */
	if (!ring_seen(r))
		return -1;
	return READ_ONCE(r->data);
}
void write_half(struct ring *ring)
{
	WRITE_ONCE(ring->data, 1);
	/* Pairs with smp_rmb() in read_half(). */
	sub_wmb();
	WRITE_ONCE(ring->head, 1);
}
int read_half(struct ring *ring)
{
	if (!READ_ONCE(ring->head))
		return -1;
	/* Pairs with sub_wmb() in write_half(). */
	smp_rmb();
	return READ_ONCE(ring->data);
}
`;
  const OPERATIONS = `[operations]
"ring_publish(to, at)" = "smp_store_release(&to->head, at)"
"ring_seen(from)" = "smp_load_acquire(&from->head)"
"sub_wmb()" = "smp_wmb()"
`;

  /** Each barrier of the file with what is said of it. */
  async function pairs(): Promise<readonly string[]> {
    const { out } = await run('pairs', join(tree, 'ring'));
    return out.split('\n').filter((line) => /^\S/.test(line));
  }
  const PROVED = [
    expect.stringMatching(
      /^ring.c:6:2: smp_store_release\(\) in produce\(\): ✓ needed · pairs with consume\(\)/,
    ),
    expect.stringMatching(
      /^ring.c:11:7: smp_load_acquire\(\) in consume\(\): ✓ needed · pairs with produce\(\)/,
    ),
    expect.stringMatching(
      /^ring.c:19:2: smp_wmb\(\) in write_half\(\): ✓ needed · pairs with read_half\(\)/,
    ),
    expect.stringMatching(
      /^ring.c:27:2: smp_rmb\(\) in read_half\(\): ✓ needed · pairs with write_half\(\)/,
    ),
  ];

  beforeEach(() => {
    mkdirSync(join(tree, 'ring'));
    writeFileSync(join(tree, 'ring/ring.c'), RING);
    project(OPERATIONS);
  });

  test('are proved as what they stand for, whichever argument is which', async () => {
    expect(await pairs()).toEqual(PROVED);
    expect(await run('check', join(tree, 'ring'), '--level', 'information')).toEqual({
      code: 0,
      out: '',
      err: '',
    });
  });

  test('are what the file says, whatever the tree makes of them', async () => {
    const asm = `#define ring_publish(ring, at) asm volatile("stlr" :: "r" (at) : "memory")
#define ring_seen(ring) ({ int v; asm volatile("ldar" : "=r" (v)); v; })
static inline void sub_wmb(void)
{
	asm volatile("dmb ishst" ::: "memory");
}
`;
    writeFileSync(join(tree, 'ring/ring.h'), asm);
    writeFileSync(join(tree, 'ring/ring.c'), `#include "ring.h"\n${RING}`);
    const moved = (await pairs()).map((line) => line.replace(/:(\d+):/, (_, at) => `:${at - 1}:`));
    expect(moved).toEqual(PROVED);
  });

  test('that a comment names alone are no functions that are not there', async () => {
    const bare = RING.replace('ring_seen() in consume()', 'ring_seen()');
    writeFileSync(join(tree, 'ring/ring.c'), bare);
    expect((await run('check', join(tree, 'ring'), '--level', 'information')).out).toBe('');
    expect(await pairs()).toEqual(PROVED);
  });

  test('of the wrong kind are found out by the proof', async () => {
    project(OPERATIONS.replace('"smp_wmb()"', '"smp_rmb()"'));
    const { code, out } = await run('check', join(tree, 'ring'));
    expect(code).toBe(1);
    expect(out).toContain('whose smp_rmb() cannot pair with it');
  });

  test('make a file worth reading, and hold for those below the file alone', async () => {
    for (let at = 0; at < 70; at++) writeFileSync(join(tree, `ring/x${at}.c`), 'int x;\n');
    const writer = `struct pipe { int data; int flag; };
void fill(struct pipe *p)
{
	WRITE_ONCE(p->data, 1);
	sub_wmb();
	WRITE_ONCE(p->flag, 1);
}
`;
    writeFileSync(join(tree, 'ring/pipe.c'), writer);
    expect(await pairs()).toContainEqual(
      expect.stringMatching(/^pipe.c:5:2: smp_wmb\(\) in fill\(\)/),
    );
    rmSync(join(tree, '.barrierlens.toml'));
    project(OPERATIONS, join(tree, 'a'));
    const { out } = await run('pairs', join(tree, 'a'), join(tree, 'ring'));
    expect(out).toContain('reader.c');
    expect(out).not.toContain('smp_wmb() in');
  });

  test('of which a call has too few arguments are not meant by it', async () => {
    writeFileSync(
      join(tree, 'ring/ring.c'),
      RING.replace('ring_publish(ring, 1)', 'ring_publish(ring)'),
    );
    expect((await pairs())[0]).not.toContain('smp_store_release');
  });

  test('that change are asked about again', async () => {
    vi.stubEnv('BARRIERLENS_CACHE', folderWith({}));
    expect(await pairs()).toEqual(PROVED);
    project(OPERATIONS.replace('"smp_wmb()"', '"smp_mb()"'));
    expect((await pairs())[2]).toContain('smp_mb() in write_half(): ✓ needed');
    project(OPERATIONS.replace('to->head', 'to->data'));
    expect((await pairs())[0]).not.toContain('needed');
    project(OPERATIONS);
    expect(await pairs()).toEqual(PROVED);
    vi.unstubAllEnvs();
  });
});
