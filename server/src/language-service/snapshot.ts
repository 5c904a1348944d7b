/** An immutable snapshot of the host: pure questions about files, answered in editor terms. */

import { isWithinAny } from '../disk/within.ts';
import type { FileFacts } from '../facts/file-facts.ts';
import type { LineIndex } from '../text/line-index.ts';
import type { Place, Span } from '../text/span.ts';
import { acceptFinding } from './actions/accept-finding.ts';
import type { Action, Offer } from './actions/action.ts';
import { documentBarrier } from './actions/document-barrier.ts';
import { dropIdle } from './actions/drop-idle.ts';
import type { Fix, FixOffer } from './actions/fix.ts';
import { giveBack } from './actions/give-back.ts';
import { giveOrder } from './actions/give-order.ts';
import { markAccesses } from './actions/mark-accesses.ts';
import { putBack } from './actions/put-back.ts';
import { putBackAnswered } from './actions/put-back-answered.ts';
import { rightSide } from './actions/right-side.ts';
import { updateClaim } from './actions/update-claim.ts';
import { useValueRead } from './actions/use-value-read.ts';
import { useWhatOrders } from './actions/use-what-orders.ts';
import { barrierList, type ListedBarrier } from './barrier-list.ts';
import { type Completion, completions } from './completion.ts';
import type { Settings } from './config.ts';
import { diagnose } from './diagnose.ts';
import type { Diagnostic } from './diagnostic.ts';
import {
  type Execution,
  execution,
  hasExecution,
  type LitmusTest,
  litmusTest,
} from './execution.ts';
import { type Explanation, explain, isNoNews } from './explanation.ts';
import { details, type Hover, hover } from './hover.ts';
import { type Lens, lenses, type ToldOperation, toldOperations } from './lenses.ts';
import type { Markup } from './markup.ts';
import type { FileMoment, Moment } from './moment.ts';
import { definitions, references } from './navigation.ts';
import { isNoteworthy } from './words.ts';

/** Offsets are UTF-16 units from the beginning of the file's present text. A file that is unknown, or
 *  is no kernel C, gives empty answers. */
export interface Snapshot {
  readonly settings: Settings;
  readonly diagnostics: (path: string) => readonly Diagnostic[];
  readonly hover: (path: string, offset: number, markup: Markup) => Hover | undefined;
  /** All that is known of the site at `offset`: what the hover has no room for. */
  readonly details: (path: string, offset: number, markup: Markup) => string | undefined;
  readonly lenses: (path: string) => readonly Lens[];
  /** What the lenses say, for behind the barriers. */
  readonly inlayHints: (path: string) => readonly Lens[];
  readonly definition: (path: string, offset: number) => readonly Place[];
  readonly references: (path: string, offset: number) => readonly Place[];
  readonly actions: (path: string, range: Span) => readonly Action[];
  /** Those that are to be checked before they are offered: see checked-fix.ts. */
  readonly fixes: (path: string, range: Span) => readonly Fix[];
  readonly completions: (path: string, offset: number) => readonly Completion[];
  readonly execution: (path: string, offset: number) => Execution | undefined;
  readonly hasExecution: (path: string, offset: number) => boolean;
  readonly litmusTest: (path: string, offset: number) => LitmusTest | undefined;
  /** Every barrier of the file that a reader would ask about, explained. */
  readonly explanations: (path: string) => readonly Explanation[];
  /** What else has a lens. */
  readonly operations: (path: string) => readonly ToldOperation[];
  /** The barriers of a file with their partners, for a list over many files. */
  readonly barriers: (path: string) => readonly ListedBarrier[];
  /** Files whose answers depend on `path`, itself included. */
  readonly neighbours: (path: string) => ReadonlySet<string>;
  /** The files with barriers. */
  readonly files: () => readonly string[];
  readonly facts: (path: string) => FileFacts | undefined;
  /** Why nothing is said about a file, where there is a reason to tell. */
  readonly problem: (path: string) => string | undefined;
  readonly lines: (path: string) => LineIndex | undefined;
  readonly moment: Moment;
}

const ACTIONS: readonly Offer[] = [updateClaim, documentBarrier, acceptFinding];
const FIXES: readonly FixOffer[] = [
  putBack,
  putBackAnswered,
  giveOrder,
  giveBack,
  rightSide,
  useValueRead,
  useWhatOrders,
  markAccesses,
  dropIdle,
];

/** Answers from one moment of the host. */
export function createSnapshot(parts: {
  readonly moment: Omit<Moment, 'findings'>;
  readonly settings: Settings;
  readonly problemOf: (path: string) => string | undefined;
}): Snapshot {
  const { settings, problemOf } = parts;
  const found = new Map<string, readonly Diagnostic[]>();
  const moment: Moment = {
    ...parts.moment,
    findings(path) {
      const known = found.get(path);
      if (known !== undefined) return known;
      const findings = isWithinAny(path, settings.excluded)
        ? []
        : ask(path, (of) => diagnose(of, settings.diagnostics), []);
      found.set(path, findings);
      return findings;
    },
  };

  const ask = <Answer>(
    path: string,
    question: (of: FileMoment) => Answer,
    none: Answer,
  ): Answer => {
    const facts = moment.tree.facts(path);
    if (facts === undefined || !settings.enable) return none;
    return question({ ...moment, file: path, facts });
  };

  return {
    settings,
    moment,
    diagnostics: moment.findings,
    hover: (path, offset, markup) =>
      settings.hover.enable ? ask(path, (of) => hover(of, offset, markup), undefined) : undefined,
    details: (path, offset, markup) => ask(path, (of) => details(of, offset, markup), undefined),
    lenses: (path) =>
      settings.codeLens.enable ? ask(path, (of) => lenses(of, settings.codeLens), []) : [],
    inlayHints: (path) =>
      settings.inlayHints.enable ? ask(path, (of) => lenses(of, settings.codeLens), []) : [],
    definition: (path, offset) =>
      settings.definition.enable ? ask(path, (of) => definitions(of, offset), []) : [],
    references: (path, offset) =>
      settings.references.enable ? ask(path, (of) => references(of, offset), []) : [],
    actions: (path, range) => ask(path, (of) => ACTIONS.flatMap((offer) => offer(of, range)), []),
    fixes: (path, range) => ask(path, (of) => FIXES.flatMap((offer) => offer(of, range)), []),
    completions: (path, offset) => ask(path, (of) => completions(of, offset), []),
    execution: (path, offset) => ask(path, (of) => execution(of, offset), undefined),
    hasExecution: (path, offset) => ask(path, (of) => hasExecution(of, offset), false),
    litmusTest: (path, offset) => ask(path, (of) => litmusTest(of, offset), undefined),
    explanations: (path) =>
      ask(
        path,
        (of) =>
          of.facts.sites
            .filter(isNoteworthy)
            .map((site) => explain(of, { file: path, site }))
            .filter((explanation) => !isNoNews(explanation)),
        [],
      ),
    operations: (path) => ask(path, toldOperations, []),
    barriers: (path) => ask(path, barrierList, []),
    neighbours: (path) => {
      const left = moment.lost
        .filter(({ gone }) => gone.file === path)
        .map(({ left }) => left.file);
      return new Set([...moment.tree.neighbours(path), ...left]);
    },
    files: () => [...moment.tree.files.keys()],
    facts: moment.tree.facts,
    problem: problemOf,
    lines: moment.linesOf,
  };
}
