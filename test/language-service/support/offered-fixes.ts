/** What holds of every fix that is offered: its finding is gone, nothing new is warned about, no outcome is left that was to be
 *  forbidden, the file is read whole, and undoing it gives every byte back. */

import { expect } from 'vitest';
import { isReadWhole } from '../../../server/src/facts/file-facts.ts';
import { type Action, edited } from '../../../server/src/language-service/actions/action.ts';
import type { DiagnosticCode } from '../../../server/src/language-service/diagnostic.ts';
import type { Host } from '../../../server/src/language-service/host.ts';
import { fixesIn, hostOf } from './check.ts';
import type { FixtureFile } from './fixture.ts';

/** Checks all that is offered for the findings of some files of a kernel tree; the rules for which something is. */
export async function checkOfferedFixes(
  files: readonly FixtureFile[],
): Promise<readonly DiagnosticCode[]> {
  const broken = hostOf(files, { inKernel: true });
  const known = warnings(broken, files);
  const codes: DiagnosticCode[] = [];
  for (const { path } of files)
    for (const finding of broken.snapshot().diagnostics(path))
      for (const fix of await fixesIn(broken, path, finding.span)) {
        if (fix.fixes !== finding.code) continue;
        // A host of its own: nothing is left in it of what was asked before.
        const host = hostOf(
          files.map((file) => ({ ...file, text: edited(file.text, ownEdits(fix, file.path)) })),
          { inKernel: true },
        );
        const isThere = host
          .snapshot()
          .diagnostics(path)
          .some(({ code, message }) => code === finding.code && message === finding.message);
        expect(isThere, `${fix.title}, in ${path}`).toBe(false);
        expect(
          warnings(host, files).filter((each) => !known.includes(each)),
          fix.title,
        ).toEqual([]);
        if (fix.title.endsWith(': forbidden after this')) expectNoneBroken(host, fix);
        else expect(OF_FLOW, fix.title).toContain(finding.code);
        expectWhole(host, fix);
        for (const { path: each, text } of files)
          expect(undone(text, ownEdits(fix, each)), fix.title).toBe(text);
        codes.push(finding.code);
      }
  return codes;
}

/** Rules that control flow alone tells: no outcome is simulated. */
const OF_FLOW = ['barrier-without-atomic', 'lost-wake-up', 'racy-reread', 'unordered-recheck'];

function ownEdits({ edits }: Action, path: string) {
  return edits.filter(({ file }) => file === path);
}

/** The text after the edits and after those that take them back. */
function undone(text: string, edits: Action['edits']): string {
  let moved = 0;
  const back = edits
    .toSorted((a, b) => a.span.start - b.span.start)
    .map(({ span, text: added }) => {
      const start = span.start + moved;
      moved += added.length - (span.end - span.start);
      return {
        span: { start, end: start + added.length },
        text: text.slice(span.start, span.end),
      };
    });
  return edited(edited(text, edits), back);
}

function warnings(host: Host, files: readonly { readonly path: string }[]): readonly string[] {
  return files.flatMap(({ path }) =>
    host
      .snapshot()
      .diagnostics(path)
      .filter(({ severity }) => severity === 'warning')
      .map(({ code, message }) => `${path} ${code} ${message}`),
  );
}

/** Between functions of the files that a fix changes no outcome is left that was to be forbidden. */
function expectNoneBroken(host: Host, { title, edits }: Action): void {
  const { tree, verdictOf } = host.snapshot().moment;
  const broken = tree.pairing.pairings.filter(
    (pairing) =>
      pairing.sources.includes('claimed') &&
      pairing.sites.some(({ file }) => edits.some((edit) => edit.file === file)) &&
      verdictOf(pairing)?.answer?.verdict.kind === 'broken',
  );
  expect(broken, title).toEqual([]);
}

function expectWhole(host: Host, { title, edits }: Action): void {
  for (const file of new Set(edits.map((edit) => edit.file)))
    for (const fact of host.snapshot().facts(file)!.functions)
      expect(isReadWhole(fact), `${title}: ${fact.name}`).toBe(true);
}
