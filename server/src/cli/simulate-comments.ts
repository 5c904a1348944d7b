/** The answers of `barrierlens simulate --comments`: a patch with the comment of each barrier, and what the comments that
 *  are there say wrongly or leave out. */

import type { ClaimStyle } from '../claims/claim.ts';
import { readComment } from '../claims/claims.ts';
import { keyOfBarrier } from '../proof/barrier-table.ts';
import type { TableRow, TransitionTable } from '../proof/transition-table.ts';
import {
  barrierComment,
  barrierText,
  type CommentContext,
  type ProposedComment,
  wantsComment,
} from './barrier-comment.ts';
import { type LineEdit, unifiedDiff } from './unified-diff.ts';

export interface CommentPatch {
  readonly patch: string;
  /** What is to be said of the comments that are there, a line each. */
  readonly remarks: readonly string[];
}

/** The comments of all barriers of the table; `textOf` gives the tree's files. */
export function commentPatch(
  table: TransitionTable,
  textOf: (file: string) => string | undefined,
): CommentPatch {
  const rows = table.rows.filter(wantsComment);
  const files = [...new Set(rows.map(({ barrier }) => barrier.file))].sort();
  const texts = files.map((file) => textOf(file) ?? '');
  const words = new Set(texts.flatMap((text) => text.match(/\w+/g) ?? []));
  const isOwn = (field: string) => words.has(field.slice(field.lastIndexOf('.') + 1));
  const made = files.map((file, at) => patchOfFile(file, texts[at]!, rows, { table, isOwn }));
  return {
    patch: made.map(({ patch }) => patch).join(''),
    remarks: made.flatMap(({ remarks }) => remarks),
  };
}

function patchOfFile(
  file: string,
  text: string,
  rows: readonly TableRow[],
  context: CommentContext,
): CommentPatch {
  const byBarrier = new Map<string, TableRow[]>();
  for (const row of rows.filter(({ barrier }) => barrier.file === file)) {
    const key = keyOfBarrier(row.barrier);
    byBarrier.set(key, [...(byBarrier.get(key) ?? []), row]);
  }
  const lines = text.split('\n');
  const proposed = [...byBarrier.values()]
    .map((own) => barrierComment(own, context))
    .sort((one, other) => one.barrier.line - other.barrier.line)
    .map((comment) => ({ comment, place: placeOf(lines, comment.barrier.line - 1) }));
  const edits = proposed.flatMap(({ comment, place }) => editFor(comment, place, lines));
  return {
    patch: unifiedDiff(file, text, edits),
    remarks: proposed.flatMap(({ comment, place }) => remarksOn(comment, place, lines, context)),
  };
}

/** Where the comment of a statement stands or belongs. */
interface CommentPlace {
  /** The first line of the statement, from 0. */
  readonly statement: number;
  /** The lines of the comment that is there. */
  readonly comment?: { readonly from: number; readonly to: number };
}

function placeOf(lines: readonly string[], barrier: number): CommentPlace {
  let statement = barrier;
  while (statement > 0 && !isComplete(lines[statement - 1]!)) statement--;
  const to = statement - 1;
  if (!(lines[to] ?? '').trimEnd().endsWith('*/')) return { statement };
  let from = to;
  while (from > 0 && !lines[from]!.includes('/*')) from--;
  return lines[from]!.trimStart().startsWith('/*')
    ? { statement, comment: { from, to } }
    : { statement };
}

/** Whether what follows the line is another statement. */
function isComplete(line: string): boolean {
  const told = line.trim();
  return told === '' || told.endsWith('*/') || /[;{}:]$/.test(told);
}

/** The proposal as a comment of its own, or as the last paragraphs of the one that is there; what that says already
 *  is not proposed again. */
