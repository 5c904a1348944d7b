/** Findings that somebody has looked at and accepts where they are: the comment `barrierlens: ok(rule): reason`. */

import { afterBlanks, C_COMMENTS } from '../text/blanks.ts';
import { LineIndex } from '../text/line-index.ts';
import type { Diagnostic } from './diagnostic.ts';

/** What a comment accepts, from its own line to the code that follows it. */
export interface Acceptance {
  readonly rules: ReadonlySet<string>;
  /** Counted from 0. */
  readonly firstLine: number;
  readonly lastLine: number;
}

const MARK = 'barrierlens:';

/** `ok(rule, rule): reason`; without a reason nothing is accepted. */
const ACCEPTED = /^\s*ok\s*\(([\w\s,-]{1,300})\)\s*:\s*[\w"'`(]/;

/** The comments of a text that accept findings. */
export function acceptancesIn(text: string): readonly Acceptance[] {
  const found: Acceptance[] = [];
  let lines: LineIndex | undefined;
  for (let at = text.indexOf(MARK); at !== -1; at = text.indexOf(MARK, at + MARK.length)) {
    const [, rules] = ACCEPTED.exec(text.slice(at + MARK.length, at + MARK.length + 400)) ?? [];
    if (rules === undefined) continue;
    lines ??= new LineIndex(text);
    found.push({
      rules: new Set(rules.split(',').map((rule) => rule.trim())),
      firstLine: lines.position(at).line,
      lastLine: lines.position(codeBehind(text, at)).line,
    });
  }
  return found;
}

/** Where code goes on behind the comment that is open at `at`; the comment's own line, where code stands before it. */
function codeBehind(text: string, at: number): number {
  const lineStart = text.lastIndexOf('\n', at) + 1;
  const opening = Math.max(text.lastIndexOf('/*', at), text.lastIndexOf('//', at));
  if (opening >= lineStart && /\S/.test(text.slice(lineStart, opening))) return at;
  const end = text.startsWith('//', opening) ? '\n' : '*/';
  const close = text.indexOf(end, at);
  return close === -1 ? text.length : afterBlanks(text, close + end.length, C_COMMENTS);
}

/** The findings of a text without those that its comments accept. */
export function notAccepted(
  text: string | undefined,
  findings: readonly Diagnostic[],
): readonly Diagnostic[] {
  if (findings.length === 0 || text?.includes(MARK) !== true) return findings;
  const acceptances = acceptancesIn(text);
  if (acceptances.length === 0) return findings;
  const lines = new LineIndex(text);
  return findings.filter(({ code, span }) => {
    const { line } = lines.position(span.start);
    return !acceptances.some(
      ({ rules, firstLine, lastLine }) => rules.has(code) && firstLine <= line && line <= lastLine,
    );
  });
}
