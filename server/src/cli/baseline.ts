/** Findings that were there before: a file of fingerprints that neither lines that move nor new findings change. */

import { createHash } from 'node:crypto';
import type { Analysis } from './analysis.ts';
import { Failure } from './command.ts';
import type { PlacedFinding } from './finding.ts';

/** A finding and what it is recognised by. */
export interface Fingerprinted {
  readonly finding: PlacedFinding;
  readonly fingerprint: string;
}

/** Each finding with its fingerprint: its rule, file, message and line of code, whatever the numbers in them; and, of
 *  several that are the same in all that, which of them it is. */
export function fingerprinted(
  findings: readonly PlacedFinding[],
  analysis: Pick<Analysis, 'show' | 'snapshot'>,
): readonly Fingerprinted[] {
  const counts = new Map<string, number>();
  return findings.map((finding) => {
    const text = analysis.snapshot.moment.textOf(finding.file) ?? '';
    const start = text.lastIndexOf('\n', finding.span.start - 1) + 1;
    const end = text.indexOf('\n', finding.span.start);
    const code = text.slice(start, end === -1 ? undefined : end).replaceAll(/\s+/g, ' ');
    const parts = [finding.code, analysis.show(finding.file), withoutLines(finding.message), code];
    const what = parts.join('\n');
    const count = (counts.get(what) ?? 0) + 1;
    counts.set(what, count);
    const hash = createHash('sha256').update(`${what}\n${count}`).digest('hex');
    return { finding, fingerprint: hash.slice(0, 32) };
  });
}

function withoutLines(message: string): string {
  return message.replaceAll(/\bline \d+/g, 'line').replaceAll(/(\.[chS]):\d+/g, '$1');
}

/** The text of a baseline: a finding a line, so that a version control system shows what came and went. */
export function baselineOf(
  findings: readonly Fingerprinted[],
  show: (path: string) => string,
): string {
  const rows = findings.map(({ finding, fingerprint }) =>
    JSON.stringify({
      fingerprint,
      rule: finding.code,
      file: show(finding.file),
      message: finding.message,
    }),
  );
  return `{"version":1,"findings":[\n${rows.sort().join(',\n')}\n]}\n`;
}

/** The fingerprints of a baseline. Throws `Failure` where it is none. */
export function readBaseline(path: string, text: string): ReadonlySet<string> {
  try {
    const { version, findings } = JSON.parse(text) as {
      version?: unknown;
      findings?: readonly { fingerprint?: unknown }[];
    };
    if (version !== 1 || !Array.isArray(findings)) throw new Error('it has no findings');
    return new Set(findings.map(({ fingerprint }) => String(fingerprint)));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Failure(`${path} is no baseline: ${why}`);
  }
}
