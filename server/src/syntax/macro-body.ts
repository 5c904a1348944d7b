/** Reads C that stands in no function: the bodies of macros, and the insides of blocks. */

import type { Span } from '../text/span.ts';
import type { Expression, MacroDefinition, Statement } from './ast.ts';
import { buildStatements } from './build-statement.ts';
import { childIn, childOfKind } from './flat-tree.ts';
import type { CParser } from './parser.ts';
import { prepare } from './prepass.ts';
import { type Reading, spanOf } from './reading.ts';

/** Statements, and where the parser could not follow. */
export interface Fragment {
  readonly body: readonly Statement[];
  readonly errors: readonly Span[];
}

/** The statements of a block's inside. Spans are offsets into `text`, moved by `offset`. Never throws. */
export function parseStatements(parser: CParser, text: string, offset = 0): Fragment {
  return parseInside(parser, text, text, offset);
}

/** Reads `readable`, which stands for `written` and is as long, as the inside of a function. */
function parseInside(parser: CParser, written: string, readable: string, offset: number): Fragment {
  const shift = offset - OPENING.length;
  const whole = { start: offset, end: offset + written.length };
  const reading: Reading = {
    tree: parser.tree(prepare(`${OPENING}${readable}\n}`).text),
    source: `${OPENING}${written}\n}`,
    place: (start, end) => ({ start: start + shift, end: Math.min(end + shift, whole.end) }),
    statements: buildStatements,
  };
  const node = childOfKind(reading.tree, 0, 'function_definition');
  const block = node === undefined ? undefined : childIn(reading.tree, node, 'body');
  if (block === undefined)
    return { body: [{ kind: 'unknown', text: written, span: whole }], errors: [whole] };
  const errors = reading.tree.errors.map((error) => spanOf(reading, error));
  return { body: buildStatements(reading, block, 0), errors };
}

const OPENING = 'void f(void) {';

/** What a macro stands for. Its parameters are names in it; what `##` pastes is `unknown`. */
export type MacroBody =
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'statements'; readonly body: readonly Statement[] }
  /** `for (...)`, `list_for_each(...)`, `if (...) else for (...)`: a head whose body, written after the
   *  macro's use, is the statement `LOOP_BODY` here. */
  | { readonly kind: 'loop'; readonly body: readonly Statement[] }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unknown'; readonly text: string };

/** The name of the statement in the place of the body that a loop's head lacks. */
export const LOOP_BODY = '__loop_body__';

/** Reads a macro's body; spans are offsets into the file that defines it. Text that can be both is an
 *  expression rather than a statement, and a statement rather than the head of a loop. */
export function parseMacroBody(parser: CParser, { body, bodyStart }: MacroDefinition): MacroBody {
  const text = withoutPasting(body);
  if (text.trim() === '') return { kind: 'nothing' };
  const attempt = (ending: string) => parseInside(parser, body + ending, text + ending, bodyStart);
  const plain = attempt(';');
  if (plain.errors.length === 0 && !lacksBody(plain.body, text)) return meaningOf(plain.body);
  const loop = attempt(` ${LOOP_BODY};`);
  if (loop.errors.length === 0) return { kind: 'loop', body: loop.body };
  return { kind: 'unknown', text: body };
}

/** `a ## b` becomes one name, `#a` a name, of the same length; continuations become blank. */
function withoutPasting(body: string): string {
  return body
    .replace(/\\(?=\r?\n)/g, ' ')
    .replace(/\w+(?:\s*##\s*\w+)+|#\s*\w+/g, (pasted) => '_'.repeat(pasted.length));
}

/** `for (...)` with nothing after it but the semicolon that was added. */
function lacksBody(body: readonly Statement[], text: string): boolean {
  let last = body.at(-1);
  for (;;) {
    switch (last?.kind) {
      case 'for':
      case 'while':
      case 'macro-loop':
        last = last.body;
        break;
      case 'if':
        last = last.otherwise ?? last.then;
        break;
      case 'empty':
        return !text.trimEnd().endsWith(';');
      default:
        return false;
    }
  }
}

function meaningOf(body: readonly Statement[]): MacroBody {
  const statements = body.filter(({ kind }) => kind !== 'empty');
  const [only] = statements;
  return statements.length === 1 && only?.kind === 'expression'
    ? { kind: 'expression', expression: only.expression }
    : { kind: 'statements', body: statements };
}
