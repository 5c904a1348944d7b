/**
 * Draws barriers of a tree and says what is proven of them, with the code around both sides, for a person to judge:
 * `npm run judge -- TREE [--draw N] [--seed S]` prints Markdown. Judgements are kept in `test/judged/`.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { prove } from '../server/src/cli/prove.ts';
import { numbersFrom } from './fuzz/mutate.ts';

const BARRIER = /\bsmp_(?:mb|rmb|wmb|mb__\w+|store_mb|store_release|load_acquire)\s*\(/;

/** So many lines before and behind a barrier are shown. */
const AROUND = 25;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { draw: { type: 'string' }, seed: { type: 'string' } },
});
const [root] = positionals.map((path) => resolve(path));
if (root === undefined) throw new Error('usage: npm run judge -- TREE [--draw N] [--seed S]');
// Places are told as seen from here.
process.chdir(root);
const seed = Number(values.seed ?? 1);
const count = Number(values.draw ?? 20);

console.log(`# ${count} verdicts of a tree, drawn with seed ${seed}\n`);
const random = numbersFrom(seed);
const left = filesWithBarriers(root).flatMap((file) =>
  barrierLines(file).map((line) => `${file}:${line}`),
);
for (let drawn = 0; drawn < count && left.length > 0; ) {
  const [place] = left.splice(random(left.length), 1);
  const answer = await proven(place!);
  if (answer === undefined) continue;
  drawn += 1;
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
