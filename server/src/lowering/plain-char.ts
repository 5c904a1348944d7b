/** What the compiler makes of `char` and of wide characters: as the kernel's own Makefile asks for it, where there is one. */

import { isCompiledWith, isKernelMakefile } from './configuration.ts';
import {
  CHAR,
  type CInteger,
  INT,
  OPEN_CHAR,
  UNSIGNED_PLAIN_CHAR,
  UNSIGNED_SHORT,
} from './ctype.ts';
import type { LoweringRequest } from './lowering.ts';

/** The type `char` (C11 6.2.5p15): unsigned under `-funsigned-char`, which the kernel has since 6.2, else signed, as x86 has it.
 *  Where no Makefile says so its sign is open; a question that nobody wrote is asked as x86 has it. */
export function charType({ configuration = {}, open }: CharSource): CInteger {
  const isOpen = open === undefined && !isKernelMakefile(configuration);
  if (isOpen) return OPEN_CHAR;
  return isCompiledWith(configuration, '-funsigned-char') ? UNSIGNED_PLAIN_CHAR : CHAR;
}

/** The type `wchar_t`. */
export function wideCharType({ configuration = {} }: CharSource): CInteger {
  return isCompiledWith(configuration, '-fshort-wchar') ? UNSIGNED_SHORT : INT;
}

/** What the answers are read from. */
export type CharSource = Pick<LoweringRequest, 'configuration' | 'open'>;
