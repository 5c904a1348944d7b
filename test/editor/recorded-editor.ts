/** A real editor of its own for tests, every process of which writes down whom it talks to. */

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startEditor } from '../../scripts/editor/server.ts';
import { editorToolchain } from '../../scripts/editor/toolchain.ts';

export interface RecordedEditor {
  readonly url: string;
  /** Its settings, extensions and logs; left behind for who asked for it. */
  readonly data: string;
  /** The file in which its processes write. */
  readonly connections: string;
  stop(): Promise<void>;
}

/** Starts one with the package `extension` and more settings of the user's; the editor is installed where it is missing. */
export async function startRecordedEditor(
  extension: string,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<RecordedEditor> {
  const tools = await editorToolchain((line) => console.log(line));
  const data = mkdtempSync(join(tmpdir(), 'barrierlens-editor-'));
  const connections = join(data, 'connections.log');
  writeFileSync(connections, '');
  const { url, stop } = await startEditor(tools, {
    extension,
    data,
    settings,
    environment: {
      NODE_OPTIONS: `--require ${resolve('test/editor/record-connections.cjs')}`,
      BARRIERLENS_CONNECTIONS: connections,
    },
  });
  return { url, data, connections, stop };
}
