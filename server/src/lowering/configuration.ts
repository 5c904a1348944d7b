/**
 * The one configuration that C is read in: several processors, 64 bit, and what the `.config` of the tree
 * says where there is one. An option that nobody speaks of is taken as not set, everywhere.
 */

import type { ConditionalGroup } from '../syntax/conditional-groups.ts';
import type { Place, Span } from '../text/span.ts';

/** What a tree says of itself beside its C: its `.config`, and the `Makefile` with its version. */
export interface TreeConfiguration {
  readonly config?: ConfigurationText;
  readonly makefile?: ConfigurationText;
  /** Options that are set whatever it says: the code that is asked about stands under them. */
  readonly required?: ReadonlySet<string>;
}

export interface ConfigurationText {
  readonly file: string;
  readonly text: string;
}

const CONFIG = '.config';
const MAKEFILE = 'Makefile';

/** The files that say it, by their paths below the tree. */
export const CONFIGURATION_FILES: readonly string[] = [CONFIG, MAKEFILE];

/** What a tree says of itself, its files read by their paths below it. */
export function treeConfiguration(textOf: (path: string) => string | undefined): TreeConfiguration {
  const read = (file: string): ConfigurationText | undefined => {
    const text = textOf(file);
    return text === undefined ? undefined : { file, text };
  };
  const config = read(CONFIG);
  const makefile = read(MAKEFILE);
  return { ...(config && { config }), ...(makefile && { makefile }) };
}

/** Something about the configuration that an answer rests on: taken for granted, or not known at all. */
export interface Condition {
  readonly kind: 'assumed' | 'unknown';
  readonly message: string;
  readonly place: Place;
}

/** Added where a scenario can say otherwise. */
export const BY_STUB = '; a stub may define it';

/** What stands for an option of the kernel: the text of a macro, nothing where it is not set. */
export interface Option {
  readonly body?: string;
  /** Why, where the sources do not say it. */
  readonly message: string;
}

/** Set whatever a `.config` says, as each question is one of several processors of 64 bits. */
const ALWAYS_SET = new Set(['CONFIG_SMP', 'CONFIG_64BIT']);

/** The options without which the code at `span` is not there, as far as the groups around it say so plainly. */
export function optionsAround(
  groups: readonly ConditionalGroup[],
  { start, end }: Span,
): readonly string[] {
  return groups.flatMap(({ branches }) =>
    branches
      .filter(({ governed }) => governed.start <= start && end <= governed.end)
      .flatMap(({ keyword, condition }) =>
        keyword === 'ifdef' || keyword === 'if' || keyword === 'elif' ? required(condition) : [],
      ),
  );
}

