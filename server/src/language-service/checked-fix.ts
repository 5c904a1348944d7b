/** Checks a fix before it is offered: its edits are made in a host that nobody else sees, and the same proof is asked. */

import { isReadWhole } from '../facts/file-facts.ts';
import type { Pairing } from '../pairing/pairing.ts';
import type { Action } from './actions/action.ts';
import type { Fix, FunctionRef } from './actions/fix.ts';
import type { Host, Supposition, TablesFor } from './host.ts';
import { metAgain } from './met-again.ts';
import type { Prove } from './node-proof-thread.ts';
import type { Snapshot } from './snapshot.ts';
import type { Tree } from './tree.ts';
import { decisive, isProven, type ShownVerdict } from './verdict.ts';

/** So many pairings are proved at most for one way: those that its edits touch. */
const MOST_PROOFS = 12;

/** Whom a check asks. */
export interface Asking {
  readonly prove: Prove;
  /** Asked before each proof. */
  readonly isWanted: () => boolean;
  readonly tablesFor?: TablesFor;
}

/** Those of the fixes that mend, as actions. */
export async function checkedFixes(
  host: Host,
  fixes: readonly Fix[],
  asking: Asking,
): Promise<readonly Action[]> {
  const found: Action[] = [];
  for (const fix of fixes) {
    if (fix.isLast && found.some((each) => each.fixes === fix.fixes)) continue;
    const action = await checkedFix(host, fix, asking);
    const isNew = found.every(
      ({ edits }) => JSON.stringify(edits) !== JSON.stringify(action?.edits),
    );
    if (action !== undefined && isNew) found.push(action);
  }
  return found;
}

/** The fix as an action, with the first of its ways after which the findings are gone, none is new, its functions are read whole, and
 *  between its functions the outcome is forbidden; undefined where none does that. */
async function checkedFix(host: Host, fix: Fix, asking: Asking): Promise<Action | undefined> {
  const before = host.snapshot();
  for (const edits of fix.ways) {
    // The texts of headers are also looked up elsewhere than in the files that are supposed.
    if (edits.some(({ file }) => host.headers.has(file))) continue;
    const supposed = host.supposing(edits, asking.tablesFor);
    const files = new Set([...edits, ...fix.mends].map(({ file }) => file));
    if (!isNeeded(supposed.snapshot(), fix) && fix.isOfFlow === undefined) {
      await proveTouched(supposed, before, fix, files, asking);
      if (!asking.isWanted()) return undefined;
    }
    if (!mends(before, supposed.snapshot(), fix, files)) continue;
    const said = fix.drops ? 'nothing is lost' : 'forbidden after this';
    const title = fix.isOfFlow ? fix.title : `${fix.title}: ${said}`;
    return { title, ...(fix.fixes && { fixes: fix.fixes }), edits };
  }
  return undefined;
}

/** Proves what is said about the fix's functions, and what is not known any more with it. */
async function proveTouched(
  supposed: Supposition,
  before: Snapshot,
  fix: Fix,
  files: ReadonlySet<string>,
  { prove, isWanted }: Asking,
): Promise<void> {
  const { tree } = supposed.snapshot().moment;
  const then = before.moment;
  const isCurrent = (pairing: Pairing) => then.verdictOf(pairing)?.currency === 'current';
  const asked = [...askedAgain(then.tree, tree, fix), ...betweenThem(tree, fix.between)];
  const others = tree.everyPairingIn(...files).filter(isCurrent);
  const waiting = supposed.waiting([...new Set([...asked, ...others])]);
  for (const each of waiting.slice(0, MOST_PROOFS)) {
    if (!isWanted()) return;
    supposed.proved(each, await prove(each));
  }
}

