/** `barrierlens manual`: the manual page, in the language of man(7), made of what the commands say of themselves. */

import type { Described } from './described.ts';

/** Ready for `man -l -` and for a folder of `MANPATH`. */
export function manualPage(version: string, commands: readonly Described[]): string {
  const sections = commands.map(
    ({ name, usage, help }) =>
      `.SS ${name}\n${literal(`barrierlens ${name} ${usage}`)}.PP\n${literal(help)}`,
  );
  return `.TH BARRIERLENS 1 "" "barrierlens ${escaped(version)}" "User Commands"
.SH NAME
barrierlens \\- memory barriers of kernel C: who pairs with whom, and is it right
.SH SYNOPSIS
.B barrierlens
.I COMMAND
[\\fIARGUMENTS\\fR]
.SH DESCRIPTION
Reads kernel C as it is, finds every memory barrier, says which one it pairs with and which fields the pair orders, and
proves or refutes it by simulation under the Linux kernel memory model.
.SH COMMANDS
${sections.join('')}.SH EXIT STATUS
0: all was read and is clean. 1: findings, or a file that could not be read. 2: bad use, or what could not be done.
.SH ENVIRONMENT
.TP
.B BARRIERLENS_CACHE
The folder in which facts and verdicts are kept; empty for none. Without it, barrierlens/found below XDG_CACHE_HOME or
~/.cache.
.SH SEE ALSO
.BR herd7 (1),
tools/memory-model and Documentation/memory-barriers.txt of the Linux kernel
`;
}

/** Lines as they are. */
function literal(text: string): string {
  return `.nf\n${text.trimEnd().split('\n').map(escaped).join('\n')}\n.fi\n`;
}

/** A line that begins with a dot or a quote would be a request. */
function escaped(line: string): string {
  return line.replaceAll('\\', '\\e').replaceAll('-', '\\-').replace(/^[.']/, '\\&$&');
}
