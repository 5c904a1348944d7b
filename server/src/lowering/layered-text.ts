/** The texts that a lowering looks names up in, by who wins. */

import type { SourceText } from './lowering.ts';

/** Who defines a name: stubs win over the primitive table, that over sources, these over the library. */
export type Layer = 'stub' | 'source' | 'library';

export interface LayeredText {
  readonly source: SourceText;
  readonly layer: Layer;
}

export function isHeader({ file }: SourceText): boolean {
  return file.endsWith('.h');
}
