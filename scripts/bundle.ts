/**
 * Bundles the extension, the language server and the command line into `dist/`, with the data they ship.
 *
 * Every bundle is CommonJS, which VS Code loads, and needs no other file than those of `dist/`. A dynamic
 * `import('./part.ts')` in our own code is the seam between bundles: the part becomes
 * `dist/<folder>-<part>.cjs`, loaded when it is asked for, so that a command that needs no parser starts
 * without one. A module whose name ends in `-worker.ts` becomes `dist/<name>.cjs`, to be started as
 * a worker thread.
 *
 * For a browser there are two bundles in `dist/web/`, each of one file: the client, and the server as a worker. There a
 * module `x.ts` beside which stands `x.web.ts` is that one.
 */

import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';
import { build } from 'esbuild';
import { noticesOf, packagesOf } from './notices.ts';
import { runQuietly } from './project.ts';

/** A file of `dist/`. */
export interface BundledFile {
  readonly file: string;
  readonly bytes: number;
}

const OUT = 'dist';

/** The bundles that others start by their name. */
const ENTRIES: Readonly<Record<string, string>> = {
  client: 'client/src/extension.ts',
  server: 'server/src/lsp/main.ts',
  cli: 'server/src/cli/main.ts',
};

/** The bundles for a browser, and what each is to its loader. */
const WEB_ENTRIES: Readonly<Record<string, BuildOptions>> = {
  client: { entryPoints: ['client/src/extension.ts'], format: 'cjs' },
  server: { entryPoints: ['server/src/lsp/web-main.ts'], format: 'iife' },
};

/** The texts of `dist/` that a browser is handed in one piece. */
const WEB_TEXTS = ['livepatch', 'protocols', 'docs'];

/** Files that are read at run time: from where, and their name in `dist/`. */
const DATA: readonly (readonly [string, string])[] = [
  [packageFile('web-tree-sitter/web-tree-sitter.wasm'), 'web-tree-sitter.wasm'],
  [
    join(dirname(packageFile('tree-sitter-c/package.json')), 'tree-sitter-c.wasm'),
    'tree-sitter-c.wasm',
  ],
  ['server/src/scenario/livepatch', 'livepatch'],
  ['server/src/scenario/protocols', 'protocols'],
  ['test/livepatch/rfc-v2', 'rfc-v2'],
  ['docs/livepatch.md', 'docs/livepatch.md'],
];

/** What `import.meta.url` becomes in a bundle. */
const MODULE_URL = 'scripts/module-url.ts';

const OPTIONS: BuildOptions = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  minify: true,
  keepNames: false,
  legalComments: 'none',
  logLevel: 'warning',
  external: ['vscode'],
  supported: { 'dynamic-import': false },
  // In CommonJS the place of a module is __filename; the packages' ESM builds ask import.meta.
  define: {
    'import.meta.url': 'moduleUrl',
    'process.env.BARRIERLENS_BUILD': JSON.stringify(sourcesNumber()),
  },
  inject: [MODULE_URL],
  alias: { 'web-tree-sitter': packageFile('web-tree-sitter') },
};

const WEB_OPTIONS: BuildOptions = {
  ...OPTIONS,
  platform: 'browser',
  target: 'es2023',
  supported: {},
  define: {
    'import.meta.url': '"file:///barrierlens/"',
    'process.env.BARRIERLENS_BUILD': 'undefined',
  },
  inject: [],
  alias: {},
};

