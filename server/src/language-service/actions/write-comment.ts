/** Writes the comment of a barrier that has none: what it orders and with whom it pairs, from its pairing. */

import type { Site } from '../../facts/file-facts.ts';
import type { Span } from '../../text/span.ts';
import { type Explanation, explain } from '../explanation.ts';
import type { FileMoment } from '../moment.ts';
import { orderPhrase } from '../words.ts';
import type { Action, Offer } from './action.ts';

/** One action for each barrier on the lines of the range whose partner is known. */
export const writeComment: Offer = (moment, range) =>
  moment.facts.sites
    .filter(({ span }) => span.start <= range.end && range.start <= span.end)
    .filter(({ explicit, comment, uncertain }) => explicit && comment === undefined && !uncertain)
    .flatMap((site) => action(moment, site));

function action(moment: FileMoment, site: Site): readonly Action[] {
  const text = moment.textOf(moment.file);
  const explanation = explain(moment, { file: moment.file, site });
  if (text === undefined || explanation.partners.length === 0) return [];
  const at = lineStart(text, site.span);
  const indent = /^[ \t]*/.exec(text.slice(at, site.span.start))![0];
  const lines = commentLines(explanation);
  const comment = [`${indent}/*`, ...lines.map((line) => `${indent} * ${line}`), `${indent} */`];
  const span = { start: at, end: at };
  return [
    {
      title: `Write the comment of ${site.primitive}(): ${lines.at(-1)}`,
      fixes: 'uncommented-barrier',
      edits: [{ file: moment.file, span, text: `${comment.join('\n')}\n` }],
    },
  ];
}

function lineStart(text: string, { start }: Span): number {
  return text.lastIndexOf('\n', start - 1) + 1;
}

/** As kernel comments say it; each sentence is a line of its own. */
function commentLines({ telling, partners }: Explanation): readonly string[] {
  const orders = telling.map((order) => `Order ${orderPhrase(order).replace(' → ', ' before ')}.`);
  const names = partners.map(
    ({ partner: { site } }) => `${site.primitive}() in ${site.function}()`,
  );
  return [...orders, `Pairs with ${[...new Set(names)].join(' and with ')}.`];
}
