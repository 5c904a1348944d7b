/** Models for tests: from a text, and the kernel's own with edits. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type LoadedModel, loadModel } from '../../../server/src/cat/load.ts';

/** A model whose cat file is `cat`, with the kernel's tags for fences. */
export function modelOf(cat: string): LoadedModel {
  const files: Record<string, string> = {
    'linux-kernel.bell': "enum Barriers = 'mb || 'rmb || 'wmb",
    'linux-kernel.cat': cat,
  };
  const { model, problems } = loadModel((file) => files[file]);
  expect(problems).toEqual([]);
  return model!;
}

/** A piece of text of one of the model's files, and what to put in its place. */
export interface Edit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** The model of a kernel tree, edited; each edit must find its text. */
export function kernelModel(linux: string, edits: readonly Edit[] = []): LoadedModel {
  const { model, problems } = loadModel((file) => {
    const text = readOptional(join(linux, 'tools/memory-model', file));
    return text && edits.filter((edit) => edit.file === file).reduce(apply, text);
  });
  expect(problems).toEqual([]);
  return model!;
}

function readOptional(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function apply(text: string, { find, replace }: Edit): string {
  expect(text).toContain(find);
  return text.replace(find, () => replace);
}
