/** Before the editor's tests: installs the editor where it is missing, packs the extension, starts both. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEditor } from '../../scripts/editor/server.ts';
import { editorToolchain, findProgram } from '../../scripts/editor/toolchain.ts';
import { pack } from '../../scripts/pack.ts';
import { extensionPackage } from '../../scripts/project.ts';
import { RESULTS } from './results.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    readonly editorUrl: string;
    readonly chromium: string;
    /** The file in which every process of the editor writes down whom it talks to. */
    readonly connections: string;
    /** The folder of the editor's own logs. */
    readonly logs: string;
  }
}

/** Starts the editor; returns what stops it. `BARRIERLENS_VSIX` names a package to test instead of a new one. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const chromium = findProgram(['chromium', 'chromium-browser', 'google-chrome']);
  if (chromium === undefined)
    throw new Error('The editor tests need a browser: apt-get install chromium');
  const tools = await editorToolchain((line) => console.log(line));
  const made = process.env['BARRIERLENS_VSIX'];
  if (made === undefined) await pack();

  rmSync(RESULTS, { recursive: true, force: true });
  mkdirSync(RESULTS, { recursive: true });
  const data = mkdtempSync(join(tmpdir(), 'barrierlens-editor-'));
  const connections = join(data, 'connections.log');
  writeFileSync(connections, '');
  const editor = await startEditor(tools, {
    extension: made ?? extensionPackage,
    data,
    environment: {
      NODE_OPTIONS: `--require ${resolve('test/editor/record-connections.cjs')}`,
      BARRIERLENS_CONNECTIONS: connections,
    },
  });
  project.provide('editorUrl', editor.url);
  project.provide('chromium', chromium);
  project.provide('connections', connections);
  project.provide('logs', join(data, 'user/logs'));
  return async () => {
    await editor.stop();
    writeFileSync(join(RESULTS, 'editor.log'), readFileSync(join(data, 'code-server.log')));
    writeFileSync(join(RESULTS, 'connections.log'), readFileSync(connections));
    rmSync(data, { recursive: true, force: true });
  };
}
