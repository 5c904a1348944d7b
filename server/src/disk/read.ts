/** The answer of the disk: what was read, or in a sentence why it was not. */

export type Read<Value> = { readonly value: Value } | { readonly problem: string };

/** Why nothing was read, from what the system threw. */
export function problemOf(error: unknown): string {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'no such file or folder';
    case 'EACCES':
    case 'EPERM':
      return 'no permission to read it';
    case 'ELOOP':
      return 'a loop of symbolic links';
    case 'EISDIR':
      return 'a folder, not a file';
    case 'ENAMETOOLONG':
      return 'its name is too long';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
