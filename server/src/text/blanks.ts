/** White space and comments, as the small languages of litmus tests, models and scenarios have them. */

/** How comments are written. */
export interface Comments {
  /** What begins one that ends with its line. */
  readonly line?: string;
  readonly open: string;
  readonly close: string;
}

export const C_COMMENTS: Comments = { line: '//', open: '/*', close: '*/' };
/** Of herd7 and cat, both from OCaml; they do not nest. */
export const OCAML_COMMENTS: Comments = { open: '(*', close: '*)' };

const SPACE = /\s*/y;

/** Where, from `at` on, the first character stands that is neither white space nor in a comment; a comment that
 *  is not closed reaches to the end. */
export function afterBlanks(text: string, at: number, { line, open, close }: Comments): number {
  for (let here = at; ; ) {
    SPACE.lastIndex = here;
    SPACE.test(text);
    here = SPACE.lastIndex;
    if (text.startsWith(open, here)) here = behind(text, close, here + open.length);
    else if (line !== undefined && text.startsWith(line, here)) here = behind(text, '\n', here);
    else return here;
  }
}

/** Where in the white space and comments from `at` on a comment begins that is never closed; undefined where none does. */
export function unclosedComment(text: string, at: number, comments: Comments): number | undefined {
  const { line, open, close } = comments;
  for (let here = at; ; ) {
    SPACE.lastIndex = here;
    SPACE.test(text);
    here = SPACE.lastIndex;
    if (text.startsWith(open, here)) {
      if (!text.includes(close, here + open.length)) return here;
      here = behind(text, close, here + open.length);
    } else if (line !== undefined && text.startsWith(line, here)) here = behind(text, '\n', here);
    else return undefined;
  }
}

function behind(text: string, end: string, from: number): number {
  const at = text.indexOf(end, from);
  return at === -1 ? text.length : at + end.length;
}
