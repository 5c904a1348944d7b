/** What shells complete, and the manual page. */

import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { run } from './support/run.ts';

const script = (await run('completion', 'bash')).out;

/** What bash offers for the last word of a command line. */
function offered(...words: readonly string[]): readonly string[] {
  const line = words.map((word) => `'${word}'`).join(' ');
  const asked = `${script}\nCOMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; _barrierlens; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const told = execFileSync('bash', ['--norc', '-c', asked], { encoding: 'utf8' });
  return told.split('\n').filter((each) => each !== '');
}

test('bash completes commands', () => {
  expect(offered('barrierlens', 'ch')).toEqual(['check']);
  expect(offered('barrierlens', '')).toEqual(
    expect.arrayContaining(['check', 'pairs', 'litmus', 'manual', '--version']),
  );
});

test('bash completes the options of a command, and their values', () => {
  expect(offered('barrierlens', 'check', '--ba')).toEqual(['--baseline']);
  expect(offered('barrierlens', 'check', '--format', 's')).toEqual(['sarif']);
  expect(offered('barrierlens', 'check', '--level', '')).toEqual([
    'error',
    'warning',
    'information',
    'hint',
  ]);
  expect(offered('barrierlens', 'pairs', '--')).toEqual([
    '--verbose',
    '--json',
    '--ignore-comments',
    '--help',
  ]);
  expect(offered('barrierlens', 'completion', 'z')).toEqual(['zsh']);
});

test('bash completes file names where there is no option', () => {
  expect(offered('barrierlens', 'check', 'kern')).toEqual([]);
  expect(script).toContain('complete -o default');
});

test('zsh runs the same by bashcompinit', async () => {
  const { out } = await run('completion', 'zsh');
  expect(out).toContain('bashcompinit');
  expect(out).toContain(script.slice(script.indexOf('_barrierlens() {')));
});

test('another shell is bad use', async () => {
  expect(await run('completion', 'fish')).toEqual({
    code: 2,
    out: '',
    err: 'usage: barrierlens completion bash|zsh\n',
  });
});

test('the manual page has every command, and no line of it is taken for a request', async () => {
  const { out } = await run('manual');
  for (const name of ['check', 'pairs', 'explain', 'prove', 'report', 'simulate', 'litmus'])
    expect(out).toContain(`\n.SS ${name}\n`);
  const requests = out.split('\n').filter((line) => /^[.']/.test(line));
  expect(new Set(requests.map((line) => line.split(' ')[0]))).toEqual(
    new Set(['.TH', '.SH', '.SS', '.B', '.I', '.BR', '.TP', '.PP', '.nf', '.fi']),
  );
});
