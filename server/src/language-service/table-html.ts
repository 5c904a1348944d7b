/** The page of a tree's scenarios as HTML: what can go wrong, the table, the player, and what it all rests on. */

import { escaped } from './escaped.ts';
import { PLAYER_SECTION } from './player.ts';
import type { Page, PageCell } from './table-page.ts';

/** What stands in the body, below a title. What it shows of the source is text, whatever it is. */
export function tableBody(page: Page): string {
  return [
    violatedSection(page),
    tableSection(page),
    PLAYER_SECTION,
    explanations(page),
    assumptionsSection(page),
  ].join('\n');
}

/** In one sentence, what was found and how. */
export function tableSummary({ summary }: Page): string {
  return `<p>${escaped(summary)}. Found by simulation of the functions as they are, under the Linux kernel memory model.</p>`;
}

function violatedSection({ violated, executions }: Page): string {
  if (violated.length === 0) return '';
  const items = violated.map((at) => `<li>${executionButton(at, executions[at]!.title)}</li>`);
  return `<section aria-labelledby="violated">
<h2 id="violated">What can go wrong</h2>
<ul>${items.join('')}</ul>
</section>`;
}

function tableSection({ paths, rows, executions }: Page): string {
  const head = ['Barrier', ...paths].map((name) => `<th scope="col">${escaped(name)}</th>`);
  const lines = rows.map(
    ({ name, cells }) =>
      `<tr><th scope="row">${escaped(name)}</th>${cells.map((cell) => cellHtml(cell, executions)).join('')}</tr>`,
  );
  return `<section aria-labelledby="table">
<h2 id="table">Barriers by paths</h2>
<p>A dash: no invariant rests on what the barrier orders there. A button opens the execution that is possible without it.</p>
<div class="wide" role="group" aria-label="The table of barriers" tabindex="0">
<table>
<thead><tr>${head.join('')}</tr></thead>
<tbody>
${lines.join('\n')}
</tbody>
</table>
</div>
</section>`;
}

function cellHtml({ text, executions, remarks }: PageCell, all: Page['executions']): string {
  const kind =
    /^(?:needed|broken|not needed|not known)/.exec(text)?.[0].replace(' ', '-') ?? 'none';
  const buttons = executions.map(({ at, label }) => executionButton(at, all[at]!.title, label));
  const notes = remarks.map(
    ({ words, page }) =>
      `<p class="remark">${escaped(words)}${page === '' ? '' : whyHtml(page)}</p>`,
  );
  return `<td class="${kind}"><p>${escaped(text)}</p>${buttons.join(' ')}${notes.join('')}</td>`;
}

/** A link to the section where the page has it; else its name. */
function whyHtml(page: string): string {
  const anchor = page.slice(page.indexOf('#') + 1);
  return `: <a href="#${escaped(anchor)}">why</a>`;
}

function executionButton(at: number, title: string, text = title): string {
  const label = text === title ? '' : ` aria-label="${escaped(`${text}: ${title}`)}"`;
  return `<button type="button" data-execution="${at}"${label}>${escaped(text)}</button>`;
}

/** The sections of pages that remarks name. */
function explanations({ sections }: Page): string {
  if (sections.length === 0) return '';
  const each = sections.map(
    ({ anchor, page, title, html }) =>
      `<section aria-labelledby="${escaped(anchor)}"><h3 id="${escaped(anchor)}">${escaped(title)}</h3>
${html}
<p>From ${escaped(page)}</p></section>`,
  );
  return `<section aria-labelledby="why">
<h2 id="why">What is said elsewhere, and why it differs</h2>
${each.join('\n')}
</section>`;
}

function assumptionsSection({ assumptions }: Page): string {
  if (assumptions.length === 0) return '';
  const items = assumptions.map((each) => `<li>${escaped(each)}</li>`);
  return `<section aria-labelledby="rests">
<h2 id="rests">What this rests on</h2>
<ul>${items.join('\n')}</ul>
</section>`;
}
