/** Over barriers of both kernels, drawn at random: lens, hover, squiggle, execution, `check`, `pairs` and `explain` agree. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Analysis, analyse } from '../../server/src/cli/analysis.ts';
import type { Explanation } from '../../server/src/language-service/explanation.ts';
import { plain } from '../../server/src/language-service/markup.ts';
import { KERNELS, linuxSource } from '../support/linux-source.ts';
import { run } from './support/run.ts';

const SEED = Number(process.env['BARRIERLENS_SEED'] ?? 20261128);

/** Where both trees that the tests know have barriers. */
const FOLDERS = ['kernel/livepatch', 'kernel/locking', 'kernel/trace', 'kernel/events', 'lib'];
const LARGEST = 60_000;
const BARRIER = /\bsmp_(?:[rw]?mb|mb__(?:before|after)_atomic|store_release|load_acquire)\(/;

/** A file of one of the folders with a barrier in it. */
function drawn(tree: string): string {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(tree, folder))
      .filter((name) => name.endsWith('.c'))
      .sort()
      .map((name) => join(tree, folder, name)),
  ).filter((path) => {
    const text = readFileSync(path, 'utf8');
    return text.length < LARGEST && BARRIER.test(text);
  });
  return files[SEED % files.length]!;
}

interface Told {
  readonly analysis: Analysis;
  readonly file: string;
  readonly warnings: readonly { readonly line: number; readonly column: number }[];
  readonly pairings: readonly {
    readonly sites: readonly string[];
    readonly sides: readonly string[];
  }[];
}

/** What the commands say of a file, and the snapshot that an editor would ask. */
async function told(file: string): Promise<Told> {
  const options = { verdicts: 'all', relativeTo: 'path', scenarios: true } as const;
  const analysis = await analyse([file], options);
  const checked = JSON.parse((await run('check', file, '--format', 'json')).out);
  const { pairings } = JSON.parse((await run('pairs', file, '--json')).out);
  return { analysis, file, warnings: checked.findings ?? checked, pairings };
}

/** What `pairs` says of the site in its pairings. */
function kindsOf({ analysis, file, pairings }: Told, { site }: Explanation): readonly string[] {
  const id = `${analysis.show(file)}:${site.id}`;
  return pairings.flatMap(({ sites, sides }) => sides.filter((_, at) => sites[at] === id));
}

function checkSite(said: Told, explanation: Explanation): void {
  const { analysis, file, warnings } = said;
  const { snapshot } = analysis;
  const { site, needs, partners } = explanation;
  const lens = snapshot.lenses(file).find(({ span }) => span.start === site.span.start)!.title;
  const hover = snapshot.hover(file, site.span.start, plain(String))!.text;
  const verdict = lens.split(' · ')[0]!;
  expect(lens.length).toBeLessThanOrEqual(60);
  expect(hover.split('\n').length).toBeLessThanOrEqual(12);
  expect(`${lens}${hover}`).not.toContain('?.');
  expect(hover.startsWith(verdict.replace(/…$/, ''))).toBe(true);

  const isWarned = warnings.some(
    ({ line, column }) => line === site.line && column === site.column,
  );
  if (isWarned) expect(verdict).toMatch(/^✗ /);
  if (verdict.startsWith('✗ ')) expect(warnings).not.toEqual([]);

  const kinds = kindsOf(said, explanation);
  if (verdict.startsWith('✓ ') && needs.length === 0) expect(kinds).toContain('needed');
  if (kinds.includes('broken')) expect(verdict).toMatch(/^✗ /);
  if (verdict.startsWith('○ redundant') && needs.length === 0) expect(kinds).toContain('redundant');

  const shown = partners.map(({ verdict: of, side }) => of?.answer?.orders[0]?.sides[side].kind);
  if (snapshot.hasExecution(file, site.span.start))
    expect(kinds.some((kind) => kind === 'needed' || kind === 'broken')).toBe(true);
  else expect(shown).not.toContain('broken');
}

describe.each(KERNELS)(`Linux $kernel (BARRIERLENS_SEED=${SEED})`, ({ kernel, without }) => {
  const tree = linuxSource(kernel);
  test.skipIf(tree === undefined)(`one file (${without})`, async () => {
    const file = drawn(tree!);
    const said = await told(file);
    const explanations = said.analysis.snapshot.explanations(file);
    expect(explanations, file).not.toEqual([]);
    for (const explanation of explanations) checkSite(said, explanation);
    const { site } = explanations[SEED % explanations.length]!;
    const { out } = await run('explain', `${file}:${site.line}:${site.column}`);
    const hover = said.analysis.snapshot.hover(file, site.span.start, plain(String))!.text;
    expect(out.split('\n')[0]).toBe(hover.split('\n')[0]);
  });
});
