/** An execution as the page that the client shows: the picture, then each thread's steps with links to their lines. */

import { basename } from 'node:path';
import type { Execution, ExecutionStep } from '../language-service/execution.ts';
import { uriOf } from './convert.ts';
import type { ExecutionView } from './protocol.ts';

/** The view of an execution. */
export function executionView(execution: Execution): ExecutionView {
  const { title, bad, currency, picture, threads, assumptions } = execution;
  const stale = currency === 'current' ? '' : '<p><em>Found for an earlier text.</em></p>';
  const told = threads.map((steps) => `<ul>${steps.map(stepHtml).join('')}</ul>`);
  const assuming =
    assumptions.length === 0 ? '' : `<p>Assuming: ${html(assumptions.join('; '))}.</p>`;
  return {
    title,
    html: `<h2>${html(title)}</h2><p>${html(bad)}.</p>${stale}${picture}${told.join('')}${assuming}`,
  };
}

function stepHtml({ label, origin }: ExecutionStep): string {
  const what = `<code>${html(label)}</code>`;
  if (origin === undefined) return `<li>${what}</li>`;
  const target = JSON.stringify([uriOf(origin.file), origin.line - 1, origin.column]);
  const href = `command:barrierlens.reveal?${encodeURIComponent(target)}`;
  const where = `${basename(origin.file)}:${origin.line}`;
  return `<li>${what} in ${html(origin.function)}(), <a href="${href}">${html(where)}</a></li>`;
}

function html(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
