/** One flow through the editor: a fresh folder, a fresh window, pictures, and no word to the outside. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import type { RecordedEditor } from './recorded-editor.ts';
import { RESULTS } from './results.ts';
import type { Workbench } from './workbench.ts';
import { openWorkbench } from './workbench.ts';
import type { Workspace } from './workspace.ts';

/** What a flow gets: the window, its folder, and a camera. */
export interface Flow {
  readonly window: Workbench;
  readonly folder: string;
  /** Keeps a picture named after the flow and this step. */
  readonly picture: (step: string) => Promise<void>;
}

/** The editor that a flow runs in. */
type Editor = Pick<RecordedEditor, 'url' | 'connections'>;

/** Declares a test that works through `steps` in a new window on a new workspace; a long one has a `timeout`, one that needs other
 *  settings an `editor` of its own. */
export function flow(
  name: string,
  makeWorkspace: () => Workspace,
  steps: (flow: Flow) => Promise<void>,
  {
    timeout,
    editor = editorOfAll,
  }: { readonly timeout?: number; readonly editor?: () => Editor } = {},
): void {
  test(name, timeout === undefined ? {} : { timeout }, async () => {
    const { url, connections } = editor();
    const workspace = makeWorkspace();
    const file = (step: string) => join(RESULTS, `${slug(name)}-${slug(step)}.png`);
    const window = await openWorkbench(inject('chromium'), url, workspace.folder);
    try {
      const picture = (step: string) => window.picture(file(step));
      await steps({ window, folder: workspace.folder, picture });
    } catch (error) {
      await window.picture(file('failed'));
      throw error;
    } finally {
      await window.close();
      workspace.remove();
    }
    expect([...window.outside], 'addresses that the page asked for').toEqual([]);
    expect(outsideConnections(connections), 'connections of the editor and its extensions').toEqual(
      [],
    );
  });
}

const editorOfAll = (): Editor => ({
  url: inject('editorUrl'),
  connections: inject('connections'),
});

/** The processes of the editor that have been recorded so far, by what they were started with. */
export function recordedProcesses(connections = inject('connections')): readonly string[] {
  return recorded(connections).filter((line) => line.startsWith('started'));
}

/** How often the editor has said that it activated the extension. */
export function activations(): number {
  const logs = inject('logs');
  return readdirSync(logs, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('exthost.log'))
    .map((file) => readFileSync(join(logs, file), 'utf8'))
    .join()
    .split('_doActivateExtension barrierlens.barrierlens').length;
}

function outsideConnections(connections: string): readonly string[] {
  return recorded(connections).filter((line) => line.startsWith('connected'));
}

function recorded(connections: string): readonly string[] {
  return readFileSync(connections, 'utf8').split('\n');
}

function slug(words: string): string {
  return words
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
