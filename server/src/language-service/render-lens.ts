/** The answer about a site as one line: the verdict first, then the partner, in at most 60 characters. */

import { basename } from 'node:path';
import type { Explanation } from './explanation.ts';
import { type FileLine, type PartnerLine, pairsWords } from './partner-line.ts';
import type { SiteAnswer } from './site-answer.ts';
import type { Currency } from './verdict.ts';
import { categoryPhrase } from './words.ts';

/** What fits above a line of 80 columns beside another extension's lens. */
const LONGEST = 60;

/** Names of paths that are longer together are counted, so that a partner has room beside them. */
const NAMED = 24;

/** `✓ needed on disable · pairs with klp_ftrace_handler()`. */
export function lensTitle({ answer, partners, site }: Explanation): string {
  const verdict = verdictWords(answer);
  if (answer.kind === 'warned') return shortened(verdict);
  if (answer.kind === 'alone') return `${verdict} · ${categoryPhrase(site.category)}`;
  const named = answer.line ?? partners[0];
  return named === undefined ? shortened(verdict) : withPartner(verdict, named, partners);
}

/** `✓ needed on disable · wait_for_all()`: of an operation that nobody takes for a barrier of its own. */
export function operationTitle(name: string, answer: SiteAnswer): string {
  const verdict = verdictWords(answer);
  return answer.kind === 'warned' ? shortened(verdict) : shortened(`${verdict} · ${name}()`);
}

/** The verdict with its sign and its currency: what the lens begins with, and the hover too, which has more room for the names of paths. */
export function verdictWords(answer: SiteAnswer, room = NAMED): string {
  switch (answer.kind) {
    case 'warned':
      return `✗ ${answer.finding.brief ?? answer.finding.message}`;
    case 'broken':
      return dated(answer.currency, '✗', `broken${onPaths(answer.on, room)}`, ', not warned');
    case 'needed':
      return dated(answer.currency, '✓', `needed${onPaths(answer.on, room)}`);
    case 'redundant': {
      // A scenario speaks of what it plays, and not of all that the barrier may be for.
      const words = answer.on.length === 0 ? 'redundant' : `not needed${onPaths(answer.on, room)}`;
      return dated(answer.currency, '○', words);
    }
    case 'idle':
      return dated(answer.currency, '○', 'nothing to order for this partner');
    case 'unknown': {
      const { place, currency } = answer;
      return dated(currency, '?', place === undefined ? 'not known' : notModelled(place));
    }
    case 'open': {
      const { because, on, currency } = answer;
      const words = because === undefined ? `not known${onPaths(on, room)}` : notModelled(because);
      return dated(currency, '?', words);
    }
    case 'running':
      return '… being proved';
    case 'marked':
      return '· marked, orders nothing';
    case 'not-simulated':
      return '· not simulated';
    case 'alone':
      return '? no partner found';
  }
}

function notModelled({ file, line }: FileLine): string {
  return `not modelled: ${basename(file)}:${line}`;
}

/** Another sign and tense where the code has changed since. */
function dated(currency: Currency, sign: string, words: string, ifCurrent = ''): string {
  return currency === 'current' ? `${sign} ${words}${ifCurrent}` : `↻ stale, was ${words}`;
}

/** By their names where these have room, else how many. */
function onPaths(paths: readonly string[], room: number): string {
  if (paths.length === 0) return '';
  const names = paths.join(', ');
  return paths.length > 1 && names.length > room ? ` on ${paths.length} paths` : ` on ${names}`;
}

/** The name of the partner gives way, then how many more there are. */
function withPartner(verdict: string, named: PartnerLine, all: readonly PartnerLine[]): string {
  const name = named.partner.site.function;
  const others = new Set(all.map(({ partner }) => partner.site.function)).size - 1;
  const more = others > 0 ? ` +${others}` : '';
  const whole = `${verdict} · ${pairsWords(named)} ${name}()${more}`;
  if (whole.length <= LONGEST) return whole;
  const room = LONGEST - `${verdict} · with …()`.length;
  return room < 8 ? shortened(verdict) : `${verdict} · with ${cut(name, room + 1)}()`;
}

function cut(name: string, most: number): string {
  return name.length <= most ? name : `${name.slice(0, most - 1)}…`;
}

function shortened(title: string): string {
  return title.length <= LONGEST ? title : `${title.slice(0, LONGEST - 1)}…`;
}
