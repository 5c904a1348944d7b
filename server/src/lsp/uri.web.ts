/** Addresses of documents and the paths that the language service knows them by, in a browser: every file system has its own
 *  scheme and authority, which become the first two folders of a path. */

import type * as Node from './uri.ts';

/** `vscode-vfs://github/linux/kernel/fork.c` is `/vscode-vfs/@github/linux/kernel/fork.c`. */
export const pathOf: typeof Node.pathOf = (uri) => {
  const [, scheme, authority = '', path] =
    /^([a-z][a-z0-9+.-]*):(?:\/\/([^/?#]*))?(\/[^?#]*)/i.exec(uri) ?? [];
  if (scheme === undefined || path === undefined) return undefined;
  try {
    return `/${scheme}/@${decodeURIComponent(authority)}${decodeURIComponent(path)}`;
  } catch {
    return undefined;
  }
};

/** Of a path that no file has, as `/`, what is no address. */
export const uriOf: typeof Node.uriOf = (path) => {
  const [, scheme = '', authority = '', ...names] = path.split('/');
  return `${scheme}://${encoded(authority.slice(1))}/${names.map(encoded).join('/')}`;
};

/** Authorities are told apart by what stands behind their colon, too. */
function encoded(part: string): string {
  return encodeURIComponent(part).replaceAll('%3A', ':');
}
