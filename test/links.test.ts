/** The pages that are shipped link to what is there. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { marked } from 'marked';
import { expect, test } from 'vitest';

const PAGES = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync('docs')
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

/** What a text links to and shows, as it is written. */
function linksIn(text: string): readonly string[] {
  const found: string[] = [];
  marked.walkTokens(marked.lexer(text), (token) => {
    if (token.type === 'link' || token.type === 'image') found.push(String(token['href']));
  });
  return found;
}

/** The anchors of the headings of a text, as code hosting makes them. */
function anchorsIn(text: string): ReadonlySet<string> {
  const found = new Set<string>();
  marked.walkTokens(marked.lexer(text), (token) => {
    if (token.type !== 'heading') return;
    const words = String(token['text'])
      .toLowerCase()
      .replace(/[^\w\- ]/g, '');
    found.add(words.replaceAll(' ', '-'));
  });
  return found;
}

/** Why a link leads nowhere; undefined where it leads somewhere, or outside. */
function whyDead(page: string, link: string): string | undefined {
  if (/^https?:/.test(link)) return undefined;
  const [path = '', anchor] = link.split('#');
  const file = path === '' ? page : normalize(join(dirname(page), path));
  if (!existsSync(file)) return `${file} is not there`;
  if (!PAGES.includes(file) && !/^docs\/[\w-]+\.png$/.test(file) && file !== 'LICENSE')
    return `${file} is not shipped`;
  if (anchor === undefined || anchorsIn(readFileSync(file, 'utf8')).has(anchor)) return undefined;
  return `${file} has no heading #${anchor}`;
}

test.each(PAGES)('the links of %s', (page) => {
  const dead = linksIn(readFileSync(page, 'utf8')).flatMap((link) => whyDead(page, link) ?? []);
  expect(dead).toEqual([]);
});

test('a dead link is told', () => {
  expect(whyDead('README.md', 'docs/nowhere.md')).toBe('docs/nowhere.md is not there');
  expect(whyDead('README.md', 'server/README.md')).toBe('server/README.md is not shipped');
  expect(whyDead('docs/livepatch.md', '#nowhere')).toBe(
    'docs/livepatch.md has no heading #nowhere',
  );
});
