/** Loads tree-sitter with its C grammar and turns text into flat trees; the only file that knows tree-sitter. */

import { Language, Parser, type TreeCursor } from 'web-tree-sitter';
import type { FlatTree } from './flat-tree.ts';

/** The two wasm files, each as its bytes or, where a file system or a server is at hand, its path or URL. */
export interface ParserFiles {
  readonly runtime: Uint8Array | string;
  readonly grammar: Uint8Array | string;
}

/** A ready C grammar. It keeps no text: every call stands alone. */
export interface CParser {
  /** The tree of `text`, which must be C as the grammar knows it (see prepass.ts). */
  readonly tree: (text: string) => FlatTree;
  readonly dispose: () => void;
}

/** Loads runtime and grammar. The runtime is loaded once in a process: later `runtime`s are not looked at.
 *  Rejects when one of the files is missing or is not what it should be. */
export async function createParser(files: ParserFiles): Promise<CParser> {
  await Parser.init(runtimeOptions(files.runtime));
  const language = await grammarOf(files.grammar);
  const parser = new Parser();
  parser.setLanguage(language);
  const names = namesOf(language);
  return {
    tree: (text) => parseText(parser, names, text),
    dispose: () => parser.delete(),
  };
}

const grammars = new Map<Uint8Array | string, Promise<Language>>();

/** Loads a grammar once in a process: the runtime keeps each that it is given for ever. */
function grammarOf(file: Uint8Array | string): Promise<Language> {
  const loading = grammars.get(file) ?? Language.load(file);
  grammars.set(file, loading);
  loading.catch(() => grammars.delete(file));
  return loading;
}

function runtimeOptions(runtime: Uint8Array | string): object {
  return typeof runtime === 'string' ? { locateFile: () => runtime } : { wasmBinary: runtime };
}

interface Names {
  readonly kinds: readonly string[];
  readonly fields: readonly string[];
  /** Kinds of nodes whose parts are not looked at, or that have none. */
  readonly isLeaf: readonly boolean[];
}

/** The grammar's names by number: asking for the name of each node would cross into wasm. */
function namesOf(language: Language): Names {
  const kinds = Array.from(
    { length: language.nodeTypeCount },
    (_, id) => language.nodeTypeForId(id) ?? '',
  );
  const fields = Array.from({ length: language.fieldCount + 1 }, (_, id) =>
    id === 0 ? '' : (language.fieldNameForId(id) ?? ''),
  );
  const isLeaf = kinds.map((kind, id) => LEAVES.has(kind) || !language.nodeTypeIsNamed(id));
  return { kinds, fields, isLeaf };
}

function parseText(parser: Parser, names: Names, text: string): FlatTree {
  const tree = parser.parse(text, null, { progressCallback: slowness() });
  if (tree === null) {
    parser.reset();
    return { kind: ['ERROR'], field: [''], start: [0], end: [text.length], next: [1], errors: [0] };
  }
  const cursor = tree.walk();
  try {
    return copyTree(cursor, names, tree.rootNode.hasError);
  } finally {
    cursor.delete();
    tree.delete();
  }
}

/** Of steps of tree-sitter (a hundred operations each), which take a hundredth of that in C, so long is slow. */
const SLOW_MILLISECONDS = 4;
const MOST_SLOW_STEPS = 32;
/** So many steps that are not slow make up for one that is. */
const STEPS_FOR_A_SLOW_ONE = 8;

/**
 * Whether a text is to be given up, asked after each step of tree-sitter. After a fault it may look back at all faults
 * before (`*)(` some thousand times is seconds, of a whole file hours), and counts no work that says so: but then step after step
 * is slow. On a machine that is busy with other things only those are in which it goes on with them, one of very many.
 */
function slowness(): () => boolean {
  let slow = 0;
  let last = performance.now();
  return () => {
    const now = performance.now();
    const isSlow = now - last > SLOW_MILLISECONDS;
    last = now;
    slow = isSlow ? slow + 1 : Math.max(0, slow - 1 / STEPS_FOR_A_SLOW_ONE);
    return slow > MOST_SLOW_STEPS;
  };
}

/** Nodes that have no parts, or whose parts say nothing that their text does not: asking each would cost. */
const LEAVES = new Set(
  (
    'identifier field_identifier type_identifier statement_identifier primitive_type number_literal ' +
    'string_literal char_literal storage_class_specifier type_qualifier true false null'
  ).split(' '),
);

/** Tokens that the nodes around them imply. */
const PUNCTUATION = new Set(['(', ')', '{', '}', '[', ']', ';', ',', ':', '?', '\n']);

type GrowingTree = { readonly [column in keyof FlatTree]: FlatTree[column][number][] };

function copyTree(cursor: TreeCursor, names: Names, hasError: boolean): FlatTree {
  const tree: GrowingTree = { kind: [], field: [], start: [], end: [], next: [], errors: [] };
  const open: number[] = [];
  for (;;) {
    const type = cursor.nodeTypeId;
    const kind = names.kinds[type] ?? 'ERROR';
    const node = tree.kind.length;
    const isMissing = hasError && cursor.nodeIsMissing;
    if (isMissing || kind === 'ERROR') tree.errors.push(node);
    if (isMissing || !PUNCTUATION.has(kind)) {
      tree.kind.push(kind);
      tree.field.push(names.fields[cursor.currentFieldId] ?? '');
      tree.start.push(cursor.startIndex);
      tree.end.push(cursor.endIndex);
      tree.next.push(node + 1);
      if (!names.isLeaf[type] && cursor.gotoFirstChild()) {
        open.push(node);
        continue;
      }
    }
    while (!cursor.gotoNextSibling()) {
      if (!cursor.gotoParent()) return tree;
      tree.next[open.pop()!] = tree.kind.length;
    }
  }
}
