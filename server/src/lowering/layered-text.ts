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

/** Whether what a text defines under the name of a primitive is meant: what the scenario says is, and what a file has
 *  for itself. The headers for all define the primitives, in words that the table knows better. */
export function winsOverPrimitives({ source, layer }: LayeredText): boolean {
  const isForAll = isHeader(source) && /(?:^|\/)(?:include|arch)\//.test(source.file);
  return layer === 'stub' || (layer === 'source' && !isForAll);
}
