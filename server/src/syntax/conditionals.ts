/**
 * Decides what becomes of each `#if`: kept with all its alternatives where they are whole statements or
 * declarations, reduced to one alternative where it splits one.
 */

import type { Span } from '../text/span.ts';
import { blank, type Canvas, write } from './canvas.ts';
import type { Directive, Token, Tokens } from './tokens.ts';

/** The tokens that stay, and what was left out although a configuration exists that would compile it. */
export interface Resolved {
  readonly tokens: readonly Token[];
  readonly omitted: readonly Span[];
  /** What is compiled in no configuration: the contents of `#if 0`. */
  readonly neverCompiled: readonly Span[];
  /** The starts of the preprocessor lines that stay. */
  readonly kept: readonly number[];
}

/** Resolves every `#if` of a file, and blanks on the canvas the lines and alternatives that go. */
export function resolveConditionals(canvas: Canvas, file: Tokens): Resolved {
  const state: State = {
    canvas,
    tokens: file.tokens,
    dropped: new Uint8Array(file.tokens.length),
    omitted: [],
    neverCompiled: [],
    kept: [],
  };
  const open: Group[] = [];
  for (const directive of file.directives) {
    const group = open.at(-1);
    switch (directive.keyword) {
      case 'if':
      case 'ifdef':
      case 'ifndef':
        open.push({ heads: [directive] });
        break;
      case 'elif':
      case 'elifdef':
      case 'elifndef':
      case 'else':
        if (group === undefined) blankLine(state, directive);
        else group.heads.push(directive);
        break;
      case 'endif':
        if (group !== undefined) closeGroup(state, group, directive);
        else blankLine(state, directive);
        open.pop();
        break;
      default:
        blankLine(state, directive);
    }
  }
  for (const group of open) for (const head of group.heads) blankLine(state, head);
  const tokens = file.tokens.filter((_, index) => state.dropped[index] === 0);
  const { omitted, neverCompiled } = state;
  return { tokens, omitted, neverCompiled, kept: state.kept.sort((a, b) => a - b) };
}

interface State {
  readonly canvas: Canvas;
  readonly tokens: readonly Token[];
  readonly dropped: Uint8Array;
  readonly omitted: Span[];
  readonly neverCompiled: Span[];
  readonly kept: number[];
}

interface Group {
  readonly heads: Directive[];
}

/** The tokens `from <= index < to` under one line of a group. */
interface Branch {
  readonly head: Directive;
  readonly from: number;
  readonly to: number;
  readonly end: number;
}

function closeGroup(state: State, group: Group, endif: Directive): void {
  const branches = group.heads.map((head, index): Branch => {
    const next = group.heads[index + 1] ?? endif;
    return { head, from: head.before, to: next.before, end: next.start };
  });
  const live = branches.filter((branch) => !isNever(state, branch, group));
  for (const branch of branches) if (!live.includes(branch)) dropNever(state, branch);
  if (live.length === branches.length && separates(state, branches, endif)) {
    for (const head of [...group.heads, endif]) simplify(state, head);
    return;
  }
  for (const head of [...group.heads, endif]) blankLine(state, head);
  const chosen = live[0];
  for (const branch of live) {
    if (branch === chosen) continue;
    if (hasTokens(state, branch)) state.omitted.push({ start: branch.head.end, end: branch.end });
    drop(state, branch);
  }
}

function dropNever(state: State, branch: Branch): void {
  state.neverCompiled.push({ start: branch.head.end, end: branch.end });
  drop(state, branch);
}

/** `#if 0`; what is for assembly or C++ only; and the alternative to what is not for these. */
function isNever(state: State, { head }: Branch, group: Group): boolean {
  const condition = conditionOf(state, head);
  if (head.keyword === 'if') return /^\(?\s*0\s*\)?$/.test(condition);
  if (head.keyword === 'ifdef') return isOtherLanguage(condition);
  const [first] = group.heads;
  return (
    head.keyword === 'else' &&
    first?.keyword === 'ifndef' &&
    isOtherLanguage(conditionOf(state, first))
  );
}

function isOtherLanguage(name: string): boolean {
  return /^(?:__ASSEMBLY__|__ASSEMBLER__|__cplusplus)$/.test(name);
}

