/** What is mutated: texts of each kind, with the call of the command line that reads them. */

import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { linuxSource } from '../../test/support/linux-source.ts';

export interface Case {
  readonly name: string;
  readonly text: string;
  /** Where the mutated text is written before the call. */
  readonly path: string;
  readonly args: readonly string[];
}

const SCENARIOS = 'server/src/scenario/livepatch/rfc-v2';
/** A test may have more executions than there is time for; that what is read ends is what is asked. */
const SECONDS = ['--time-limit', '2'];

/** The cases, whose files are below `folder`. Models and kernel C are taken from a kernel tree. */
export function casesOf(folder: string): readonly Case[] {
  const linux = linuxSource();
  const own = [...litmusBelow(folder, 'scripts/code-cache'), ...scenarios(folder)];
  return linux === undefined ? own : [...own, ...ofLinux(folder, linux)];
}

function ofLinux(folder: string, linux: string): readonly Case[] {
  const model = join(linux, 'tools/memory-model');
  return [
    ...litmusBelow(folder, join(model, 'litmus-tests')),
    ...models(folder, model),
    ...KERNEL_C.map((path) => {
      const text = readFileSync(join(linux, path), 'utf8');
      return written(folder, join('c', path), text, (file) => ['check', dirname(file)]);
    }),
  ];
}

const KERNEL_C = [
  'lib/llist.c',
  'kernel/livepatch/transition.c',
  'kernel/locking/mcs_spinlock.h',
  'kernel/events/ring_buffer.c',
  'lib/refcount.c',
];

function litmusBelow(folder: string, from: string): readonly Case[] {
  return filesIn(from, '.litmus').map((name) => {
    const text = readFileSync(join(from, name), 'utf8');
    return written(folder, join('litmus', name), text, (file) => ['litmus', ...SECONDS, file]);
  });
}

/** Each file of the model, beside the others as they are. */
function models(folder: string, model: string): readonly Case[] {
  const test = readFileSync('scripts/code-cache/locks.litmus', 'utf8');
  return [...filesIn(model, '.cat'), ...filesIn(model, '.bell'), ...filesIn(model, '.def')].map(
    (name) => {
      const own = join(folder, 'model', name);
      mkdirSync(own, { recursive: true });
      for (const each of readdirSync(model))
        if (/\.(?:cat|bell|def|cfg)$/.test(each)) cpSync(join(model, each), join(own, each));
      writeFileSync(join(own, 'test.litmus'), test);
      const text = readFileSync(join(model, name), 'utf8');
      const args = ['litmus', ...SECONDS, '--model', own, join(own, 'test.litmus')];
      return written(folder, join('model', name, name), text, () => args);
    },
  );
}

/** The scenarios themselves, not what they include. */
function scenarios(folder: string): readonly Case[] {
  cpSync(SCENARIOS, join(folder, 'scenarios'), { recursive: true });
  const texts = filesIn(SCENARIOS, '.scenario').map(
    (name) => [name, readFileSync(join(SCENARIOS, name), 'utf8')] as const,
  );
  return texts
    .filter(([, text]) => text.startsWith('C '))
    .map(([name, text]) =>
      written(folder, join('scenarios', name), text, (file) => ['simulate', file]),
    );
}

function filesIn(folder: string, ending: string): readonly string[] {
  return readdirSync(folder).filter((name) => name.endsWith(ending));
}

function written(
  folder: string,
  name: string,
  text: string,
  args: (path: string) => readonly string[],
): Case {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return { name: name.replace(/^.*\//, ''), text, path, args: args(path) };
}
