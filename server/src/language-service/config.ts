/** The settings of the extension: one row each, from which package.json's `configuration` is checked. */

import type { DiagnosticCode, Severity } from './diagnostic.ts';

/** How loud a diagnostic is, or that it is off. */
export type Level = Severity | 'off';

/** What the user can set, after defaults. */
export interface Settings {
  readonly enable: boolean;
  readonly codeLens: { readonly enable: boolean; readonly implied: boolean };
  readonly inlayHints: { readonly enable: boolean };
  readonly hover: { readonly enable: boolean };
  readonly definition: { readonly enable: boolean };
  readonly references: { readonly enable: boolean };
  readonly validation: { readonly enable: boolean };
  readonly index: {
    readonly enable: boolean;
    readonly surroundings: boolean;
    readonly maxFiles: number;
    readonly maxFileSize: number;
  };
  readonly diagnostics: { readonly [Code in DiagnosticCode]: Level };
  /** Absolute paths of files and folders of which no finding is told: the project file names them, no setting. */
  readonly excluded: readonly string[];
  /** What the project file at `path` calls by names of its own, as macros that every file below its folder includes. */
  readonly operations: {
    readonly path: string;
    readonly text: string;
    readonly names: readonly string[];
  };
}

/** One row: `key` is without the prefix `barrierlens.`; `values` closes a string. */
export interface SettingRow {
  readonly key: string;
  readonly type: 'boolean' | 'integer' | 'string';
  readonly default: boolean | number | string;
  readonly description: string;
  readonly values?: readonly string[];
  readonly minimum?: number;
}

export const LEVELS: readonly Level[] = ['error', 'warning', 'information', 'hint', 'off'];

/** All settings, in the order in which the settings page shows them. */
export const SETTINGS: readonly SettingRow[] = [
  {
    key: 'enable',
    type: 'boolean',
    default: true,
    description:
      'Find memory barriers in kernel C and show what they order and with whom they pair.',
  },
  {
    key: 'codeLens.enable',
    type: 'boolean',
    default: true,
    description: 'Show a line above each barrier: what it orders, with whom it pairs, the verdict.',
  },
  {
    key: 'codeLens.implied',
    type: 'boolean',
    default: true,
    description:
      'Show that line also above an operation that only implies a barrier, where its comment says that the order is relied on, or a simulated scenario needs it.',
  },
  {
    key: 'inlayHints.enable',
    type: 'boolean',
    default: false,
    description:
      'Show that line behind the barrier instead, as an inlay hint: nothing moves the lines of the file. Turn codeLens.enable off for it.',
  },
  {
    key: 'hover.enable',
    type: 'boolean',
    default: true,
    description: 'Explain a barrier or an ordered field when the mouse rests on it.',
  },
  {
    key: 'definition.enable',
    type: 'boolean',
    default: true,
    description: 'Go from a barrier to its partners with Go to Definition.',
  },
  {
    key: 'references.enable',
    type: 'boolean',
    default: true,
    description: 'List all sites of a pairing with Find All References.',
  },
  {
    key: 'validation.enable',
    type: 'boolean',
    default: true,
    description:
      'Check each pairing by simulation under the Linux kernel memory model, in the background.',
  },
  {
    key: 'index.enable',
    type: 'boolean',
    default: true,
    description:
      'Read the C files of the folder in the background, so that partners in files that are not open are found. Of a large folder a part is read: see index.maxFiles.',
  },
  {
    key: 'index.surroundings',
    type: 'boolean',
    default: true,
    description:
      'Where the folder is a part of a kernel tree, read the files around it too: the parent folder and the headers that are included.',
  },
  {
    key: 'index.maxFiles',
    type: 'integer',
    default: 4000,
    minimum: 0,
    description:
      'A folder of more C files than this is not read whole in the background, but the folders of the open files, and what speaks of the same fields around them. Nowhere more files with barriers than this are analysed.',
  },
  {
    key: 'index.maxFileSize',
    type: 'integer',
    default: 1_500_000,
    minimum: 0,
    description: 'Files of more characters than this are not analysed.',
  },
  diagnostic('unpaired-barrier', 'warning', 'A barrier whose partner function has no barrier.'),
  diagnostic(
    'misplaced-access',
    'warning',
    'A read before the acquire, or a store behind the release, that announces the field.',
  ),
  diagnostic('missing-partner-barrier', 'warning', 'An edit took away the partner of a barrier.'),
  diagnostic(
    'lost-order',
    'warning',
    'A patch takes away a barrier, and nothing orders in its place.',
  ),
  diagnostic('unresolved-claim', 'warning', 'A comment names a partner that is not there.'),
  diagnostic(
    'credited-order',
    'warning',
    'A comment takes a lock for a full barrier, or what orders nothing for a barrier.',
  ),
  diagnostic(
    'missing-full-barrier',
    'warning',
    'Two functions can both miss what the other one stored.',
  ),
  diagnostic(
    'barrier-without-atomic',
    'warning',
    'A barrier for an atomic operation stands beside none.',
  ),
  diagnostic(
    'unordered-publication',
    'information',
    'An object can be found before its fields are.',
  ),
  diagnostic(
    'unordered-recheck',
    'warning',
    'What was read may be newer than the second look that vouches for it.',
  ),
  diagnostic(
    'racy-reread',
    'information',
    'A pointer that was tested is read again, and can be null by then.',
  ),
  diagnostic(
    'unordered-unlock',
    'warning',
    'A bit or word that is taken like a lock is given back by a store that orders nothing.',
  ),
  diagnostic(
    'lost-wake-up',
    'warning',
    'A condition is tested before the state is set, and not again.',
  ),
  diagnostic(
    'broken-pairing',
    'warning',
    'Both barriers are there and the bad outcome can still happen.',
  ),
  diagnostic(
    'violated-invariant',
    'warning',
    'A simulated scenario of the code can violate one of its invariants.',
  ),
  diagnostic(
    'uncommented-barrier',
    'hint',
    'A barrier without a comment that says what it is for.',
  ),
];

