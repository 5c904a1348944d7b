/** The bundled sample, as a copy that may be changed: livepatch as its first reviewers had it before them. */

import type { ExtensionContext } from 'vscode';
import { Range, Uri, window, workspace } from 'vscode';

const FIRST = 'transition.c';

/** By name: where an extension comes over the network its folders cannot be listed. */
const FILES = ['core.c', 'livepatch.h', 'patch.c', 'patch.h', FIRST, 'transition.h'];

/** Copies the sample anew and opens it at its first write barrier. */
export async function openSample({
  extensionUri,
  globalStorageUri,
}: ExtensionContext): Promise<void> {
  const from = Uri.joinPath(extensionUri, 'dist', 'rfc-v2');
  const to = Uri.joinPath(globalStorageUri, 'sample');
  for (const name of FILES) {
    const bytes = await workspace.fs.readFile(Uri.joinPath(from, name));
    await workspace.fs.writeFile(Uri.joinPath(to, name), bytes);
  }
  const document = await workspace.openTextDocument(Uri.joinPath(to, FIRST));
  const at = document.positionAt(Math.max(0, document.getText().search(/^\tsmp_wmb\(\);/m) + 1));
  await window.showTextDocument(document, { selection: new Range(at, at) });
}
