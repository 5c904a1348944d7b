/** The files of a workspace where the server has no disk: it asks the client, whose file systems they are of. */

import type { Connection } from 'vscode-languageserver/node';
import type { FileSystem } from '../disk/file-system.ts';
import type { Read } from '../disk/read.ts';
import { isWithinAny, OUTSIDE } from '../disk/within.ts';
import type { FileParams, FolderEntry } from './protocol.ts';
import { pathOf, uriOf } from './uri.ts';

const ABSENT = { problem: 'no such file or folder' } as const;

/** Scenarios are read at once wherever they are asked for: the text of each that is come by is told `remember`. Links are
 *  no entries, for nobody knows where they lead. */
export function clientFiles(
  connection: Pick<Connection, 'sendRequest'>,
  remember: (path: string, text: string) => void,
): FileSystem {
  const ask = async <Value>(method: string, path: string, limit: number): Promise<Read<Value>> => {
    const params: FileParams = { uri: uriOf(path), limit };
    if (pathOf(params.uri) !== path) return ABSENT;
    return connection.sendRequest<Read<Value>>(method, params).catch(() => ABSENT);
  };
  const readText: FileSystem['readText'] = async (path, limit, within) =>
    within !== undefined && !isWithinAny(path, within)
      ? { problem: OUTSIDE }
      : ask<string>('barrierlens/readText', path, limit);
  return {
    readText,
    async list(path) {
      const listed = await ask<readonly FolderEntry[]>('barrierlens/list', path, 0);
      if ('problem' in listed) return listed;
      for (const { name } of listed.value.filter((entry) => entry.name.endsWith('.scenario'))) {
        const scenario = `${path}/${name}`;
        const read = await readText(scenario, LARGEST_SCENARIO);
        if ('value' in read) remember(scenario, read.value);
      }
      return { value: { real: path, entries: listed.value } };
    },
    exists: async (path) => 'value' in (await ask('barrierlens/exists', path, 0)),
  };
}

const LARGEST_SCENARIO = 1_000_000;
