/** The bundled sample, as a copy that may be changed: livepatch as its first reviewers had it before them. */

import type { ExtensionContext } from 'vscode';
import { FileType, Range, Uri, window, workspace } from 'vscode';

const FIRST = 'transition.c';

/** Copies the sample anew and opens it at its first write barrier. */
export async function openSample({
  extensionUri,
  globalStorageUri,
}: ExtensionContext): Promise<void> {
  const from = Uri.joinPath(extensionUri, 'dist', 'rfc-v2');
  const to = Uri.joinPath(globalStorageUri, 'sample');
  for (const [name, type] of await workspace.fs.readDirectory(from))
    if (type === FileType.File)
      await workspace.fs.copy(Uri.joinPath(from, name), Uri.joinPath(to, name), {
        overwrite: true,
      });
  const document = await workspace.openTextDocument(Uri.joinPath(to, FIRST));
  const at = document.positionAt(Math.max(0, document.getText().search(/^\tsmp_wmb\(\);/m) + 1));
  await window.showTextDocument(document, { selection: new Range(at, at) });
}
