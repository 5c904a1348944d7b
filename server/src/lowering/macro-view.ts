/** Which macros are replaced in a text: those in force, but for names that the lowering knows better. */

import { GUARD_MACROS } from '../kernel/guards.ts';
import { isPerCpuMacro, perCpuAccesses } from '../kernel/per-cpu.ts';
import { primitive } from '../kernel/primitives.ts';
import type { SourceFile } from '../syntax/ast.ts';
import type { Macro } from '../syntax/macro-token.ts';
import { isAnnotation, isAnnotationCall } from '../syntax/words.ts';
import { isBuiltIn } from './built-in.ts';
import type { Condition } from './configuration.ts';
import { fileIndex } from './file-index.ts';
import { type LayeredText, winsOverPrimitives } from './layered-text.ts';
import type { MacroAnswers } from './macro-questions.ts';
import type { Conditions, MacroInForce, MacrosInForce } from './macros-in-force.ts';

/** The macros that are replaced, as seen from a text. What the answers rest on is added to `conditions`. */
export type MacroView = (text: LayeredText, conditions: Conditions) => MacroAnswers;

/** Stubs win over the primitives and what is built in, these over what is for all files, that over the library. What a
 *  file has for itself wins over the primitives. What is called as `own` is no macro. */
export function macroView(
  texts: readonly LayeredText[],
  force: MacrosInForce,
  own: ReadonlySet<string> = NONE,
): MacroView {
  const defines = (layer: LayeredText['layer'], kind: 'functions' | 'objects') => {
    const indexes = texts
      .filter((text) => text.layer === layer)
      .map(({ source }) => fileIndex(source.parsed)[kind]);
    return (name: string) => indexes.some((index) => index.has(name));
  };
  const names: Names = {
    isStubFunction: defines('stub', 'functions'),
    isStubObject: defines('stub', 'objects'),
    isSourceFunction: defines('source', 'functions'),
  };
  const known = new WeakMap<SourceFile, Map<string, Seen>>();
  const anew = (name: string, text: LayeredText, at: number): Seen => {
    const conditions: Condition[] = [];
    const found = own.has(name) ? undefined : force.at(name, text, at, conditions);
    const isIt = found !== undefined && isReplaced(names, found);
    return { macro: isIt ? found.macro : undefined, conditions };
  };
  const anywhere = (name: string, text: LayeredText): Seen => {
    const { parsed } = text.source;
    const seen = known.get(parsed) ?? new Map<string, Seen>();
    known.set(parsed, seen);
    const found = seen.get(name) ?? anew(name, text, 0);
    seen.set(name, found);
    return found;
  };
  return (text, conditions) => ({
    macro: (name, at) => {
      const depends = force.dependsOnPlace(name, text);
      const { macro, conditions: own } = depends ? anew(name, text, at) : anywhere(name, text);
      for (const condition of own) conditions.push(condition);
      return macro;
    },
    place: (name, at) => (force.dependsOnPlace(name, text) ? at : 0),
    isObject: names.isStubObject,
    option: (question, option, at) =>
      force.isEnabled(question, option, text, { start: at, end: at + question.length }, conditions),
  });
}

const NONE: ReadonlySet<string> = new Set();

/** What a name is where it does not matter at which place of a text. */
interface Seen {
  readonly macro: Macro | undefined;
  readonly conditions: readonly Condition[];
}

interface Names {
  readonly isStubFunction: (name: string) => boolean;
  readonly isStubObject: (name: string) => boolean;
  readonly isSourceFunction: (name: string) => boolean;
}

/** Constants and variables that the lowering has itself. */
const KNOWN = new Set(['NULL', 'true', 'false', 'current']);

/** Whether calls by a name mean what they are known for, whatever headers make of them. */
function isTakenFirst(name: string): boolean {
  return GUARD_MACROS.has(name) || perCpuAccesses.has(name) || isPerCpuMacro(name);
}

function isReplaced(names: Names, { macro, text }: MacroInForce): boolean {
  const { name, parameters } = macro;
  if (isAnnotation(name) || isAnnotationCall(name)) return false;
  if (text?.layer === 'stub') return true;
  if (parameters === undefined) return !KNOWN.has(name) && !names.isStubObject(name);
  if (names.isStubFunction(name) || isBuiltIn(name) || isTakenFirst(name)) return false;
  if (text !== undefined && winsOverPrimitives(text)) return true;
  const row = primitive(name);
  if (row?.operation !== undefined || row?.rwLock !== undefined) return false;
  return text?.layer !== 'library' || !names.isSourceFunction(name);
}
