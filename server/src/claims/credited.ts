/** What a comment says of the order that an operation gives by itself: "atomic_read() is an acquire". */

/** An operation, as the comment names it, and what it is said to be, to imply or to provide. */
export interface Credited {
  readonly primitive: string;
  readonly what: string;
}

const CREDITED =
  /\b(\w+)\(\) (?:is|implies|provides|gives|acts as|serves as|works as) (?:an? |the )?(?:(?:implicit|implied|full|general|memory|write|read) ){0,2}(acquire|release|barrier|smp_\w+)\b/gi;

const NOT = /\b(?:not|no|never|n't)\b/i;

/** What follows of an order that is there: "so no barrier is needed". */
const NEEDLESS =
  /\b(?:so|hence|thus|therefore)(?: that)?,? (?:there is |we need )?no (?:\w+ ){0,2}barriers?\b|\b(?:no|not|n't) need(?:ed)?\b|\bnot (?:necessary|required)\b/gi;

/** The operations that a comment credits with an order; none where it also says what is not so, but that no more is needed. */
export function creditedIn(comment: string): readonly Credited[] {
  if (!comment.includes('()')) return [];
  const said = comment.replace(/[\s*]+/g, ' ');
  if (NOT.test(said.replace(NEEDLESS, ' '))) return [];
  return [...said.matchAll(CREDITED)].map(([, primitive, what]) => ({
    primitive: primitive!,
    what: what!.toLowerCase(),
  }));
}
