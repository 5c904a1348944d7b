/**
 * What an edit of a labelled pair is worth: `npm run mutate -- TREE PAIRS.jsonl [--count N] [--seed S]` draws pairs, makes each
 * barrier disappear, weaker, or stand on the other side of its neighbour, renames the partner, and counts where a
 * warning appears that was not there. An edit of a barrier that is not proven to be needed counts apart.
 */

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { waitingFileSystem } from '../server/src/disk/node-file-system.ts';
import { readSettings } from '../server/src/language-service/config.ts';
import { createHost, type Host } from '../server/src/language-service/host.ts';
import { indexTree } from '../server/src/language-service/index-tree.ts';
import { createEngine } from '../server/src/language-service/node-engine.ts';
import { numbersFrom } from './fuzz/mutate.ts';

/** A site, and the partner that its comment names. */
interface Labelled {
  readonly id: string;
  readonly file: string;
  readonly line: number;
  readonly function: string;
  readonly primitive: string;
  readonly status: string;
  readonly cat: string;
  readonly partner_function: string;
  readonly actual_function?: string;
  readonly partner_file: string | null;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { count: { type: 'string' }, seed: { type: 'string' } },
});
const [tree, data] = positionals.map((path) => resolve(path));
if (tree === undefined || data === undefined)
  throw new Error('usage: npm run mutate -- TREE PAIRS.jsonl [--count N] [--seed S]');
const seed = Number(values.seed ?? 1);
const count = Number(values.count ?? 200);
console.log(`${count} labelled pairs, drawn with seed ${seed}`);

const engine = await createEngine();
const random = numbersFrom(seed);
const rows = readFileSync(data, 'utf8')
  .trim()
  .split('\n')
  .map((line): Labelled => JSON.parse(line))
  .filter(
    ({ status, cat, partner_file }) => status === 'resolved' && cat === 'explicit' && partner_file,
  );
const counted = new Map<string, { made: number; told: number }>();
for (let drawn = 0; drawn < count && rows.length > 0; drawn++) {
  const [row] = rows.splice(random(rows.length), 1);
  await tryAll(row!);
}
console.log('');
for (const [kind, { made, told }] of counted) console.log(`${kind}: ${told} of ${made} told`);

/** An edit of one file. */
interface Mutation {
  readonly kind: string;
  readonly file: string;
  readonly text: string;
}

async function tryAll(row: Labelled): Promise<void> {
  const files = [row.file, row.partner_file!].map((file) => join(tree!, file));
  const host = await hostOf(files);
  const before = told(host, row, files);
  const needed = isNeeded(host, files[0]!, row.line);
  const saved = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
  for (const { kind, file, text } of mutations(row, files, saved)) {
    host.apply([{ kind: 'buffer', path: file, text }]);
    const fresh = [...told(host, row, files)].filter((each) => !before.has(each));
    host.apply([{ kind: 'buffer', path: file, text: saved.get(file)! }]);
    const group = kind === 'renamed' || needed ? kind : `${kind}, not proven needed`;
    const sum = counted.get(group) ?? { made: 0, told: 0 };
    counted.set(group, { made: sum.made + 1, told: sum.told + (fresh.length > 0 ? 1 : 0) });
    const answer = fresh.length > 0 ? 'told  ' : 'SILENT';
    console.log(`${answer} ${group}: ${row.id} ${row.file}:${row.line} ${row.primitive}()`);
  }
}

/** A host that has read the files and what lies around them, and has simulated what concerns them. */
async function hostOf(files: readonly string[]): Promise<Host> {
  const host = createHost({ engine, inKernelTree: () => true });
  const { surroundings, maxFiles, maxFileSize } = readSettings(undefined).index;
  await indexTree({
    host,
    files: waitingFileSystem,
    roots: [...new Set(files)],
    surroundings,
    maxFiles,
    maxFileSize,
    cancelled: () => false,
    foundKernel: () => undefined,
    progress: () => undefined,
  });
  return host;
}

/** The warnings of the files, places aside (an edit moves them), once all is proven that concerns the two functions. */
function told(host: Host, row: Labelled, files: readonly string[]): ReadonlySet<string> {
  const names = new Set([row.function, row.partner_function, row.actual_function]);
  const { tree: known } = host.snapshot().moment;
  host.solve(
    known
      .everyPairing()
      .filter(({ sites }) =>
        sites.some((ref) => files.includes(ref.file) && names.has(known.site(ref)?.site.function)),
      ),
  );
  const snapshot = host.snapshot();
  return new Set(
    files.flatMap((file) =>
      snapshot
        .diagnostics(file)
        .filter(({ severity }) => severity === 'error' || severity === 'warning')
        .map(({ code, message }) => `${file} ${code} ${message}`),
    ),
  );
}

/** Whether a pairing of the barrier on that line is proven to need it. */
function isNeeded(host: Host, file: string, line: number): boolean {
  const { tree: known, verdictOf } = host.snapshot().moment;
  const sites = known.facts(file)?.sites.filter((site) => site.line === line) ?? [];
  return sites.some(({ id }) =>
    known.partnerships(file, id).some(({ pairing, side }) => {
      const answer = verdictOf(pairing)?.answer;
      return answer?.orders.some(({ sides }) => sides[side].kind === 'needed') === true;
    }),
  );
}

/** The text with another name for a function, comments aside. */
function renamed(text: string, name: string): string {
  const words = new RegExp(`/\\*[\\s\\S]*?\\*/|//.*|\\b${name}\\b`, 'g');
  return text.replaceAll(words, (part) => (part === name ? `${name.slice(0, -1)}_now` : part));
}

function mutations(
  { line, primitive, partner_function, actual_function }: Labelled,
  [file, partner]: readonly string[],
  saved: ReadonlyMap<string, string>,
): readonly Mutation[] {
  const lines = saved.get(file!)!.split('\n');
  const own = lines[line - 1] ?? '';
  const edited = (kind: string, changed: readonly string[]): Mutation => ({
    kind,
    file: file!,
    text: [...lines.slice(0, line - 1), ...changed, ...lines.slice(line - 1 + changed.length)].join(
      '\n',
    ),
  });
  const found: Mutation[] = [];
  const fence = new RegExp(`^(\\s*)${primitive}\\(\\);(.*)$`).exec(own);
  if (fence !== null) {
    const [, indent = '', rest = ''] = fence;
    found.push(edited('deleted', [`${indent};${rest}`]));
    found.push(edited('weakened', [`${indent}barrier();${rest}`]));
    const next = lines[line] ?? '';
    if (/^\s*[^/*{}\s#].*;\s*$/.test(next)) found.push(edited('moved', [next, own]));
  }
  const weaker = own
    .replace(/\bsmp_store_release\(&/, 'WRITE_ONCE(')
    .replace(/\bsmp_load_acquire\(&/, 'READ_ONCE(');
  if (weaker !== own) found.push(edited('weakened', [weaker]));
  const name = actual_function ?? partner_function;
  const text = saved.get(partner!)!;
  // What a header declares has to be renamed there, too.
  const isOwn = new RegExp(`^static\\b.*\\b${name}\\(`, 'm').test(text);
  if (isOwn) found.push({ kind: 'renamed', file: partner!, text: renamed(text, name) });
  return found;
}
