/** Addresses of documents and the paths that the language service knows them by, under Node: files alone have one. */

import { fileURLToPath, pathToFileURL } from 'node:url';

/** The path of a `file:` URI with `/`, or undefined for every other scheme. Only under Windows a back slash is
 *  no letter of a name. */
export function pathOf(uri: string): string | undefined {
  if (!uri.startsWith('file:')) return undefined;
  try {
    const path = fileURLToPath(uri);
    return process.platform === 'win32' ? path.replaceAll('\\', '/') : path;
  } catch {
    return undefined;
  }
}

export function uriOf(path: string): string {
  return pathToFileURL(path).href;
}
