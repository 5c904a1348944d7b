/** The phrasings by which kernel comments name the partner of a barrier: one row per phrasing. */

import type { ClaimStyle } from './claim.ts';

/** What introduces a claim. The names of the partner stand after the phrase. */
export interface Phrase {
  readonly style: ClaimStyle;
  readonly words: RegExp;
  /** The partner has to follow at once, as a call or as a bare name: the phrase alone says too little. */
  readonly next?: 'call' | 'name';
  /** A common verb: the sentence has to speak of barriers, or the claim to name an operation. */
  readonly isCommon?: boolean;
}

/** Words by which a sentence speaks of barriers. */
export const ORDER_WORDS = /barrier|[rw]?mb\b|acquire|release|_ONCE|fence/i;

/** In the order in which they are tried; of two that overlap in a comment the earlier row wins. */
export const PHRASES: readonly Phrase[] = [
  {
    style: 'pairs',
    words:
      /\b(?:pair(?:s|ed|ing)?(?:\s+up)?|pair\s+of(?:\s+(?:the|a))?\s+barriers?)\s+(?:\w+ly\s+)?(?:with\b|w\/|to\b|in\b)/gi,
  },
  { style: 'pairs', words: /\bpairs?\s*:/gi },
  {
    style: 'matches',
    words: /\bmatch(?:e{1,2}s|ed|ing)?\b(?:\s+(?:with|by|to)\b)?/gi,
    isCommon: true,
  },
  { style: 'matches', words: /\bcounter-?parts?\b(?:\s+\w+){0,2}?\s+(?:of|to|is|in)\b/gi },
  { style: 'coupled', words: /\bcoupled\s+(?:with|to)\b/gi },
  {
    style: 'corresponds',
    words:
      /\b(?:corresponding|complementary|respective)\s+(?=(?:\w+\s+){0,3}?(?:barriers?|[\w*]*mb|[\w*]*(?:acquire|release)|\w+_ONCE)\b)/gi,
  },
  { style: 'corresponds', words: /\b(?:corresponds?|complements?)\s+(?:to|with|the)\b/gi },
  { style: 'synchronizes', words: /\bsync(?:hroni[sz]e[sd]?|s)\s+with\b/gi },
  {
    style: 'ordered-against',
    words:
      /\b(?:order(?:s|ed|ing)?|seriali[sz]e[sd]?)\s+(?:[\w']+\s+){0,4}?(?:against|wrt|w\.r\.t\.?|with\s+respect\s+to|with|vs\.?)\s/gi,
  },
  {
    style: 'see',
    words:
      /(?:\bSee|(?<=(?:^|[.;:,()"'-]|\b(?:please|and)\b|(?:^|[.;,(])\s*also)\s*)see|(?<!\b(?:will|must|may|can|could|would|should|might|to|we|they|not|you|both|also|I)\s+)\bsee(?=\s+\w+\(\)))\s+(?:also\s+)?(?:the\s+)?(?:(?:\w+\s+){0,2}?comments?\s+(?:\w+\s+)?(?:in|for|of|at|on|above|before|to)\b)?/g,
  },
  { style: 'mention', words: /\b(?:re-?)?sync(?:hroni[sz]e)?\s+with\b/gi, next: 'name' },
  { style: 'mention', words: /\b(?:versus|vs\.?|against)\s/gi, next: 'name' },
  { style: 'mention', words: /\brac(?:e|es|ing)\s+(?:with|against)\b/gi, next: 'call' },
  {
    style: 'mention',
    words: /\b(?:visible|seen|noticed|observed)\s+(?:to|by|in|for)\b/gi,
    next: 'name',
  },
  {
    style: 'mention',
    words:
      /\b(?=\w+\(\)\s+(?:(?:will|may|might|can|could|would|must|does|doesn't|not|also|always|never|actually|reliably)\s+){0,3}(?:sees?|observes?|notices?|miss(?:es)?|reads?)\b)/g,
    next: 'call',
  },
  {
    style: 'mention',
    words:
      /\b(?:(?:so|such)\s+that|(?:ensur(?:e|es|ing)|mak(?:e|es|ing)\s+sure|guarantee(?:s|ing)?)(?:\s+that)?)\s/gi,
    next: 'call',
  },
  {
    style: 'mention',
    words:
      /\b(?:made|done|enqueued|queued|set|written|stored|updated|published|performed|issued)\s+by\b/gi,
    next: 'call',
  },
  { style: 'mention', words: /\bcase\s+(?:where|when|that|if)\b/gi, next: 'call' },
  {
    style: 'mention',
    words: /\b(?:another|other|a)\s+(?:cpu|task|thread)\b[^.]{0,160}?\bcalls\b/gi,
    next: 'call',
  },
  { style: 'mention', words: /\b(?:the\s+(?:loop|check)|because)\s+in\b/gi, next: 'call' },
];

/** A misspelling seen in comments, and what was meant. */
export const MISSPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/^smb_/, 'smp_'],
  [/^sm_(?=[rw]?mb)/, 'smp_'],
  [/aquire/, 'acquire'],
  [/acuire/, 'acquire'],
  [/relase|realease|relese/, 'release'],
  [/__(before|after)_atomic_(?:inc|dec)$/, '__$1_atomic'],
];

/** Names of operations that order, as comments write them (also abbreviated and as patterns). */
export const PRIMITIVE_NAME =
  /^(?:_*smp_[\w*]+|(?:dma_|virt_|__)?[rw]?mb|dmb|dsb|mmiowb|barrier|(?:READ|WRITE|ACCESS)_ONCE|(?:\w+_)?(?:store_release|load_acquire|store_mb)|[\w]*(?:cmp)?xchg\w*|set_mask_bits|(?:raw_|arch_)?atomic(?:64|_long)?_[\w*]+|(?:__)?(?:test_and_)?(?:set|clear|change)_bit\w*|test_bit\w*|refcount_\w+|kref_(?:get|put)\w*|rcu_(?:assign|dereference|replace)\w*|rcu_access_pointer|(?:s?rcu)_read_(?:un)?lock\w*|synchronize_s?rcu\w*|call_rcu\w*|(?:__)?set_(?:current|special|task)_state|(?:raw_)?(?:spin|read|write)_(?:un|try)?lock\w*|mutex_(?:un|try)?lock\w*|(?:raw_)?(?:read|write)_seq\w*|lockless_dereference|read_barrier_depends|list_\w+_rcu|hlist_\w+_rcu)$/;

/** A phrase for a kind of operation, by the words of the prose; the value is the claim's `primitive`. */
export const CLASS_WORDS: readonly (readonly [RegExp, string])[] = [
  [/^(?:rmb|wmb|mb)s?$/i, '$&'],
  [/^acquires?$|^load-acquire$/i, 'acquire'],
  [/^releases?$|^store-release$/i, 'release'],
];

/** "a write memory barrier": the word before `barrier` that says which. */
export const BARRIER_KINDS: ReadonlyMap<string, string> = new Map([
  ['read', 'read barrier'],
  ['load', 'read barrier'],
  ['write', 'write barrier'],
  ['store', 'write barrier'],
  ['full', 'full barrier'],
  ['general', 'full barrier'],
  ['acquire', 'acquire'],
  ['release', 'release'],
]);

/** How a comment says which label its own site bears. */
export const OWN_LABELS: readonly RegExp[] = [
  /LMM\((\w+):(\w+)\)/g,
  /^\s*\(?([A-Z]\d?)\)?\s*(?=[,:;.]|$|--)/g,
  /(?:^\s*|[-,;]\s+|barrier\s+)\(?([A-HJ-Z]\d?)\)?,?\s+(?=(?:matche{1,2}s|pairs|is\s+paired)\b)/g,
  /(?:^|[.;]|\b(?:full|implicit|implied|memory))\s*[Bb]arrier\s+\(?([A-Z]\d?)\b\)?/g,
  /\b[Ss]ee\s+([A-Z][A-Z0-9]*_[A-Z0-9_]+)\s+for\b/g,
];

/** "A matches D", "(A) pairs with (D)": the label on the left. */
export const LABEL_PAIRS =
  /(?<![\w(])\(?([A-HJ-Z]\d?)\)?,?\s+(?:matche{1,2}s|pairs|is\s+paired)\s+(?:with\s+)?\(?[A-HJ-Z]\d?\b/g;
