/** What file names and other words from files become in a hover: text, whatever is in them. */

import { marked } from 'marked';
import { expect, test } from 'vitest';
import { markdown, plain } from '../../server/src/language-service/markup.ts';
import { lineAddress } from '../../server/src/lsp/convert.ts';

const NAMES = [
  '![](https:&#47;&#47;evil.example&#47;pixel.png).c',
  '](command:barrierlens.showExecution?x) <b>.c',
  '<img src=x onerror=alert(1)>.c',
  '**bold** `code.c',
  '`` ` ```.c',
  '&lt;b&gt;&amp;.c',
  'a_b_c__d__.c',
  'x](y "z").c',
  'a\\](b.c',
  '~~gone~~ | table.c',
  'www.evil.example',
];

const { link, text, code } = markdown(lineAddress);

/** The renderer of VS Code: HTML is passed through and cleaned afterwards. */
const render = (source: string) => marked.parseInline(source, { async: false });

function shown(html: string): string {
  const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };
  return html
    .replace(/<[^>]*>/g, '')
    .replace(/&(\w+);/g, (_, name: string) => entities[name] ?? '?');
}

test.each(NAMES)('%s', (name) => {
  const linked = render(link(name, `/d/${name}`, 5));
  expect(linked.match(/<[a-z]+/g)).toEqual(['<a']);
  expect(shown(linked)).toBe(name);
  const href = /href="([^"]*)"/.exec(linked)![1]!.replaceAll('&amp;', '&');
  expect(decodeURIComponent(href)).toBe(`file:///d/${name}#L5`);
  expect(render(text(name)).match(/<(?!a href="http:\/\/www)[a-z]+/g)).toBe(null);
  expect(shown(render(text(name)))).toBe(name);
  expect(render(code(name)).match(/<[a-z]+/g)).toEqual(['<code']);
  expect(shown(render(code(name)))).toBe(name);
});

test('line ends and controls are told by their numbers, in plain text too', () => {
  expect(text('a\n# b\u202e')).toBe('a\\\\u000a# b\\\\u202e');
  const { link: place, text: words } = plain((file) => file);
  expect(place('', 'a\n\u001b[31m.c', 3)).toBe('a\\u000a\\u001b[31m.c:3');
  expect(words('a\tb')).toBe('a\\u0009b');
});
