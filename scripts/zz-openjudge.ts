/** scratch */
import { resolve } from 'node:path';
import { nodeFileSystem } from '../server/src/disk/node-file-system.ts';
import { fieldName } from '../server/src/facts/file-facts.ts';
import { readSettings } from '../server/src/language-service/config.ts';
import { createHost } from '../server/src/language-service/host.ts';
import { indexTree } from '../server/src/language-service/index-tree.ts';
import { createEngine, loadParser } from '../server/src/language-service/node-engine.ts';
import { isNoteworthy } from '../server/src/language-service/words.ts';
import type { SourceText } from '../server/src/lowering/lowering.ts';
import { checkOpenly } from '../server/src/proof/open-check.ts';
import { candidatesOf, protocolsOf } from '../server/src/proof/protocol.ts';
import { parseKernelC } from '../server/src/syntax/parse.ts';

const parser = await loadParser();
const [root, show, only] = process.argv.slice(2) as string[];
const engine = await createEngine({});
const kernels = new Set<string>();
const host = createHost({ engine, inKernelTree: () => true });
const { index } = readSettings(undefined);
const { own } = await indexTree({
  host,
  files: nodeFileSystem,
  roots: [resolve(root!)],
  surroundings: true,
  maxFiles: 9999,
  maxFileSize: index.maxFileSize,
  cancelled: () => false,
  foundKernel: (r) => void kernels.add(r),
  progress: () => undefined,
});
const snapshot = host.snapshot();
const { tree, textOf } = snapshot.moment;
const cache = new Map<string, SourceText>();
const parse = (file: string, text: string, place?: any): SourceText => ({
  file,
  text,
  parsed: parseKernelC(parser, text, place),
});
const parsed = (file: string, text: string) => {
  const known = cache.get(file);
  if (known) return known;
  const made = parse(file, text);
  cache.set(file, made);
  return made;
};
const counts = new Map<string, number>();
const times: number[] = [];
let n = 0;
const seen = new Set<string>();
for (const file of [...own].sort()) {
  for (const site of tree.facts(file)?.sites ?? []) {
    if (!isNoteworthy(site) || !site.explicit) continue;
    if (only && !`${file}:${site.function}`.includes(only)) continue;
    const [best] = tree.partnerships(file, site.id);
    if (best === undefined) continue;
    const key = best.pairing.sites.map(({ file, id }) => file + id).join('|');
    if (seen.has(key)) continue; if (n > Number(process.env['N'] ?? 1e9)) continue;
    seen.add(key);
    n++;
    const sites = best.pairing.sites.map((ref) => {
      const p = tree.site(ref)!;
      return { file: p.file, site: tree.completed(p) };
    }) as any;
    
    const protocols = protocolsOf(candidatesOf(best.pairing, sites, {facts: tree.facts, functions: tree.functions}), sites);
    const title = `${sites.map((s: any) => `${s.file.replace(/.*linux-source-6\.\d+\//, '')}:${s.site.line} ${s.site.primitive} ${s.site.function}`).join('  <->  ')}`;
    const say = (verdict: string, more = '') => {
      counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
      if (show)
        console.log(`${verdict.padEnd(12)} [${best.pairing.sources}] ${title}\n      ${more}`);
    };
    if (protocols.length === 0) {
      say('no-fields', '');
      continue;
    }
    const before = process.cpuUsage();
    let final = '',
      told = '';
    try {
      const check = checkOpenly(best.pairing, sites, { functions: tree.functions,
        facts: tree.facts,
        parse,
        of: (files) => [
          ...new Set(
            files.flatMap((f) => {
              const text = textOf(f);
              return text === undefined
                ? []
                : [parsed(f, text), ...host.headers.of(f, text).map((h) => parsed(h.path, h.text))];
            }),
          ),
        ],
      });
      final = check.verdict.kind;
      told = check.orders
        .map(
          (o) =>
            `${fieldName(o.order.first)} ${fieldName(o.order.second)}: ${o.verdict.kind} [${o.sides.map((x) => x.kind)}] ${'reason' in o.verdict ? o.verdict.reason + ' ' + (o.verdict.place ? o.verdict.place.file.replace(/.*linux-source-6.\d+./, '') + ':' + textOf(o.verdict.place.file)?.slice(0, o.verdict.place.span.start).split('\n').length : '') : ''}`,
        )
        .join('\n      ');
      if (check.verdict.kind === 'unknown' && check.orders.length === 0)
        told = check.verdict.reason;
    } catch (error) {
      final = 'THROW';
      told = (error as Error).stack?.split('\n').slice(0, 4).join(' ') ?? '';
    }
    const { user } = process.cpuUsage(before);
    times.push(user / 1000);
    say(final, `${(user / 1000).toFixed(0)} ms ` + told);
  }
}
console.log(
  n,
  'pairings',
  [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([k, v]) => `${k} ${v}`)
    .join(', '),
);
times.sort((a, b) => a - b);
console.log(
  'cpu ms: median',
  times[times.length >> 1],
  'p90',
  times[Math.floor(times.length * 0.9)],
  'p99',
  times[Math.floor(times.length * 0.99)],
  'max',
  times.at(-1),
);
