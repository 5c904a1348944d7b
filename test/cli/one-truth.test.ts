/** Whoever is asked about a barrier says the same: lens, hover, `pairs`, its JSON, `explain` and `prove`. */

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { VerdictKind } from '../../server/src/proof/verdict.ts';
import { hostOf } from '../language-service/support/check.ts';
import { folderWith, run } from './support/run.ts';

const BOX = 'struct box { int data; int flag; int valid; };\n';

/** A writer and a reader of one box, with what stands between their accesses. */
function box(write: readonly string[], read: readonly string[]): Record<string, string> {
  const lines = (body: readonly string[]) => body.map((line) => `\t${line}\n`).join('');
  return {
    'writer.c': `${BOX}void publish(struct box *b)\n{\n${lines(write)}}\n`,
    'reader.c': `${BOX}int consume(struct box *b)\n{\n${lines(read)}}\n`,
  };
}

const WRITE = ['WRITE_ONCE(b->data, 1);', '/* Pairs with consume(). */', 'smp_wmb();'];
const READ = [
  'int flag = READ_ONCE(b->flag);',
  '/* Pairs with publish(). */',
  'smp_rmb();',
  'return flag ? READ_ONCE(b->data) : 0;',
];

const SAMPLES: Readonly<Record<string, Record<string, string>>> = {
  'both needed': box([...WRITE, 'WRITE_ONCE(b->flag, 1);'], READ),
  'one redundant': box([...WRITE, 'smp_store_release(&b->flag, 1);'], READ),
  'before both reads': box(
    [...WRITE, 'WRITE_ONCE(b->flag, 1);'],
    [
      '/* Pairs with publish(). */',
      'smp_rmb();',
      'return READ_ONCE(b->flag) ? READ_ONCE(b->data) : 0;',
    ],
  ),
  'nothing in common': box(
    [...WRITE, 'WRITE_ONCE(b->flag, 1);'],
    ['int x = READ_ONCE(b->valid);', '/* Pairs with publish(). */', 'smp_rmb();', 'return x;'],
  ),
  'a value that leads past': box([...WRITE, 'WRITE_ONCE(b->flag, 0);'], READ),
};

/** What lens and hover begin with. */
const VERDICTS: Readonly<Record<VerdictKind, RegExp>> = {
  needed: /^✓ needed/,
  redundant: /^○ redundant/,
  idle: /^○ nothing to order/,
  broken: /^✗ broken: /,
  unknown: /^\? not known/,
};

describe.each(Object.entries(SAMPLES))('%s', (_, files) => {
  test.each(['smp_wmb', 'smp_rmb'])('%s', async (primitive) => {
    const folder = folderWith(files);
    const json = JSON.parse((await run('pairs', folder, '--json')).out);
    const site = json.sites.find((each: { primitive: string }) => each.primitive === primitive);
    const pairing = json.pairings.find((each: { sites: string[] }) => each.sites.includes(site.id));
    const kind: VerdictKind = pairing.sides[pairing.sites.indexOf(site.id)];
    const at = `${join(folder, site.file)}:${site.line}`;
    const title = `${primitive}() in ${site.function}()`;

    const { out: pairs } = await run('pairs', folder);
    const [, partner] = pairs.slice(pairs.indexOf(`${title}: `)).split('\n');
    expect(partner).toMatch(new RegExp(`, ${kind}\\)$`));

    const { out: explained } = await run('explain', at);
    expect(explained).toMatch(VERDICTS[kind]);

    const { out: proved } = await run('prove', at);
    expect(proved).toMatch(
      new RegExp(`: ${kind}|${primitive}\\(\\) in ${site.function}\\(\\) ${kind}`),
    );

    const path = join(folder, site.file);
    const snapshot = hostOf(
      Object.entries(files).map(([name, text]) => ({ path: join(folder, name), text, marks: [] })),
    ).snapshot();
    const lens = snapshot.lenses(path).find(({ span }) => {
      const line = snapshot.lines(path)!.position(span.start).line + 1;
      return line === site.line;
    });
    expect(lens?.title).toMatch(VERDICTS[kind]);
    expect(lens?.title.length).toBeLessThanOrEqual(60);
    const warned = Object.keys(files)
      .flatMap((name) => snapshot.diagnostics(join(folder, name)))
      .filter(({ code }) => code === 'broken-pairing');
    expect(warned).toHaveLength(kind === 'broken' ? 1 : 0);
    const shows = snapshot.execution(
      path,
      snapshot.lines(path)!.offset({ line: site.line - 1, column: site.column - 1 }),
    );
    expect(shows !== undefined).toBe(kind === 'needed' || kind === 'broken');
  });
});

test('an outcome that is allowed is no broken pairing where no comment says that there is one', async () => {
  const [before, after] = ['WRITE_ONCE(b->data, 1);', 'WRITE_ONCE(b->flag, 1);'];
  const folder = folderWith(
    box(
      [before, 'smp_wmb();', after],
      [
        'int flag = READ_ONCE(b->flag);',
        'if (b->valid)',
        '\tsmp_rmb();',
        'return flag ? READ_ONCE(b->data) : 0;',
      ],
    ),
  );
  const { pairings } = JSON.parse((await run('pairs', folder, '--json')).out);
  expect(pairings).not.toEqual([]);
  expect(pairings.map(({ verdict }: { verdict: string }) => verdict)).not.toContain('broken');
  expect((await run('check', folder)).out).not.toContain('broken');
  expect((await run('explain', `${join(folder, 'writer.c')}:5`)).out).not.toContain('broken');
});
