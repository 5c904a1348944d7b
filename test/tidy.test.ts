/**
 * Keeps the code tidy by reading it: who may import whom, no cycles, a header in every file, a test and
 * a page for every diagnostic, settings and commands declared as they are implemented.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readmeWithTables, settingProperties } from '../scripts/declared.ts';
import { SETTINGS } from '../server/src/language-service/config.ts';
import type { SourceFile } from './support/source-files.ts';
import { filesBelow, importCycles, importsOf } from './support/source-files.ts';

const SERVER = 'server/src';

/** The folders of the engine's ground, each with those that it may import besides itself. */
const GROUND: Readonly<Record<string, readonly string[]>> = {
  memo: [],
  text: [],
  disk: [],
  kernel: [],
  program: ['text', 'kernel'],
  litmus: ['text', 'kernel', 'program'],
  'memory-model': ['text', 'kernel', 'program'],
  cat: ['text', 'litmus', 'memory-model'],
  search: ['text', 'program', 'memory-model', 'cat'],
  'execution-graph': ['text', 'program', 'memory-model'],
  syntax: ['text', 'kernel'],
  claims: ['text', 'kernel'],
  facts: ['memo', 'text', 'kernel', 'syntax', 'claims'],
  pairing: ['memo', 'text', 'kernel', 'claims', 'facts'],
  lowering: ['memo', 'text', 'kernel', 'program', 'syntax'],
  scenario: ['text', 'disk', 'kernel', 'program', 'syntax', 'facts', 'lowering'],
};

const ground = Object.keys(GROUND);

/** Where statements, expressions, calls and types of C lead to one another, file by file. */
const RECURSIVE: readonly string[] = ['lowering'];

