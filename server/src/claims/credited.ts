/** What a comment says of the order that an operation gives by itself: "atomic_read() is an acquire". */

/** An operation, as the comment names it, and what it is said to be, to imply or to provide. */
export interface Credited {
  readonly primitive: string;
  readonly what: string;
}

const CREDITED =
  /\b(\w+)\(\) (?:is|implies|provides|gives|acts as|serves as|works as) (?:an? |the )?(?:(?:implicit|implied|full|general|memory|write|read) ){0,2}(acquire|release|barrier|smp_\w+)\b/gi;

const NOT = /\b(?:not|no|never|n't)\b/i;

/** The operations that a comment credits with an order; none where it also says what is not so. */
export function creditedIn(comment: string): readonly Credited[] {
  if (!comment.includes('()') || NOT.test(comment)) return [];
  const said = comment.replace(/[\s*]+/g, ' ');
  return [...said.matchAll(CREDITED)].map(([, primitive, what]) => ({
    primitive: primitive!,
    what: what!.toLowerCase(),
  }));
}
