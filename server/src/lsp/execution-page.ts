/** Executions as the pages that the client shows: of a barrier, a picture and the player that steps through them; of a tree's
 *  scenarios the table whose cells open theirs. */

import { escaped } from '../language-service/escaped.ts';
import type { Execution } from '../language-service/execution.ts';
import { TABLE_STYLE } from '../language-service/page-style.ts';
import {
  embedded,
  PLAYER_SCRIPT,
  PLAYER_SECTION,
  PLAYER_STYLE,
} from '../language-service/player.ts';
import type { TreeTexts } from '../language-service/simulate-tree.ts';
import { tableBody, tableSummary } from '../language-service/table-html.ts';
import type { Page } from '../language-service/table-page.ts';
import type { ExecutionView } from './protocol.ts';
import { uriOf } from './uri.ts';

/** The view of an execution; files are named by their addresses in it. */
export function executionView({
  title,
  currency,
  picture,
  page,
  assumptions,
  isTest,
}: Execution): ExecutionView {
  const excerpts = page.excerpts.map((each) => ({ ...each, file: uriOf(each.file) }));
  const parts = [
    currency === 'current' ? '' : '<p><em>Found for an earlier text.</em></p>',
    picture === undefined ? '' : `<div id="picture">${picture}</div>${legend(picture)}`,
    choice(page.executions.map((each) => [each.title, ...each.about.slice(1, 2)].join(', '))),
    PLAYER_SECTION,
    '<p>',
    isTest ? '' : '<button type="button" data-ask="litmus">Show as litmus test</button>',
    picture === undefined
      ? ''
      : ' <button type="button" data-ask="svg">Save the picture as SVG</button>',
    '</p>',
    assumptions.length === 0 ? '' : `<p>Assuming: ${escaped(assumptions.join('; '))}.</p>`,
    `<script type="application/json" id="page">${embedded({ ...page, excerpts })}</script>`,
  ];
  return {
    title,
    html: parts.join('\n'),
    style: PLAYER_STYLE,
    script: PLAYER_SCRIPT,
    ...(picture !== undefined && { picture }),
  };
}

/** The view of what the scenarios say of the tree at `root`. */
export function tableView(page: Page, { root, texts }: TreeTexts): ExecutionView {
  const addressOf = (file: string) => uriOf(texts.has(file) ? `${root}/${file}` : file);
  const excerpts = page.excerpts.map((each) => ({ ...each, file: addressOf(each.file) }));
  const title = `${page.title}: what each barrier is for`;
  const parts = [
    `<h1>${escaped(title)}</h1>`,
    tableSummary(page),
    tableBody(page),
    `<script type="application/json" id="page">${embedded({ ...page, excerpts })}</script>`,
  ];
  return {
    title: page.title,
    html: parts.join('\n'),
    style: `${TABLE_STYLE}${PLAYER_STYLE}`,
    script: PLAYER_SCRIPT,
  };
}

/** The arrows of a picture, by the names that the memory model gives them; where one has no name, the first comes before the other
 *  in its thread. */
const ARROWS: readonly (readonly [name: string, means: string])[] = [
  ['rf', 'the second reads what the first wrote'],
  ['co', 'the second overwrites the first'],
  ['fr', 'the first does not see the second yet: it reads what that overwrites'],
  ['addr', 'the first gives the second its address'],
  ['data', 'the first gives the second its value'],
  ['ctrl', 'the first decides whether the second is done'],
  ['rmw', 'both are one atomic operation'],
];

/** What those mean that are in it. */
function legend(picture: string): string {
  const words = new Set(
    [...picture.matchAll(/<text[^<>]*>([^<]*)</g)].flatMap(([, text = '']) => text.split(' ')),
  );
  const rows = ARROWS.filter(([name]) => words.has(name)).map(
    ([name, means]) => `<dt><code>${name}</code></dt><dd>${means}</dd>`,
  );
  const unnamed = '<dt>without a name</dt><dd>the first comes before the second in its thread</dd>';
  return `<details><summary>What the arrows mean</summary><dl>${rows.join('')}${unnamed}</dl></details>`;
}

/** A button for each execution, where there are several. */
function choice(titles: readonly string[]): string {
  if (titles.length < 2) return '';
  const buttons = titles.map(
    (title, at) => `<button type="button" data-execution="${at}">${escaped(title)}</button>`,
  );
  return `<nav aria-label="Executions">${buttons.join(' ')}</nav>`;
}