function editFor(
  { paragraphs }: ProposedComment,
  { statement, comment }: CommentPlace,
  lines: readonly string[],
): readonly LineEdit[] {
  const there = lines.slice(comment?.from ?? statement, comment ? comment.to + 1 : statement);
  const words = there.map((line) => withoutDelimiters(line.trim()));
  const said = words.join(' ').replace(/\s+/g, ' ');
  const unsaid = paragraphs.filter((text) => !said.includes(text));
  if (unsaid.length === 0) return [];
  const indent = /^\s*/.exec(lines[statement]!)![0];
  const body = unsaid.flatMap((text, at) => [
    ...(at === 0 ? [] : [`${indent} *`]),
    ...wrapped(text, indent),
  ]);
  if (comment === undefined)
    return [{ at: statement, removed: 0, lines: [`${indent}/*`, ...body, `${indent} */`] }];
  const { from, to } = comment;
  if (from < to && lines[to]!.trim() === '*/')
    return [{ at: to, removed: 0, lines: [`${indent} *`, ...body] }];
  const told = words.flatMap((text) => (text === '' ? [] : [`${indent} * ${text}`]));
  const whole = [`${indent}/*`, ...told, `${indent} *`, ...body, `${indent} */`];
  return [{ at: from, removed: to - from + 1, lines: whole }];
}

function withoutDelimiters(line: string): string {
  const inside = line.endsWith('*/') ? line.slice(0, -2) : line;
  return inside.replace(/^(?:\/\*+|\*)/, '').trim();
}

/** Kernel style has lines of 80 columns, tabs of 8. */
const WIDTH = 80;
const TAB = 8;

function wrapped(text: string, indent: string): readonly string[] {
  const start = `${indent} *`;
  const room = WIDTH - (start.length + (TAB - 1) * (indent.match(/\t/g)?.length ?? 0));
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(start + line);
      line = '';
    }
    line += ` ${word}`;
  }
  return [...lines, start + line];
}

/** The ways to say that two barriers pair; a function may be mentioned for another reason. */
const PAIRING: ReadonlySet<ClaimStyle> = new Set([
  ...(['pairs', 'matches', 'coupled', 'corresponds', 'synchronizes'] as const),
]);

/** What the comment that is there says wrongly, and what it leaves out. */
function remarksOn(
  { barrier, orders, idle, broken }: ProposedComment,
  { comment }: CommentPlace,
  lines: readonly string[],
  context: CommentContext,
): readonly string[] {
  const at = `${barrier.file}:${barrier.line}: ${barrierText(barrier, context)}`;
  const notEnough = broken.map((each) => `${at} is not enough: ${each}`);
  if (comment === undefined) return [`${at} has no comment`, ...notEnough];
  const text = lines.slice(comment.from, comment.to + 1).join('\n');
  const has = (word: string) => new RegExp(`\\b${word}\\b`).test(text);
  const claimed = new Set(
    readComment(text, 0)
      .said.filter(({ style }) => PAIRING.has(style))
      .flatMap(({ functions }) => functions),
  );
  const partners = orders.flatMap((order) => order.partners);
  const names = partners.map(({ function: name }) => name);
  const wrong = [...claimed].filter((name) => !names.includes(name) && name !== barrier.function);
  const unsaid = new Set(
    partners.filter(({ function: name }) => !has(name)).map((each) => barrierText(each, context)),
  );
  const fields = new Set(orders.flatMap(({ before, after }) => [before, after]));
  const missing = [...fields].filter((field) => !has(field.slice(field.lastIndexOf('.') + 1)));
  const saysIdle = /n't needed|not needed|unneeded|redundant/i.test(text.replace(/[\s*]+/g, ' '));
  const unidle = idle.filter((path) => !(saysIdle && has(path)));
  return [
    ...wrong.map(
      (name) => `${at}: its comment names ${name}(), with which nothing needs it to pair`,
    ),
    ...[...unsaid].map((each) => `${at}: its comment leaves out that it pairs with ${each}`),
    ...(missing.length === 0
      ? []
      : [`${at}: its comment leaves out that it orders ${missing.join(', ')}`]),
    ...unidle.map((path) => `${at}: its comment leaves out that it is not needed on ${path}`),
    ...notEnough,
  ];
}
