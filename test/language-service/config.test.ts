/** Settings: whatever an editor sends becomes settings that the rest can rely on. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  DEFAULT_SETTINGS,
  readSettings,
  SETTINGS,
} from '../../server/src/language-service/config.ts';

test('nothing given: the defaults of the table', () => {
  for (const { key, default: value } of SETTINGS)
    expect(DEFAULT_SETTINGS).toHaveProperty(key.split('.'), value);
});

test('every row is read', () => {
  for (const row of SETTINGS) {
    const other = row.type === 'boolean' ? !row.default : row.type === 'integer' ? 7 : 'off';
    const given = row.key
      .split('.')
      .reduceRight<unknown>((value, name) => ({ [name]: value }), other);
    expect(readSettings(given)).toHaveProperty(row.key.split('.'), other);
  }
});

test('a value of another type or outside its row counts as not given', () => {
  const given = {
    enable: 'yes',
    index: { maxFiles: -1, maxFileSize: 1.5 },
    diagnostics: { 'unpaired-barrier': 'loud' },
    codeLens: null,
  };
  expect(readSettings(given)).toEqual(DEFAULT_SETTINGS);
});

test('any value is accepted', () => {
  fc.assert(fc.property(fc.anything(), (given) => void readSettings(given)));
});
