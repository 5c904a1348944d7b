/** Uses what orders in place of what does not, where control flow alone tells the finding: nothing is simulated for it. */

import type { Span } from '../../text/span.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { FileMoment } from '../moment.ts';
import type { TextEdit } from './action.ts';
import type { Fix, FixOffer } from './fix.ts';
import { placesAround } from './statement-place.ts';

/** What may stand at a finding, and what orders there, with why it does. */
interface Instead {
  readonly code: Diagnostic['code'];
  readonly name: string;
  readonly use: string;
  readonly why: string;
}

/** include/linux/wait.h and include/linux/swait.h: "... with smp_mb()"; atomic_t.txt: "only ... RMW atomic ops". */
const INSTEAD: readonly Instead[] = [
  {
    code: 'lost-wake-up',
    name: 'waitqueue_active',
    use: 'wq_has_sleeper',
    why: 'which begins with a full barrier',
  },
  {
    code: 'lost-wake-up',
    name: 'swait_active',
    use: 'swq_has_sleeper',
    why: 'which begins with a full barrier',
  },
  ...['smp_mb__before_atomic', 'smp_mb__after_atomic'].map(
    (name): Instead => ({
      code: 'barrier-without-atomic',
      name,
      use: 'smp_mb',
      why: 'which needs no atomic operation beside it',
    }),
  ),
];

/** For each finding in the range that is told by control flow. */
export const useWhatOrders: FixOffer = (moment, range) =>
  moment
    .findings(moment.file)
    .filter(({ span }) => span.start <= range.end && range.start <= span.end)
    .flatMap((finding) => [...insteadOf(moment, finding), ...beforeSecondRead(moment, finding)]);

function fixOf({ file }: FileMoment, finding: Diagnostic, title: string, edit: Edit): Fix {
  const { code, message } = finding;
  const mends = [{ file, code, message }];
  return { title, fixes: code, ways: [[{ file, ...edit }]], mends, between: [], isOfFlow: true };
}

type Edit = Omit<TextEdit, 'file'>;

function insteadOf(moment: FileMoment, finding: Diagnostic): readonly Fix[] {
  const text = moment.textOf(moment.file) ?? '';
  const { start, end } = finding.span;
  const [word] = /^\w*/.exec(text.slice(start, end))!;
  return INSTEAD.filter(({ code, name }) => code === finding.code && name === word).map(
    ({ use, why }) =>
      fixOf(moment, finding, `Use ${use}(), ${why}`, {
        span: { start, end: start + word.length },
        text: use,
      }),
  );
}

/** A second look at a counter comes behind the reads that it vouches for. */
function beforeSecondRead(moment: FileMoment, finding: Diagnostic): readonly Fix[] {
  if (finding.code !== 'unordered-recheck') return [];
  const text = moment.textOf(moment.file) ?? '';
  const home = homeOf(moment, finding.span);
  const before = home && placesAround(text, home, finding.span).before;
  if (before === undefined) return [];
  const { offset, indent } = before;
  const edit = { span: { start: offset, end: offset }, text: `${indent}smp_rmb();\n` };
  return [fixOf(moment, finding, 'Insert smp_rmb() before the second read', edit)];
}

function homeOf({ facts }: FileMoment, { start, end }: Span): Span | undefined {
  return facts.functions.find(({ span }) => span.start <= start && end <= span.end)?.span;
}
