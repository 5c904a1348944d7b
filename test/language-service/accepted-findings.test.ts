/** Where a comment accepts findings: on its own line, or from it to the code that follows. */

import { expect, test } from 'vitest';
import { acceptancesIn } from '../../server/src/language-service/accepted-findings.ts';

/** `rule from-to`, lines counted from 1. */
function accepted(text: string): readonly string[] {
  return acceptancesIn(text).map(
    ({ rules, firstLine, lastLine }) => `${[...rules].join('+')} ${firstLine + 1}-${lastLine + 1}`,
  );
}

test.each([
  ['before the code', '/* barrierlens: ok(a-rule): why */\nsmp_mb();\n', ['a-rule 1-2']],
  [
    'in a comment of several lines, with another behind it',
    '/*\n * Text.\n * barrierlens: ok(one, two): why\n * more\n */\n// more\n\nsmp_mb();\n',
    ['one+two 3-8'],
  ],
  ['behind the code', 'smp_mb(); /* barrierlens: ok(a-rule): why */\nnext();\n', ['a-rule 1-1']],
  ['of one line', 'x();\n// barrierlens: ok(a-rule): why\nsmp_mb();\n', ['a-rule 2-3']],
  ['without a reason', '/* barrierlens: ok(a-rule) */\nsmp_mb();\n', []],
  ['with an empty reason', '/* barrierlens: ok(a-rule): */\nsmp_mb();\n', []],
  ['of no rule', '/* barrierlens: ok(): why */\nsmp_mb();\n', []],
  ['that never ends', '/* barrierlens: ok(a-rule): why', ['a-rule 1-1']],
  ['twice', '// barrierlens: ok(a): b\nx();\n// barrierlens: ok(c): d\ny();\n', ['a 1-2', 'c 3-4']],
])('%s', (_, text, expected) => expect(accepted(text)).toEqual(expected));
