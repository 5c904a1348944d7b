/** `barrierlens simulate --html`: a page that needs nothing else, with every row and every execution. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { sectionOf } from '../../server/src/language-service/page-section.ts';
import type { Page } from '../../server/src/language-service/table-page.ts';
import { runCommand } from '../support/simulated.ts';
import { folderWith } from './support/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'barrierlens-html-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The page that a command writes, and the data in it. */
async function pageFrom(...args: readonly string[]) {
  const file = join(folder, 'below', 'page.html');
  const { warnings } = await runCommand('simulate', ...args, '--html', file);
  expect(warnings).toEqual([]);
  const html = readFileSync(file, 'utf8');
  const [, data = ''] =
    /<script type="application\/json" id="page">(.*?)<\/script>/s.exec(html) ?? [];
  return { html, page: JSON.parse(data) as Page };
}

test('it asks for nothing from outside', async () => {
  const { html } = await pageFrom('livepatch');
  expect(html).toContain("default-src 'none'");
  expect(html).not.toMatch(/\b(?:src|href|action)="(?!#)/);
  expect(html).not.toMatch(/@import|url\(|https?:/);
});

test('it has the rows of the table, and executions with and without each barrier', async () => {
  const { page } = await pageFrom('livepatch');
  const { text } = await runCommand('simulate', 'livepatch', '--json');
  const { needs } = JSON.parse(text) as {
    needs: { barrier: { line: number }; verdict: string; path: string }[];
  };
  const lines = [...new Set(needs.map(({ barrier }) => barrier.line))];
  expect(page.rows).toHaveLength(lines.length);
  const told = needs.filter(({ verdict }) => verdict === 'needed' || verdict === 'redundant');
  const opened = page.rows.flatMap(({ cells }) => cells.flatMap(({ executions }) => executions));
  expect(opened).toHaveLength(told.length);
  const init = page.rows.find(({ name }) => /klp_init_transition\(\) smp_wmb\(\)$/.test(name))!;
  const disable = init.cells[page.paths.indexOf('disable')]!;
  expect(disable.text).toBe('needed for I1-before-the-switch');
  const { title, without, names, steps } = page.executions[disable.executions[0]!.at]!;
  expect(names).toMatchObject({ 0: 'updater', 1: 'caller' });
  expect(title).toMatch(/^disable, without .* I1-before-the-switch is violated$/);
  expect(without).toHaveLength(1);
  expect(steps.filter(({ isGone }) => isGone).map(({ message }) => message)).toEqual(['smp_wmb()']);
  expect(steps.some(({ isStale }) => isStale)).toBe(true);
  for (const { excerpt, line, where } of steps) {
    const { line: first, lines: source } = page.excerpts[excerpt!]!;
    expect(line, where).toBeGreaterThanOrEqual(first);
    expect(line, where).toBeLessThan(first + source.length);
  }
});

test('what the review says otherwise stands beside it, with the section that explains it', async () => {
  const { html, page } = await pageFrom('livepatch');
  const remarks = page.rows.flatMap(({ cells }) => cells.flatMap(({ remarks: all }) => all));
  expect(remarks).toContainEqual({
    words: 'the review: not needed',
    page: 'docs/livepatch.md#2-the-handler-after-the-switch-on-disable',
  });
  for (const { page: of } of remarks) {
    const [file = '', anchor = ''] = of.split('#');
    expect(sectionOf(readFileSync(file, 'utf8'), anchor), of).toBeDefined();
    expect(html).toContain(`<h3 id="${anchor}">`);
  }
});

test('no text of a scenario or a source ends the data or becomes a tag', async () => {
  const tree = folderWith({
    'box.c': 'int consume(int *b)\n{\n\t/* </script><b>bold</b> */\n\treturn READ_ONCE(*b);\n}\n',
    't.scenario': `C box
source: box.c
{ int x = 0; }
P0 { WRITE_ONCE(x, 1); }
P1 { seen = consume(&x); }
never old "</script><img src=x>": (P1:seen = 0)
`,
  });
  const { html, page } = await pageFrom(join(tree, 't.scenario'), '--tree', tree);
  expect(page.executions[0]!.about).toContain('</script><img src=x>');
  expect(page.excerpts.flatMap(({ lines }) => lines)).toContain('\t/* </script><b>bold</b> */');
  expect(html).not.toMatch(/<img|<b>/);
  rmSync(tree, { recursive: true });
});