/** The options of a condition, but for those that it wants unset. */
function required(condition: string): readonly string[] {
  const options: string[] = [];
  let isNegated = false;
  for (const [token] of condition.matchAll(/\w+|[^\s\w(]/g)) {
    if (token.startsWith('CONFIG_') && !isNegated) options.push(token);
    isNegated = token === '!' || (isNegated && ASKS.has(token));
  }
  return options;
}

/** What stands between a `!` and an option. */
const ASKS = new Set(['defined', 'IS_ENABLED', 'IS_BUILTIN']);

/** Set where nothing is said. */
const TAKEN_AS_SET = new Set([...ALWAYS_SET, 'CONFIG_LIVEPATCH', 'CONFIG_PREEMPT_RCU']);

/** The options of a tree. */
export function optionsOf({ config, required }: TreeConfiguration): (name: string) => Option {
  const said = config === undefined ? undefined : readConfig(config.text);
  return (name) => {
    if (required?.has(name))
      return { body: '1', message: `${name} is set where the code in question is` };
    if (said === undefined || ALWAYS_SET.has(name)) return takenAs(name);
    const body = said.get(name);
    return body === undefined
      ? { message: `${name} is not set in ${config!.file}` }
      : { body, message: `${name} is ${body === '1' ? 'set' : body} in ${config!.file}` };
  };
}

function takenAs(name: string): Option {
  if (TAKEN_AS_SET.has(name)) return { body: '1', message: `${name} is taken as set${BY_STUB}` };
  return { message: `${name} is taken as not set${BY_STUB}` };
}

/** The macros that a `.config` stands for, as `include/generated/autoconf.h` has them: what is a module is
 *  `CONFIG_FOO_MODULE`. */
function readConfig(text: string): ReadonlyMap<string, string> {
  const macros = new Map<string, string>();
  for (const line of text.split('\n')) {
    const equals = line.indexOf('=');
    const name = line.slice(0, equals);
    if (equals < 0 || !/^CONFIG_\w+$/.test(name)) continue;
    const value = line.slice(equals + 1).trim();
    if (value === 'm') macros.set(`${name}_MODULE`, '1');
    else if (value === 'y') macros.set(name, '1');
    else if (value !== 'n') macros.set(name, value);
  }
  return macros;
}

/** What a kernel's Makefile says. */
interface MadeBy {
  /** `VERSION`, `PATCHLEVEL` and `SUBLEVEL` as `LINUX_VERSION_CODE`. */
  readonly version: string | undefined;
  /** The options that change what C means. */
  readonly options: ReadonlySet<OptionOfC>;
}

const OPTIONS_OF_C = ['-funsigned-char', '-fshort-wchar'] as const;
type OptionOfC = (typeof OPTIONS_OF_C)[number];

/** Read once: each type `char` is asked about. */
const known = new WeakMap<ConfigurationText, MadeBy>();

function madeBy(makefile: ConfigurationText): MadeBy {
  const before = known.get(makefile);
  if (before !== undefined) return before;
  const { text } = makefile;
  const options = new Set(OPTIONS_OF_C.filter((option) => text.includes(` ${option}`)));
  const made = { version: versionIn(text), options };
  known.set(makefile, made);
  return made;
}

/** `LINUX_VERSION_CODE` as a kernel's Makefile has it. */
export function versionCode({ makefile }: TreeConfiguration): string | undefined {
  return makefile && madeBy(makefile).version;
}

/** Whether the kernel's Makefile gives the compiler an option that changes what C means. */
export function isCompiledWith({ makefile }: TreeConfiguration, option: OptionOfC): boolean {
  return makefile !== undefined && madeBy(makefile).options.has(option);
}

function versionIn(makefile: string): string | undefined {
  const lines = makefile.matchAll(/^(\w+) = (\d{1,9})$/gm);
  const numbers = new Map([...lines].reverse().map(([, name, number]) => [name, number]));
  const parts = ['VERSION', 'PATCHLEVEL', 'SUBLEVEL'].map((name) => numbers.get(name));
  if (parts.some((part) => part === undefined)) return undefined;
  const [version, patch, sub] = parts.map(Number);
  return String(version! * 65536 + patch! * 256 + Math.min(sub!, 255));
}

/** Whether there is the Makefile at the top of a kernel, and not one of anything else. */
export function isKernelMakefile(configuration: TreeConfiguration): boolean {
  return versionCode(configuration) !== undefined;
}

/** A macro that no text defines. */
export interface Predefined {
  readonly body: string;
  readonly parameters?: readonly string[];
  /** What it takes for granted, where that could be otherwise. */
  readonly assumes?: string;
}

const WORDS_OF_64_BITS = 'a machine of 64 bits is assumed';
const LITTLE_ENDIAN = 'a little-endian machine is assumed';

/** What the compiler and the architecture define. */
export const PREDEFINED: ReadonlyMap<string, Predefined> = new Map<string, Predefined>([
  ['__KERNEL__', { body: '1' }],
  ['__STDC__', { body: '1' }],
  ['__STDC_VERSION__', { body: '201112L' }],
  ['__GNUC__', { body: '12' }],
  ['__GNUC_MINOR__', { body: '2' }],
  ['__GNUC_PATCHLEVEL__', { body: '0' }],
  ['__OPTIMIZE__', { body: '1' }],
  ['__linux__', { body: '1' }],
  ['__CHAR_BIT__', { body: '8' }],
  ['__SIZEOF_SHORT__', { body: '2' }],
  ['__SIZEOF_INT__', { body: '4' }],
  ['__SIZEOF_LONG_LONG__', { body: '8' }],
  ['__SCHAR_MAX__', { body: '127' }],
  ['__SHRT_MAX__', { body: '32767' }],
  ['__INT_MAX__', { body: '2147483647' }],
  ['__LONG_LONG_MAX__', { body: '9223372036854775807LL' }],
  ['__LP64__', { body: '1', assumes: WORDS_OF_64_BITS }],
  ['_LP64', { body: '1', assumes: WORDS_OF_64_BITS }],
  ['__LONG_MAX__', { body: '9223372036854775807L', assumes: WORDS_OF_64_BITS }],
  ['__SIZEOF_LONG__', { body: '8', assumes: WORDS_OF_64_BITS }],
  ['__SIZEOF_POINTER__', { body: '8', assumes: WORDS_OF_64_BITS }],
  ['__SIZEOF_SIZE_T__', { body: '8', assumes: WORDS_OF_64_BITS }],
  ['__SIZEOF_INT128__', { body: '16', assumes: WORDS_OF_64_BITS }],
  ['BITS_PER_LONG', { body: '64', assumes: WORDS_OF_64_BITS }],
  ['__BITS_PER_LONG', { body: '64', assumes: WORDS_OF_64_BITS }],
  ['BITS_PER_LONG_LONG', { body: '64' }],
  ['__ORDER_LITTLE_ENDIAN__', { body: '1234' }],
  ['__ORDER_BIG_ENDIAN__', { body: '4321' }],
  ['__BYTE_ORDER__', { body: '1234', assumes: LITTLE_ENDIAN }],
  ['__BYTE_ORDER', { body: '1234', assumes: LITTLE_ENDIAN }],
  ['__LITTLE_ENDIAN', { body: '1234', assumes: LITTLE_ENDIAN }],
  ['__LITTLE_ENDIAN_BITFIELD', { body: '', assumes: LITTLE_ENDIAN }],
  [
    'KERNEL_VERSION',
    { parameters: ['a', 'b', 'c'], body: '(((a) << 16) + ((b) << 8) + ((c) > 255 ? 255 : (c)))' },
  ],
]);

/** Names that are defined for other readers of the text than the compiler of this kernel, each with who
 *  that is. */
export const NEVER_DEFINED: ReadonlyMap<string, string> = new Map([
  ['__ASSEMBLY__', 'assembler'],
  ['__ASSEMBLER__', 'assembler'],
  ['LINKER_SCRIPT', 'the linker'],
  ['__cplusplus', 'C++'],
  ['__CHECKER__', 'sparse'],
  ['__CHECK_ENDIAN__', 'sparse'],
  ['__GENKSYMS__', 'genksyms'],
  ['__BINDGEN__', 'bindgen'],
  ['__LINTER__', 'a linter'],
  ['__clang__', 'clang'],
  ['__clang_major__', 'clang'],
  ['__DISABLE_EXPORTS', 'the boot code'],
  ['__BOOT_COMPRESSED', 'the boot code'],
  ['BUILD_VDSO', 'the vDSO'],
  ['BUILD_VDSO32', 'the vDSO'],
  ['BUILD_VDSO32_64', 'the vDSO'],
  ['__NO_FORTIFY', 'code outside of the kernel proper'],
  ['__SANITIZE_ADDRESS__', 'KASAN'],
  ['__SANITIZE_HWADDRESS__', 'KASAN'],
  ['__SANITIZE_THREAD__', 'KCSAN'],
  ['__KCSAN_INSTRUMENT_BARRIERS__', 'KCSAN'],
  ['__SANITIZE_MEMORY__', 'KMSAN'],
  ['__OPTIMIZE_SIZE__', 'other options of the compiler'],
  ['__STRICT_ANSI__', 'other options of the compiler'],
  ['__BIG_ENDIAN', 'a big-endian machine'],
  ['__BIG_ENDIAN_BITFIELD', 'a big-endian machine'],
  ['MODULE', 'a module'],
]);

/** Names by which an architecture says that it has something of its own; no given text defines them, and
 *  so the version for all is meant. */
export function isOfArchitecture(name: string): boolean {
  return /^_*(?:HAVE_ARCH|ARCH_HAS|ARCH_HAVE|ARCH_WANTS?|HAVE_ARCH_)_/.test(name);
}