function mends(before: Snapshot, after: Snapshot, fix: Fix, files: ReadonlySet<string>): boolean {
  const { tree, verdictOf } = after.moment;
  const isFound = ({ file, code, message }: Fix['mends'][number]) =>
    after.diagnostics(file).some((each) => each.code === code && each.message === message);
  const verdicts = betweenThem(tree, fix.between).map((pairing) => verdictOf(pairing));
  const kinds = verdicts.map((shown) =>
    shown?.currency === 'current' ? shown.answer?.verdict.kind : undefined,
  );
  return (
    fix.between.flat().every((each) => isWhole(tree, each)) &&
    !fix.mends.some(isFound) &&
    (fix.restores !== undefined ||
      fix.isAnswered === true ||
      ![...files].some((file) => hasMore(before, after, file))) &&
    !kinds.includes('broken') &&
    (fix.isOfFlow === true ||
      (fix.drops !== true && kinds.some((kind) => kind === 'needed' || kind === 'redundant')) ||
      isMetForbidden(before, after, fix) ||
      isNeeded(after, fix) ||
      (fix.isAnswered === true && isAnswered(after)))
  );
}

/** Whether scenarios were simulated for the text. */
function isAnswered({ moment: { needs } }: Snapshot): boolean {
  return needs.some(({ currency }) => currency === 'current');
}

/** What met, with its accesses as they are then. */
function askedAgain(before: Tree, after: Tree, { met = [] }: Fix): readonly Pairing[] {
  return met.flatMap((each) => metAgain(each, before, after) ?? []);
}

/** Whether between all that met the outcome cannot happen; where nothing was dropped, as something keeps it away. */
function isMetForbidden(before: Snapshot, after: Snapshot, fix: Fix): boolean {
  const { met = [], drops = false } = fix;
  const again = askedAgain(before.moment.tree, after.moment.tree, fix);
  return (
    met.length > 0 &&
    again.length === met.length &&
    again.every((each) => isForbidden(after.moment.verdictOf(each), drops))
  );
}

/** Whether the outcome cannot happen and, unless it `mayBeImpossible`, something is there that keeps it away, be it of the
 *  two sides or not. */
function isForbidden(shown: ShownVerdict | undefined, mayBeImpossible: boolean): boolean {
  const check = shown?.currency === 'current' ? shown.answer : undefined;
  if (check === undefined) return false;
  if (isProven(shown)) return true;
  return (
    check.verdict.kind === 'idle' && (mayBeImpossible || decisive(check)?.outcome !== undefined)
  );
}

/** Whether a scenario, simulated with it, needs the barrier that stands there again. */
function isNeeded({ moment: { needs } }: Snapshot, { restores }: Fix): boolean {
  return needs.some(
    ({ barrier, verdict, currency }) =>
      verdict === 'needed' &&
      currency === 'current' &&
      barrier.file === restores?.file &&
      barrier.function === restores.function &&
      barrier.primitive === restores.primitive &&
      barrier.ordinal === restores.ordinal,
  );
}

function isWhole(tree: Tree, { file, function: name }: FunctionRef): boolean {
  const found = tree.functionIn(file, name);
  return found !== undefined && isReadWhole(found.fact);
}

/** Whether there are warnings in the file that were not there before. What is warned of a text that was there already
 *  is no news: so where a barrier is put back, and so what scenarios can violate. */
function hasMore(before: Snapshot, after: Snapshot, file: string): boolean {
  const warnings = (snapshot: Snapshot) =>
    snapshot
      .diagnostics(file)
      .filter(({ code }) => code !== 'violated-invariant')
      .filter(({ severity }) => severity === 'error' || severity === 'warning')
      .map(({ code, message }) => `${code} ${message}`);
  const known = new Set(warnings(before));
  return warnings(after).some((each) => !known.has(each));
}

/** The pairings that join two of the functions. */
function betweenThem(tree: Tree, between: Fix['between']): readonly Pairing[] {
  const files = between.flat().map(({ file }) => file);
  return tree.everyPairingIn(...files).filter(({ sites: [one, other] }) => {
    const names = [one, other].map((ref) => {
      const placed = tree.site(ref);
      return placed && `${placed.file}\n${placed.site.function}`;
    });
    return between.some((pair) => {
      const [a, b] = pair.map((each) => `${each.file}\n${each.function}`);
      return (names[0] === a && names[1] === b) || (names[0] === b && names[1] === a);
    });
  });
}