/** What stands on the ground may import all that is below it; the two shells do not know each other. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  ...GROUND,
  proof: ground,
  'herd-export': [...ground, 'proof'],
  'language-service': [...ground, 'proof', 'herd-export'],
  lsp: [...ground, 'proof', 'herd-export', 'language-service'],
  cli: [...ground, 'proof', 'herd-export', 'language-service'],
};

/** Packages and modules of Node that only some files may use. */
const ONLY_IN: readonly {
  readonly module: RegExp;
  readonly files: RegExp;
  readonly reason: string;
}[] = [
  {
    module: /^web-tree-sitter/,
    files: /^server\/src\/syntax\/|^scripts\//,
    reason: 'the rest of the engine sees plain data',
  },
  {
    module: /^vscode-languageserver/,
    files: /^server\/src\/lsp\/|^test\/lsp\/|^scripts\/(?:bench\/|measured-server)/,
    reason: 'the engine has never heard of a protocol',
  },
  { module: /^vscode-languageclient|^vscode$/, files: /^client\//, reason: 'the client is thin' },
  {
    module: /^node:(?:fs|os|child_process|worker_threads|net|http|module)\b/,
    files:
      /^server\/src\/(?:cli|lsp|disk)\/|^server\/src\/language-service\/node-|^server\/src\/scenario\/[\w-]*load|^(?:scripts|test)\//,
    reason: 'everything else also runs where there is no Node',
  },
];

const server = filesBelow([SERVER], /\.ts$/);
const client = filesBelow(['client/src'], /\.ts$/);
const scripts = filesBelow(['scripts'], /\.m?ts$|\.mjs$/);
const tests = filesBelow(['test'], /\.[cm]?ts$|\.cjs$/);
const own = [...server, ...client, ...scripts, ...tests];

describe('imports', () => {
  test('the folders of the engine are those of the table', () => {
    const folders = readdirSync(SERVER).filter((name) => !name.includes('.'));
    expect(folders.sort()).toEqual(Object.keys(MAY_IMPORT).sort());
  });

  test('a folder of the engine imports only what the table allows', () => {
    expect(server.flatMap(forbiddenImports)).toEqual([]);
  });

  test('no file imports itself through others, unless it recurs over the grammar of C', () => {
    const recursion = (group: readonly string[]) =>
      group.every((path) => RECURSIVE.some((folder) => path.startsWith(`${SERVER}/${folder}/`)));
    expect(importCycles(own).filter((group) => !recursion(group))).toEqual([]);
  });

  test('the client takes only types from the server', () => {
    const taken = client.flatMap((file) =>
      importsOf(file)
        .filter((of) => of.file?.startsWith('server/') && !of.isType)
        .map((of) => `${file.path} imports ${of.specifier}`),
    );
    expect(taken).toEqual([]);
  });

  test.each(ONLY_IN)('$module only where it belongs: $reason', ({ module, files }) => {
    const strays = own
      .filter(({ path }) => !files.test(path))
      .filter((file) => importsOf(file).some(({ specifier }) => module.test(specifier)))
      .map(({ path }) => path);
    expect(strays).toEqual([]);
  });

  test('what stands for a module in a browser has its exports, and nothing of Node', () => {
    const exported = ({ text }: SourceFile) =>
      [...text.matchAll(/^export (?:async )?(?:function|const) (\w+)/gm)].map(([, name]) => name!);
    const twins = own.filter(({ path }) => path.endsWith('.web.ts'));
    expect(twins.length).toBeGreaterThan(0);
    const faults = twins.flatMap((twin) => {
      const original = own.find(({ path }) => path === twin.path.replace(/\.web\.ts$/, '.ts'));
      const there = exported(twin);
      const missing =
        original === undefined
          ? ['its original']
          : exported(original).filter((name) => !there.includes(name));
      const ofNode = importsOf(twin).filter(({ specifier }) => /^node:|\/node$/.test(specifier));
      return [...missing, ...ofNode.map(({ specifier }) => specifier)].map(
        (what) => `${twin.path}: ${what}`,
      );
    });
    expect(faults).toEqual([]);
  });

  test('imported files are there', () => {
    const missing = own.flatMap((file) =>
      importsOf(file).flatMap(({ file: to }) =>
        to === undefined || existsSync(to) ? [] : [`${file.path} imports ${to}`],
      ),
    );
    expect(missing).toEqual([]);
  });
});

describe('files', () => {
  test('each opens with a sentence that says what it is for', () => {
    const opening = /^(?:#!.*\n)?\/\*\*\s[\s\S]*?[.:!?)`]\s*\*\/\n/;
    expect(own.filter(({ text }) => !opening.test(text)).map(({ path }) => path)).toEqual([]);
  });

  test('none is a drawer', () => {
    const drawer = /(?:^|\/)(?:index|utils?|helpers?|common|misc|shared|types)(?:\.ts$|\/)/;
    expect(own.map(({ path }) => path).filter((path) => drawer.test(path))).toEqual([]);
  });

  test('the type checker and the rule against any are not silenced', () => {
    const silenced = /@ts-(?:ignore|nocheck|expect-error)|biome-ignore(?:-all)? .*noExplicitAny/;
    const others = own.filter(({ path }) => path !== 'test/tidy.test.ts');
    expect(others.filter(({ text }) => silenced.test(text)).map(({ path }) => path)).toEqual([]);
  });

  test('none names a place of one machine', () => {
    const places = new RegExp(
      `(?:^|[^\\w.-])/(?:${['work', 'root', 'opt', 'home'].join('|')})/`,
      'm',
    );
    const documents = filesBelow(['docs', 'syntaxes', '.ci'], /./);
    const pages = ['README.md', 'CHANGELOG.md', 'server/README.md', 'package.json'].map(read);
    const named = [...own, ...documents, ...pages].filter(({ text }) => places.test(text));
    expect(named.map(({ path }) => path)).toEqual([]);
  });
});

describe('diagnostics', () => {
  const codes = SETTINGS.map(({ key }) => key)
    .filter((key) => key.startsWith('diagnostics.'))
    .map((key) => key.slice('diagnostics.'.length));

  test('there are some', () => expect(codes.length).toBeGreaterThan(0));

  test('the README says of each what the code says (npm run tables)', () => {
    const readme = readFileSync('README.md', 'utf8');
    expect(readmeWithTables(readme)).toBe(readme);
  });

  test.each(codes)('%s has a file, a test and a section in the README', (code) => {
    const folder = 'language-service/diagnostics';
    expect(existsSync(`${SERVER}/${folder}/${code}.ts`), 'its file').toBe(true);
    expect(existsSync(`test/${folder}/${code}.test.ts`), 'its test').toBe(true);
    expect(readFileSync('README.md', 'utf8')).toMatch(new RegExp(`^#+ \`?${code}\`?$`, 'm'));
  });
});

describe('package.json', () => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8'));

  test('declares the settings of the server (npm run tables)', () => {
    expect(manifest.contributes.configuration.properties).toEqual(settingProperties());
  });

  test('declares only commands that the client registers', () => {
    const code = client.map(({ text }) => text).join('\n');
    const commands: { readonly command: string }[] = manifest.contributes.commands;
    expect(commands.filter(({ command }) => !code.includes(`'${command}'`))).toEqual([]);
  });

  test('names grammars and programs that are there', () => {
    const grammars: { readonly path: string }[] = manifest.contributes.grammars;
    expect(grammars.filter(({ path }) => !existsSync(path))).toEqual([]);
    const programs = Object.values<string>(manifest.scripts)
      .map((line) => /scripts\/run\.mjs (\S+)/.exec(line)?.[1])
      .filter((name) => name !== undefined);
    expect(programs.filter((name) => !existsSync(`scripts/${name}.ts`))).toEqual([]);
  });
});

function forbiddenImports(file: SourceFile): readonly string[] {
  const folder = folderOf(file.path);
  if (folder === undefined) return [`${file.path} is in no folder`];
  const allowed = [folder, ...(MAY_IMPORT[folder] ?? [])];
  return importsOf(file)
    .filter((of) => of.file?.startsWith(`${SERVER}/`) && !allowed.includes(folderOf(of.file) ?? ''))
    .map((of) => `${file.path} imports ${of.specifier}`);
}

function folderOf(path: string): string | undefined {
  return /^server\/src\/([^/]+)\//.exec(path)?.[1];
}

function read(path: string): SourceFile {
  return { path, text: readFileSync(path, 'utf8') };
}
