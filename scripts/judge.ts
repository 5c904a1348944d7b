/**
 * Draws barriers of a tree and says what is proven of them, with the code around both sides, for a person to judge:
 * `npm run judge -- TREE [--draw N] [--seed S]` prints Markdown. Judgements are kept in `test/judged/`. With `--comments`
 * it is the comments that *Document this barrier* writes, as a patch that `scripts/checkpatch.pl` of the kernel reads.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { analyse } from '../server/src/cli/analysis.ts';
import { readPlace } from '../server/src/cli/place.ts';
import { prove } from '../server/src/cli/prove.ts';
import { unifiedDiff } from '../server/src/cli/unified-diff.ts';
import { edited, type TextEdit } from '../server/src/language-service/actions/action.ts';
import { numbersFrom } from './fuzz/mutate.ts';

const BARRIER = /\bsmp_(?:mb|rmb|wmb|mb__\w+|store_mb|store_release|load_acquire)\s*\(/;

/** So many lines before and behind a barrier are shown. */
const AROUND = 25;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { draw: { type: 'string' }, seed: { type: 'string' }, comments: { type: 'boolean' } },
});
const [root] = positionals.map((path) => resolve(path));
if (root === undefined)
  throw new Error('usage: npm run judge -- TREE [--draw N] [--seed S] [--comments]');
// Places are told as seen from here.
process.chdir(root);
const seed = Number(values.seed ?? 1);
const count = Number(values.draw ?? 20);

const what = values.comments ? 'comments' : 'verdicts';
console.log(`# ${count} ${what} of a tree, drawn with seed ${seed}\n`);
const random = numbersFrom(seed);
const left = filesWithBarriers(root).flatMap((file) =>
  barrierLines(file).map((line) => `${file}:${line}`),
);
let looked = 0;
for (let drawn = 0; drawn < count && left.length > 0; looked++) {
  const [place] = left.splice(random(left.length), 1);
  const answer = values.comments ? await comment(place!) : await proven(place!);
  if (answer === undefined) continue;
  drawn += 1;
  if (values.comments) {
    console.log(`## ${drawn}. ${relative(root, place!)}, ${looked + 1} drawn\n\n${answer}`);
    continue;
  }
  console.log(`## ${drawn}. ${relative(root, place!)}\n`);
  console.log(`\`\`\`text\n${answer}\`\`\`\n`);
  for (const each of placesIn(answer)) console.log(codeAround(each));
}

/** What the command line says of the barrier of a line; undefined where it has no partner. */
async function proven(place: string): Promise<string | undefined> {
  const told: string[] = [];
  const output = {
    write: (more: string) => void told.push(more),
    warn: () => undefined,
  };
  await prove.run([place], output);
  const text = told.join('');
  return text.includes('pairs with') ? text : undefined;
}

/** The patch that the comment of the barrier of a line is, where it is proven; both sides at once where both get one. */
async function comment(place: string): Promise<string | undefined> {
  const { file, line } = readPlace([place]);
  const analysis = await analyse([file], {
    verdicts: 'none',
    relativeTo: 'directory',
    scenarios: true,
  });
  const barriers = (analysis.snapshot.facts(file)?.sites ?? []).filter(
    (site) => site.line === line,
  );
  const ids = new Set(barriers.map(({ id }) => id));
  const { tree } = analysis.snapshot.moment;
  const asked = tree
    .everyPairing()
    .filter(({ sites }) => sites.some((site) => site.file === file && ids.has(site.id)));
  const snapshot = analysis.solve(asked);
  const actions = barriers.flatMap(({ span }) => snapshot.actions(file, span));
  const action = actions.find(({ title }) => /^(?:Document|Name the partner of) this /.test(title));
  if (action === undefined) return undefined;
  const both = actions.find(({ title }) => title === 'Document both sides') ?? action;
  const files = [...new Set(both.edits.map((edit) => edit.file))];
  return files.map((each) => patch(each, both.edits)).join('');
}

/** What edits of one file are, as a patch. */
function patch(file: string, edits: readonly TextEdit[]): string {
  const text = readFileSync(file, 'utf8');
  const lineOf = (offset: number) => text.slice(0, offset).split('\n').length - 1;
  const lines = text.split('\n');
  const changes = edits
    .filter((edit) => edit.file === file)
    .toSorted((one, other) => one.span.start - other.span.start)
    .map((edit) => {
      const [from, to] = [lineOf(edit.span.start), lineOf(edit.span.end) + 1];
      const begin = lines.slice(0, from).reduce((sum, line) => sum + line.length + 1, 0);
      const span = { start: edit.span.start - begin, end: edit.span.end - begin };
      const old = lines.slice(from, to);
      const made = edited(old.join('\n'), [{ ...edit, span }]).split('\n');
      // A line that stays is none that is replaced.
      const kept = old.length === 1 && made.at(-1) === old[0] ? 1 : 0;
      return {
        at: from,
        removed: old.length - kept,
        lines: made.slice(0, made.length - kept),
      };
    });
  return unifiedDiff(relative(root!, file), text, changes);
}

interface FileLine {
  readonly file: string;
  readonly line: number;
}

/** Where the two barriers stand: the first two places of the answer. */
function placesIn(answer: string): readonly FileLine[] {
  const titles = answer.split('\n').slice(0, 2).join('\n');
  return [...titles.matchAll(/(\S+\.[ch]):(\d+)/g)].map(([, file, line]) => ({
    file: file!,
    line: Number(line),
  }));
}

function codeAround({ file, line }: FileLine): string {
  const lines = readFileSync(resolve(file), 'utf8').split('\n');
  const from = Math.max(0, line - AROUND);
  const shown = lines
    .slice(from, line + AROUND)
    .map(
      (text, at) =>
        `${from + at + 1 === line ? '>' : ' '}${String(from + at + 1).padStart(6)} ${text}`,
    );
  return `\`\`\`c\n${relative(root!, resolve(file))}\n${shown.join('\n')}\n\`\`\`\n`;
}

function filesWithBarriers(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[ch]$/.test(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => !/\/(?:Documentation|tools|scripts|samples|asm|arch)\//.test(file))
    .sort();
}

/** The lines of a file on which a barrier stands, comments aside. */
function barrierLines(file: string): readonly number[] {
  const text = readFileSync(file, 'utf8');
  if (!BARRIER.test(text)) return [];
  return text
    .split('\n')
    .flatMap((line, at) =>
      BARRIER.test(line) && !/^\s*(?:\*|\/[*/]|#)/.test(line) ? [at + 1] : [],
    );
}