function conditionOf({ canvas }: State, head: Directive): string {
  return canvas.original
    .slice(head.argument, head.end)
    .replace(/\/[/*].*/s, '')
    .trim();
}

function hasTokens(state: State, { from, to }: Branch): boolean {
  for (let at = from; at < to; at++) if (state.dropped[at] === 0) return true;
  return false;
}

function drop(state: State, { head, from, to, end }: Branch): void {
  for (let at = from; at < to; at++) state.dropped[at] = 1;
  blank(state.canvas, head.end, end);
  while (state.kept.length > 0 && state.kept.at(-1)! > head.end && state.kept.at(-1)! < end)
    state.kept.pop();
}

/** Whether the group stands between statements or declarations, and each alternative consists of such. */
function separates(state: State, branches: readonly Branch[], endif: Directive): boolean {
  const first = branches[0]!;
  const before = previous(state, first.from);
  const after = next(state, endif.before);
  if (!mayPrecede(state, before)) return false;
  if (textAt(state, after) === 'else') return false;
  return branches.every((branch) => isWhole(state, branch, after));
}

function previous(state: State, from: number): number {
  let at = from - 1;
  while (at >= 0 && state.dropped[at] === 1) at--;
  return at;
}

function next(state: State, from: number): number {
  let at = from;
  while (at < state.tokens.length && state.dropped[at] === 1) at++;
  return at;
}

function textAt(state: State, index: number): string {
  return state.tokens[index]?.text ?? '';
}

function mayPrecede(state: State, index: number): boolean {
  switch (textAt(state, index)) {
    case '':
    case ';':
    case '}':
    case ':':
      return true;
    case '{':
      return !/^[=,[]$/.test(textAt(state, previous(state, index)));
    case ')':
      return endsFileScopeMacro(state, index);
    default:
      return false;
  }
}

/** Whether the `)` closes the arguments of a macro whose name begins its line: `EXPORT_SYMBOL(f)`. */
function endsFileScopeMacro(state: State, close: number): boolean {
  let depth = 0;
  for (let at = close; at >= 0; at--) {
    if (state.dropped[at] === 1) continue;
    const text = textAt(state, at);
    if (text === ')') depth += 1;
    else if (text === '(') depth -= 1;
    if (depth > 0) continue;
    const name = state.tokens[at - 1];
    return (
      name?.kind === 'word' && (name.start === 0 || state.canvas.original[name.start - 1] === '\n')
    );
  }
  return false;
}

function isWhole(state: State, branch: Branch, after: number): boolean {
  const first = next(state, branch.from);
  if (first >= branch.to) return true;
  if (textAt(state, first) === 'else' || !isBalanced(state, branch)) return false;
  const last = previous(state, branch.to);
  switch (textAt(state, last)) {
    case ';':
    case ':':
      return true;
    case '}':
      return !/^[;,=)]$/.test(textAt(state, after));
    case ')':
      return textAt(state, after) !== '{' && endsFileScopeMacro(state, last);
    default:
      return false;
  }
}

function isBalanced(state: State, { from, to }: Branch): boolean {
  const open: string[] = [];
  for (let at = from; at < to; at++) {
    if (state.dropped[at] === 1) continue;
    const text = textAt(state, at);
    if (text === '(' || text === '[' || text === '{') open.push(text);
    else if (text === ')' && open.pop() !== '(') return false;
    else if (text === ']' && open.pop() !== '[') return false;
    else if (text === '}' && open.pop() !== '{') return false;
  }
  return open.length === 0;
}

function blankLine(state: State, { start, end }: Directive): void {
  blank(state.canvas, start, end);
}

/** The grammar knows few conditions; the AST takes them from the original. */
function simplify(state: State, head: Directive): void {
  const { canvas } = state;
  state.kept.push(head.start);
  if (head.keyword === 'if' || head.keyword === 'elif') {
    blank(canvas, head.argument, head.end);
    write(canvas, head.argument, ' 1');
  } else if (head.keyword === 'else' || head.keyword === 'endif')
    blank(canvas, head.argument, head.end);
  else {
    const name = /^\s*[\w$]+/.exec(canvas.original.slice(head.argument, head.end))?.[0] ?? '';
    blank(canvas, head.argument + name.length, head.end);
  }
}
