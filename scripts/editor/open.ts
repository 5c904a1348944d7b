/** Opens a folder in a real editor with the extension, in the browser: `npm run editor [-- FOLDER]`. */

import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { pack } from '../pack.ts';
import { extensionPackage, userPath } from '../project.ts';
import { folderUrl, startEditor } from './server.ts';
import { editorToolchain, findProgram } from './toolchain.ts';

const given = process.argv[2];
const folder = given === undefined ? resolve('test/livepatch/rfc-v2') : userPath(given);
if (!existsSync(folder) || !statSync(folder).isDirectory())
  throw new Error(`${folder} is not a folder`);

const tools = await editorToolchain(console.log);
await pack();
const editor = await startEditor(tools, {
  extension: extensionPackage,
  data: join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'barrierlens/editor/data'),
});
const url = folderUrl(editor.url, folder);
console.log(`\nThe editor is open at\n\n    ${url}\n\nCtrl+C ends it.`);
openBrowser(url);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void editor.stop());

/** Shows the page where there is a desktop; elsewhere the printed address has to do. */
function openBrowser(address: string): void {
  const hasDesktop =
    process.platform === 'darwin' || process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'];
  const opener = findProgram(process.platform === 'darwin' ? ['open'] : ['xdg-open']);
  if (!hasDesktop || opener === undefined) return;
  spawn(opener, [address], { stdio: 'ignore', detached: true }).unref();
}
