/** The layout of litmus tests and scenarios: it changes what is between words and nothing else. */

import { expect, test } from 'vitest';
import { edited } from '../../server/src/language-service/actions/action.ts';
import { layoutOf } from '../../server/src/language-service/format-written.ts';
import { filesBelow } from '../support/source-files.ts';

function laidOut(text: string): string {
  return edited(
    text,
    layoutOf(text).map((edit) => ({ file: '', ...edit })),
  );
}

test('blocks are indented by tabs, and lines end where their words do', () => {
  const text = [
    'C mp  ',
    '"What happens,',
    '   in words.  "',
    'source: box.c ',
    '{',
    'struct box the_box = {',
    '        .data = 1,',
    '    };',
    '}',
    'P0 { ',
    'if (x)',
    'publish(&the_box,',
    '         1);',
    '  switch (x) {',
    '  case 1:',
    '  y = 2; /* as it',
    '     was */',
    '  }',
    '}',
    'never early "seen":',
    '    (P1:r = 0)',
  ].join('\n');
  expect(laidOut(text).split('\n')).toEqual([
    'C mp',
    '"What happens,',
    '   in words.  "',
    'source: box.c',
    '{',
    '\tstruct box the_box = {',
    '\t\t.data = 1,',
    '\t};',
    '}',
    'P0 {',
    '\tif (x)',
    '\t\tpublish(&the_box,',
    '         1);',
    '\tswitch (x) {',
    '\tcase 1:',
    '\t\ty = 2; /* as it',
    '     was */',
    '\t}',
    '}',
    'never early "seen":',
    '    (P1:r = 0)',
    '',
  ]);
});

test('the bundled scenarios and the tests are laid out so, and only blanks change anywhere', () => {
  const files = filesBelow(['server/src/scenario', 'test'], /\.(?:scenario|litmus)$/);
  expect(files.length).toBeGreaterThan(50);
  const words = (text: string) => text.split(/\s+/).join(' ').trim();
  const changed = files.flatMap(({ path, text }) => {
    const now = laidOut(text);
    expect(words(now), path).toBe(words(text));
    expect(laidOut(now), path).toBe(now);
    return now === text ? [] : [path];
  });
  expect(changed.filter((path) => /server.src.scenario/.test(path))).toEqual([]);
});
