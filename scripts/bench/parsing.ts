/** How much of the kernel's C is understood, and how fast: `npm run bench -- parsing`. Directories can be named after `bench/parsing`. */

import { linuxSource, WITHOUT_LINUX } from '../../test/support/linux-source.ts';
import { testParser } from '../../test/support/parser.ts';
import type { Row } from '../bench-section.ts';
import { runSection } from '../bench-section.ts';
import type { Coverage } from '../parse-coverage.ts';
import { DIRECTORIES, parseCoverage, UNSEEN } from '../parse-coverage.ts';

await runSection({ name: 'parsing', run });

async function run(): Promise<readonly Row[] | string> {
  const linux = linuxSource();
  if (linux === undefined) return WITHOUT_LINUX;
  const parser = await testParser();
  const named = process.argv.slice(2);
  const groups = named.length > 0 ? [named] : [DIRECTORIES, UNSEEN];
  return groups.flatMap((group) => {
    const coverage = parseCoverage(parser, linux, group);
    for (const failure of coverage.failures) console.log(`  not understood: ${failure}`);
    return rowsOf(group, coverage);
  });
}

function rowsOf(group: readonly string[], coverage: Coverage): readonly Row[] {
  const { functions, understood, partly, files, characters, milliseconds } = coverage;
  return [
    {
      what: group.join(' '),
      value: (100 * understood) / Math.max(1, functions),
      unit: '%',
      bar: { atLeast: 98 },
      note: `of ${functions} functions with an ordering primitive, ${partly} of them but for an alternative of an #if`,
    },
    {
      what: `  ${files} files`,
      value: characters / 1000 / Math.max(1, milliseconds),
      unit: 'MB/s',
    },
  ];
}