function diagnostic(code: DiagnosticCode, level: Level, description: string): SettingRow {
  return {
    key: `diagnostics.${code}`,
    type: 'string',
    default: level,
    values: LEVELS,
    description,
  };
}

export const DEFAULT_SETTINGS: Settings = readSettings(undefined);

/** Settings from what an editor sends for the section `barrierlens`: anything missing or of another
 *  type than its row's takes the default. Total: any value is accepted. */
export function readSettings(given: unknown): Settings {
  const value = (key: string): unknown => {
    const row = SETTINGS.find((candidate) => candidate.key === key)!;
    const found = key.split('.').reduce<unknown>(property, given);
    return accepts(row, found) ? found : row.default;
  };
  const flag = (key: string) => value(key) as boolean;
  const count = (key: string) => value(key) as number;
  const level = (code: DiagnosticCode) => value(`diagnostics.${code}`) as Level;
  return {
    enable: flag('enable'),
    codeLens: { enable: flag('codeLens.enable'), implied: flag('codeLens.implied') },
    inlayHints: { enable: flag('inlayHints.enable') },
    hover: { enable: flag('hover.enable') },
    definition: { enable: flag('definition.enable') },
    references: { enable: flag('references.enable') },
    validation: { enable: flag('validation.enable') },
    index: {
      enable: flag('index.enable'),
      surroundings: flag('index.surroundings'),
      maxFiles: count('index.maxFiles'),
      maxFileSize: count('index.maxFileSize'),
    },
    diagnostics: {
      'unpaired-barrier': level('unpaired-barrier'),
      'misplaced-access': level('misplaced-access'),
      'missing-partner-barrier': level('missing-partner-barrier'),
      'lost-order': level('lost-order'),
      'unresolved-claim': level('unresolved-claim'),
      'credited-order': level('credited-order'),
      'missing-full-barrier': level('missing-full-barrier'),
      'lost-wake-up': level('lost-wake-up'),
      'unordered-recheck': level('unordered-recheck'),
      'racy-reread': level('racy-reread'),
      'unordered-publication': level('unordered-publication'),
      'unordered-unlock': level('unordered-unlock'),
      'barrier-without-atomic': level('barrier-without-atomic'),
      'broken-pairing': level('broken-pairing'),
      'violated-invariant': level('violated-invariant'),
      'uncommented-barrier': level('uncommented-barrier'),
    },
    excluded: [],
    operations: { path: '', text: '', names: [] },
  };
}

function property(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined;
}

function accepts(row: SettingRow, value: unknown): boolean {
  switch (row.type) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'integer':
      return Number.isInteger(value) && (value as number) >= (row.minimum ?? -Infinity);
    case 'string':
      return typeof value === 'string' && (row.values?.includes(value) ?? true);
  }
}
