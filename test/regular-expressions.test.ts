/**
 * Every regular expression of the engine is linear in what it is applied to, for that is what somebody else
 * wrote. All of them are found in the code, and recheck (https://makenowjust-labs.github.io/recheck) decides: by
 * automata where it can, elsewhere by a search for the text that takes the most steps.
 */

import { type Node, parse } from 'acorn';
import { transformSync } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import { filesBelow } from './support/source-files.ts';

/** A regular expression as it is written; without a pattern one that is put together when it is needed. */
interface Found {
  readonly path: string;
  readonly text: string;
  readonly pattern?: string;
  readonly flags: string;
}

/** Those that are put together of parts: what tells them, and why they are linear. */
const MADE: readonly (readonly [RegExp, string])[] = [
  [/define.*\$\{any\}/, 'names of functions, a thousand at most'],
  [/\(\?:\$\{any\}\)/, 'names of functions, a thousand at most'],
  [/^new RegExp\(any\)$/, 'names of functions, a thousand at most'],
  [/`\\\\b\$\{name\}\\\\b`/, 'a word'],
  [/`\\\\b\$\{word\}\\\\b`/, 'a word'],
  [/`\\\\b\$\{operation\}\\\\s\*\\\\\(`/, 'a word before a parenthesis'],
  [/HEADERS/, 'the words of the scenario language'],
];

/** Its search is bounded by steps, not by time: a loaded machine gives the same answer. */
const COUNTED = {
  timeout: null,
  attackTimeout: null,
  incubationTimeout: null,
  recallTimeout: null,
  seedingTimeout: null,
};

/** Slow in the worst case, on texts that are never long: each with its bound. */
const BOUNDED: ReadonlyMap<string, string> = new Map();

const found = filesBelow(['server/src'], /^(?!server.src.claims).*\.ts$/).flatMap(
  ({ path, text }) => expressionsIn(text).map((each) => ({ path, ...each })),
);

/** Told by what is written, once. */
const distinct = [...new Map(found.map((each) => [each.text, each])).values()];

test('they are found', () => {
  expect(expressionsIn("a.replace(/x'\\/y/g, (b) => b / 2 / 3); new RegExp(c + '+', 'y')")).toEqual(
    [
      { text: "/x'\\/y/g", pattern: "x'\\/y", flags: 'g' },
      { text: 'new RegExp(c + "+", "y")', flags: '' },
    ],
  );
  expect(distinct.length).toBeGreaterThan(200);
});

test('those that are put together are known', () => {
  const made = distinct.filter(({ pattern }) => pattern === undefined).map(({ text }) => text);
  expect(made.filter((text) => !MADE.some(([told]) => told.test(text)))).toEqual([]);
  expect(MADE.filter(([told]) => !made.some((text) => told.test(text)))).toEqual([]);
});

describe('each is linear', () => {
  let check: typeof import('recheck').check;

  beforeAll(async () => {
    // The same program everywhere, whether or not there is one for this machine or a Java.
    process.env['RECHECK_BACKEND'] = 'pure';
    ({ check } = await import('recheck'));
  });

  test('a worse one would be found', async () => {
    for (const pattern of ['(a+)+b', 'a+b', '\\s+$', '"(?:[^"\\\\]|\\\\.)*"', 'x[^y]*z'])
      expect(await check(pattern, '', { randomSeed: 1 }), pattern).toMatchObject({
        status: 'vulnerable',
      });
  });

  test.each(distinct.filter(({ pattern }) => pattern !== undefined))(
    '$text in $path',
    async ({ text, pattern, flags }) => {
      const decided = await check(pattern!, flags, { ...COUNTED, randomSeed: 1 });
      expect(decided).toMatchObject({ status: BOUNDED.has(text) ? 'vulnerable' : 'safe' });
    },
  );
});

/** The regular expressions of a TypeScript file, by its syntax. */
function expressionsIn(source: string): readonly Omit<Found, 'path'>[] {
  const { code } = transformSync(source, { loader: 'ts' });
  const all: Omit<Found, 'path'>[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit);
    if (!isNode(node)) return;
    const text = code.slice(node.start, node.end).replace(/\s+/g, ' ');
    if ('regex' in node) all.push({ text, ...(node.regex as { pattern: string; flags: string }) });
    else if (isCallOfRegExp(node)) all.push({ text, flags: '' });
    Object.values(node).forEach(visit);
  };
  visit(parse(code, { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true }));
  return all;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

function isCallOfRegExp(node: Node): boolean {
  if (node.type !== 'NewExpression' && node.type !== 'CallExpression') return false;
  return (
    'callee' in node &&
    isNode(node.callee) &&
    'name' in node.callee &&
    node.callee.name === 'RegExp'
  );
}
