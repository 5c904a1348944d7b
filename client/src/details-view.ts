/** All that is known of a barrier, as a text beside the code that cannot be edited. */

import type { Disposable } from 'vscode';
import { EventEmitter, Uri, ViewColumn, window, workspace } from 'vscode';
import type { DetailsView } from '../../server/src/lsp/protocol.ts';

const SCHEME = 'barrierlens-details';

const texts = new Map<string, string>();
const changed = new EventEmitter<Uri>();

/** Lets the editor ask for the texts that were shown. */
export function provideDetails(): Disposable {
  return workspace.registerTextDocumentContentProvider(SCHEME, {
    onDidChange: changed.event,
    provideTextDocumentContent: (uri) => texts.get(uri.path) ?? '',
  });
}

/** Shows a text; one for each barrier, which is renewed when it is asked for again. */
export async function showDetails({ title, text }: DetailsView): Promise<void> {
  const uri = Uri.from({ scheme: SCHEME, path: `/${title}` });
  texts.set(uri.path, text);
  changed.fire(uri);
  const document = await workspace.openTextDocument(uri);
  await window.showTextDocument(document, {
    viewColumn: ViewColumn.Beside,
    preserveFocus: true,
    preview: true,
  });
}
