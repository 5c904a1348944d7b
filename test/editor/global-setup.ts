/** Before the editor's tests: installs the editor where it is missing, packs the extension, starts both. */

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { findProgram } from '../../scripts/editor/toolchain.ts';
import { pack } from '../../scripts/pack.ts';
import { extensionPackage } from '../../scripts/project.ts';
import { startRecordedEditor } from './recorded-editor.ts';
import { RESULTS } from './results.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    readonly editorUrl: string;
    /** The package that is tested. */
    readonly extension: string;
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
  const made = process.env['BARRIERLENS_VSIX'];
  if (made === undefined) await pack();

  rmSync(RESULTS, { recursive: true, force: true });
  mkdirSync(RESULTS, { recursive: true });
  const extension = made ?? extensionPackage;
  const editor = await startRecordedEditor(extension);
  project.provide('editorUrl', editor.url);
  project.provide('extension', extension);
  project.provide('chromium', chromium);
  project.provide('connections', editor.connections);
  project.provide('logs', join(editor.data, 'user/logs'));
  return async () => {
    await editor.stop();
    writeFileSync(join(RESULTS, 'editor.log'), readFileSync(join(editor.data, 'code-server.log')));
    writeFileSync(join(RESULTS, 'connections.log'), readFileSync(editor.connections));
    rmSync(editor.data, { recursive: true, force: true });
  };
}
