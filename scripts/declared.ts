/** What package.json and the README say about settings and diagnostics, made from the server's own tables. */

import type { SettingRow } from '../server/src/language-service/config.ts';
import { SETTINGS } from '../server/src/language-service/config.ts';
import { DIAGNOSTICS } from '../server/src/language-service/diagnose.ts';

/** One setting in the words of VS Code's `contributes.configuration`. */
export interface SettingProperty {
  readonly type: string;
  readonly default: boolean | number | string;
  readonly description: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
}

/** The setting that the client library reads itself. */
const TRACE: SettingProperty = {
  type: 'string',
  default: 'off',
  description: 'Log what the editor and the language server say to each other.',
  enum: ['off', 'messages', 'verbose'],
};

/** All settings by their full names, in the order of the settings page. */
export function settingProperties(): Readonly<Record<string, SettingProperty>> {
  const rows = SETTINGS.map((row) => [`barrierlens.${row.key}`, propertyOf(row)] as const);
  return { ...Object.fromEntries(rows), 'barrierlens.trace.server': TRACE };
}

function propertyOf(row: SettingRow): SettingProperty {
  return {
    type: row.type,
    default: row.default,
    description: row.description,
    ...(row.values && { enum: row.values }),
    ...(row.minimum !== undefined && { minimum: row.minimum }),
  };
}

/** The README with the parts between `<!-- begin NAME -->` and `<!-- end NAME -->` made anew. */
export function readmeWithTables(readme: string): string {
  return withPart(withPart(readme, 'diagnostics', diagnosticPages()), 'settings', settingsTable());
}

function withPart(readme: string, name: string, part: string): string {
  const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
  const [from, to] = [readme.indexOf(begin), readme.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`the README has no place for ${name}`);
  return `${readme.slice(0, from + begin.length)}\n\n${part}\n${readme.slice(to)}`;
}

function diagnosticPages(): string {
  const pages = DIAGNOSTICS.map(
    ({ code, meaning, fires, fix }) =>
      `### ${code}\n\n${meaning}\n\n*Fires:* ${fires}\n\n*To do:* ${fix}\n`,
  );
  return pages.join('\n');
}

function settingsTable(): string {
  const rows = Object.entries(settingProperties()).map(
    ([name, { default: value, description }]) =>
      `| \`${name}\` | \`${value}\` | ${description} |\n`,
  );
  return `| setting | default | |\n|---|---|---|\n${rows.join('')}`;
}
