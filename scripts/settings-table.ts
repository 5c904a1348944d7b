/** The settings as package.json declares them, made from the server's table, which is their only source. */

import type { SettingRow } from '../server/src/language-service/config.ts';
import { SETTINGS } from '../server/src/language-service/config.ts';

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
