/** The small words of English by which the reader of claims finds its way through a sentence. */

/** Short forms that look like something else, and what they stand for; nothing where they say nothing. */
export const SHORT_FORMS: readonly (readonly [string, string])[] = [
  ['w.r.t.', 'wrt'],
  ['w.r.t', 'wrt'],
  ['w/o', 'without'],
  ['w/', 'with'],
  ['vs.', 'vs'],
  ['cf.', 'see'],
  ['i.e.', ''],
  ['i.e', ''],
  ['e.g.', ''],
  ['e.g', ''],
  ['viz.', ''],
  ['etc.', ''],
];

/** What a claim calls its partner when it does not name it. */
export const BARRIER_NOUNS = wordSet('barrier barriers fence fences membar membars');

/** May stand before a name without a meaning of their own. */
export const ARTICLES = wordSet(
  'the a an this that any all our both other subsequent concurrent each either',
);

/** After these a bare name is the place of the partner. */
export const PLACES = wordSet('in from of by inside within with to and or at the a against on');

/** "f() called by g()": the partner is f. */
export const CALLED = wordSet('called invoked used call');

/** They follow `called` and stand before the caller. */
export const CALLERS = wordSet('by from in via within inside');

/** What may stand between two partners of a list. */
export const LIST_WORDS = wordSet(
  'and or nor also with w in the a an from both as well of by at on pairs paired ' +
    'matches barrier barriers read write full memory implied implicit acquire release one ' +
    'ones side',
);

/** A claim does not go on over these. */
export const ENDS = wordSet(
  'so because since ensures ensuring guarantees guaranteeing otherwise thus therefore ' +
    'hence however like',
);

/** "to ensure ...": what the barrier is for, no partner. */
export const PURPOSES = wordSet(
  'ensure make guarantee prevent avoid keep provide see order allow be get not protect ' + 'force',
);

/** Between a name and "in f()" these say that the two do not belong together. */
export const STOPS_SEARCH: ReadonlySet<string> = new Set([
  ...ENDS,
  ...wordSet('to which called for before after that when where while if'),
]);

/** Words for the place where the comment stands. */
export const DEMONSTRATIVES = wordSet('this these it here us ours our above below following');

/** "see whether", "see that": nothing is pointed at. */
export const ASKS = wordSet('if whether that how what when any it them him us');

/** "at the end of the function": where the partner stands. */
export const EDGES: ReadonlyMap<string, 'above' | 'below'> = new Map([
  ['end', 'below'],
  ['bottom', 'below'],
  ['beginning', 'above'],
  ['start', 'above'],
  ['top', 'above'],
  ['later', 'below'],
  ['earlier', 'above'],
]);

function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(' '));
}
