/** The words of kernel C by the part they can play in a declaration or statement. */

import { nearestName } from '../text/similar-name.ts';

/** Types that are keywords; after one of them no type name can follow. */
const BUILTIN = new Set(
  'void char short int long float double signed unsigned bool _Bool __signed__ __int128 size_t ssize_t __auto_type'.split(
    ' ',
  ),
);

const TAGGED = new Set(['struct', 'union', 'enum']);

const TYPEOF = new Set(['typeof', '__typeof__', '__typeof', 'typeof_unqual', '__typeof_unqual__']);

const STORAGE = new Set(
  'static extern inline typedef register auto __inline __inline__ __thread'.split(' '),
);

const QUALIFIERS = new Set('const volatile restrict __restrict__ _Atomic'.split(' '));

const STATEMENT_WORDS = new Set(
  'if else while for do switch case default return goto break continue sizeof asm __asm__ __asm'.split(
    ' ',
  ),
);

/** Words that say nothing about types or control flow, where their number alone does not tell that. */
const ANNOTATIONS = new Set(
  (
    '__user __kernel __iomem __percpu __rcu __force __nocast __safe __bitwise __private __packed ' +
    '__init __exit __net_init __net_exit __meminit __sched __kprobes __ref __weak __used __pure __cold ' +
    '__must_check __maybe_unused __always_unused __read_mostly __ro_after_init __initdata ' +
    '__always_inline __restrict __extension__ __const __volatile__ ____cacheline_aligned ' +
    '____cacheline_aligned_in_smp ____cacheline_internodealigned_in_smp __randomize_layout ' +
    '__no_randomize_layout __attribute_const__ __visible __latent_entropy __bpf_kfunc ' +
    'noinline notrace noinstr asmlinkage nokprobe_inline noinline_for_stack'
  ).split(' '),
);

/** Annotations with arguments. */
const ANNOTATION_CALLS = new Set(
  (
    '__attribute__ __attribute __declspec __aligned __aligned_largest __printf __scanf __section __must_hold ' +
    '__acquires __releases __cond_acquires __cond_lock_annotation __alias __free __cleanup __guarded_by ' +
    '__counted_by __alloc_size __assume_aligned __no_sanitize __malloc __nonnull _Alignas __pass_object_size'
  ).split(' '),
);

export const isBuiltinType = (word: string): boolean => BUILTIN.has(word);
export const isTagKeyword = (word: string): boolean => TAGGED.has(word);
export const isTypeof = (word: string): boolean => TYPEOF.has(word);
export const isStorage = (word: string): boolean => STORAGE.has(word);
export const isQualifier = (word: string): boolean => QUALIFIERS.has(word);
export const isStatementWord = (word: string): boolean => STATEMENT_WORDS.has(word);
export const isAnnotation = (word: string): boolean => ANNOTATIONS.has(word);
export const isAnnotationCall = (word: string): boolean => ANNOTATION_CALLS.has(word);

/** Words that begin a type: an argument or parenthesis that begins so is no expression. */
export function beginsType(word: string): boolean {
  return BUILTIN.has(word) || TAGGED.has(word) || QUALIFIERS.has(word);
}

const KEYWORDS = new Set(
  [BUILTIN, TAGGED, STORAGE, QUALIFIERS, STATEMENT_WORDS].flatMap((words) => [...words]),
);

/** The keyword that a word of no meaning was meant to be: `unsinged`. */
export function keywordMeant(word: string): string | undefined {
  const isOther = KEYWORDS.has(word) || ANNOTATIONS.has(word) || looksLikeAnnotation(word);
  return isOther ? undefined : nearestName(word, KEYWORDS, 2);
}

/** By its spelling more likely an annotation than the name of a type or variable: `__foo`, `FOO`. */
export function looksLikeAnnotation(word: string): boolean {
  return (word.startsWith('__') && !looksLikeType(word)) || /^[A-Z][A-Z0-9_]+$/.test(word);
}

/** By its spelling the name of a type: `u32`, `__le16`, `pid_t`. */
export function looksLikeType(word: string): boolean {
  return /_t$|^(?:__)?(?:[usbl]e?)(?:8|16|32|64|128)$|^__(?:poll_t|wsum|sum16)$|^u(?:int|long|short|char)$/.test(
    word,
  );
}

/** Written as macros that are no functions usually are. */
export function isCapitals(word: string): boolean {
  return /^_*[A-Z][A-Z0-9_]*$/.test(word);
}
