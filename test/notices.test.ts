/** Whose code is shipped is named with its license. */

import { expect, test } from 'vitest';
import { noticesOf, packagesOf } from '../scripts/notices.ts';

test('the packages that files of a build come from', () => {
  const inputs = [
    'server/src/lsp/main.ts',
    'node_modules/web-tree-sitter/web-tree-sitter.cjs',
    'node_modules/vscode-languageclient/node_modules/minimatch/dist/index.js',
    'node_modules/@types/node/index.d.ts',
  ];
  expect([...packagesOf(inputs)]).toEqual([
    'node_modules/web-tree-sitter',
    'node_modules/vscode-languageclient/node_modules/minimatch',
    'node_modules/@types/node',
  ]);
});

test('each with its version and the text of its license', () => {
  const text = noticesOf(['node_modules/web-tree-sitter', 'node_modules/tree-sitter-c']);
  expect(text).toMatch(/^tree-sitter-c \d+\.\d+\.\d+\n\nThe MIT License/m);
  expect(text).toMatch(/^web-tree-sitter \d+\.\d+\.\d+\n\n(?:The )?MIT License/m);
});

test('a package without a license is not shipped', () => {
  expect(() => noticesOf(['test'])).toThrow();
});