/** A number of all that the bundles are made of. */
function sourcesNumber(): string {
  const hash = createHash('sha256').update(readFileSync('package-lock.json'));
  for (const file of readdirSync('server/src', { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join('server/src', file);
    if (statSync(path).isFile()) hash.update(`${file}\n`).update(readFileSync(path));
  }
  return hash.digest('hex');
}

/** Empties `dist/` and fills it anew; returns what is in it. */
export async function bundle(): Promise<readonly BundledFile[]> {
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT);
  const pending = new Map([...Object.entries(ENTRIES), ...workers('server/src')]);
  const done = new Set<string>();
  const inputs = new Set(DATA.map(([from]) => relative('.', from)));
  for (const [name, entry] of pending) {
    if (done.has(name)) continue;
    done.add(name);
    const found = (part: string, file: string) => pending.set(part, file);
    const { metafile } = await build({
      ...OPTIONS,
      metafile: true,
      entryPoints: [entry],
      outfile: join(OUT, `${name}.cjs`),
      plugins: [partsApart(found), urlWhereAsked],
    });
    for (const input of Object.keys(metafile.inputs)) inputs.add(input);
  }
  for (const input of await bundleForBrowsers()) inputs.add(input);
  writeFileSync(join(OUT, 'THIRD-PARTY-NOTICES.txt'), noticesOf(packagesOf(inputs)));
  for (const [from, to] of DATA) cpSync(from, join(OUT, to), { recursive: true });
  writeFileSync(join(OUT, 'web/shipped.json'), JSON.stringify(webTexts()));
  for (const program of ['cli.cjs', 'server.cjs']) chmodSync(join(OUT, program), 0o755);
  await runQuietly(process.execPath, ['scripts/run.mjs', 'code-cache']);
  return contents();
}

/** Fills `dist/web/`; returns what the bundles were made of. */
async function bundleForBrowsers(): Promise<readonly string[]> {
  const built = Object.entries(WEB_ENTRIES).map(([name, options]) =>
    build({
      ...WEB_OPTIONS,
      ...options,
      metafile: true,
      outfile: join(OUT, `web/${name}.js`),
      plugins: [withoutNode],
    }),
  );
  return (await Promise.all(built)).flatMap(({ metafile }) => Object.keys(metafile.inputs));
}

function webTexts(): Readonly<Record<string, string>> {
  const names = contents().flatMap(({ file }) =>
    WEB_TEXTS.includes(file.split('/')[0]!) ? [file] : [],
  );
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(OUT, name), 'utf8')]));
}

/** What stands for Node in a browser: our own modules for it, paths, the packages' parts for browsers. All else of Node is
 *  empty, and reached by nobody. */
const withoutNode: Plugin = {
  name: 'without-node',
  setup(context) {
    context.onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ path, resolveDir }) => {
      const own = join(resolveDir, path.replace(/\.ts$/, '.web.ts'));
      return existsSync(own) ? { path: own } : undefined;
    });
    context.onResolve(
      { filter: /^vscode-language(?:server|client)\/node$/ },
      ({ path, ...request }) =>
        context.resolve(path.replace(/node$/, 'browser'), {
          resolveDir: request.resolveDir,
          kind: request.kind,
        }),
    );
    context.onResolve(
      { filter: new RegExp(`^(?:node:)?(?:${builtinModules.join('|')})$`) },
      ({ path }) =>
        path === 'node:path'
          ? { path: resolve('node_modules/pathe/dist/index.mjs') }
          : { path, namespace: 'absent' },
    );
    context.onLoad({ filter: /./, namespace: 'absent' }, () => ({
      contents: 'module.exports = {}',
    }));
  },
};

/** The place of a package's file, as Node resolves it from here. */
function packageFile(specifier: string): string {
  return createRequire(resolve('package.json')).resolve(specifier);
}

/** Makes each dynamic import of our own code a `require` of a bundle of its own, and reports it. */
function partsApart(found: (name: string, file: string) => void): Plugin {
  return {
    name: 'parts-apart',
    setup(context) {
      context.onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, (request) => {
        if (request.kind !== 'dynamic-import') return undefined;
        const file = join(request.resolveDir, request.path);
        const name = `${folderName(dirname(file))}-${basename(file, '.ts')}`;
        found(name, file);
        return { path: `./${name}.cjs`, external: true };
      });
    },
  };
}

/** Leaves the module's URL out of the bundles that do not ask for it: to make it takes a fifth of a millisecond. */
const urlWhereAsked: Plugin = {
  name: 'url-where-asked',
  setup(context) {
    context.onResolve({ filter: /module-url\.ts$/ }, ({ path }) => ({
      path: resolve(path),
      sideEffects: false,
    }));
  },
};

/** The name of a folder; of `client/src`, which holds all of the client, `client`. */
function folderName(folder: string): string {
  const name = basename(folder);
  return name === 'src' ? basename(dirname(folder)) : name;
}

function workers(folder: string): (readonly [string, string])[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('-worker.ts'))
    .map((file) => [basename(file, '.ts'), join(folder, file)]);
}

function contents(): readonly BundledFile[] {
  return readdirSync(OUT, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(join(OUT, file)).isFile())
    .sort()
    .map((file) => ({ file, bytes: statSync(join(OUT, file)).size }));
}
