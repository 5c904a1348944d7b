/** `missing-partner-barrier`: an edit took away the barrier that this one pairs with. */

import { functionsNamed } from '../../facts/functions-of-file.ts';
import type { Finding } from '../diagnostic.ts';
import type { LostPartner } from '../lost-partners.ts';
import type { FileMoment } from '../moment.ts';
import { orderPhrase, siteTitle } from '../words.ts';
import type { CheckedKind } from './check.ts';

export const missingPartnerBarrier: CheckedKind = {
  code: 'missing-partner-barrier',
  meaning:
    'A barrier orders nothing for anybody unless the other side is ordered too. This barrier had a partner, and an edit took it away.',
  fires:
    'At once, in the file of the side that is left, also when that file is not open: the saved text of another file has a barrier that pairs with this one, the text of the same function in the editor has one less, and nothing that is left there orders the same fields. After saving until the barrier is put back or the comment of this one no longer names the function or changes; not for what changes outside of the editor, as by git checkout.',
  fix: 'Put the barrier back, or remove this side too and say in its comment why no order is needed.',
  check: (moment) =>
    moment.lost
      .filter(({ left }) => left.file === moment.file)
      .map((lost) => finding(moment, lost)),
};

function finding(moment: FileMoment, { left, gone, orders, instead }: LostPartner): Finding {
  const fields = orders.map((order) => orderPhrase({ before: order.after, after: order.before }));
  const who = instead.length === 0 ? 'nothing' : `only ${instead[0]!.primitive}()`;
  const what = fields.length === 0 ? '' : `: ${who} orders ${fields.join(', ')} there`;
  return {
    partnerOf: left.site.id,
    span: left.site.span,
    message: `${left.site.primitive}() has lost its partner ${siteTitle(gone.site)}${what}`,
    brief: `partner gone: ${siteTitle(gone.site)}`,
    related: related(moment, gone),
  };
}

function related({ tree }: FileMoment, gone: LostPartner['gone']): Finding['related'] {
  const home = functionsNamed(tree.facts(gone.file), gone.site.function)[0];
  if (home === undefined) return [];
  const message = `${gone.site.primitive}() was in ${home.name}()`;
  return [{ file: gone.file, span: home.span, line: home.line, message }];
}
