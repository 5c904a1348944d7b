/** The `#if` groups of a file: their alternatives with what each line says. */

import type { Span } from '../text/span.ts';
import type { Directive } from './tokens.ts';

const OPENING = ['if', 'ifdef', 'ifndef'] as const;
const FURTHER = ['elif', 'elifdef', 'elifndef', 'else'] as const;

export type ConditionalKeyword = (typeof OPENING)[number] | (typeof FURTHER)[number];

/** One alternative: the line that opens it, and the text it governs, up to the next line of its group. */
export interface ConditionalBranch {
  readonly keyword: ConditionalKeyword;
  /** What stands after the keyword, as written. */
  readonly condition: string;
  readonly head: Span;
  readonly governed: Span;
}

export interface ConditionalGroup {
  readonly branches: readonly ConditionalBranch[];
  /** From its first line to the end of its last. */
  readonly span: Span;
  /** No `#endif` ends it. */
  readonly isOpen?: true;
}

/** The groups of a file in the order in which they begin, an outer one before those inside it. What is
 *  never closed reaches to the end of the file; a line that belongs to no group is left out. */
export function conditionalGroups(
  text: string,
  directives: readonly Directive[],
): readonly ConditionalGroup[] {
  const open: Directive[][] = [];
  const groups: ConditionalGroup[] = [];
  const close = (lines: readonly Directive[], end: number, last: number, isOpen?: true): void => {
    const branches = lines.map((line, index): ConditionalBranch => {
      const { keyword, start, argument } = line;
      return {
        keyword: keyword as ConditionalKeyword,
        condition: text.slice(argument, line.end),
        head: { start, end: line.end },
        governed: { start: line.end, end: lines[index + 1]?.start ?? last },
      };
    });
    const span = { start: lines[0]!.start, end };
    groups.push({ branches, span, ...(isOpen && { isOpen }) });
  };
  for (const directive of directives) {
    if (isOneOf(OPENING, directive)) open.push([directive]);
    else if (isOneOf(FURTHER, directive)) open.at(-1)?.push(directive);
    else if (directive.keyword === 'endif') {
      const lines = open.pop();
      if (lines !== undefined) close(lines, directive.end, directive.start);
    }
  }
  for (const lines of open) close(lines, text.length, text.length, true);
  return groups.sort((one, other) => one.span.start - other.span.start);
}

function isOneOf(keywords: readonly string[], { keyword }: Directive): boolean {
  return keywords.includes(keyword);
}
