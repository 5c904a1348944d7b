/** Finds the function a name means from where it is used: by visibility, then by nearness. */

import { beyondWrappers, type CallerSite, isWrapper } from '../facts/around.ts';
import {
  isMemberName,
  meantOf,
  type StoredFunction,
  storedIn,
  structOfMember,
} from '../facts/by-member.ts';
import type { DefinedFunction } from '../facts/callees.ts';
import type { FileFacts, FunctionCall, FunctionFact } from '../facts/file-facts.ts';

/** A function with the file that defines it. */
export type PlacedFunction = DefinedFunction;

/** The functions of a set of files by name; files are put and dropped. */
export interface FunctionIndex {
  readonly put: (facts: FileFacts) => void;
  readonly drop: (facts: FileFacts) => void;
  /** Every definition of the name, nearest to `from` first; static ones of other folders last. */
  readonly named: (name: string, from: string) => readonly PlacedFunction[];
  /** The definition that a call of `name` in `from` reaches, if it is in the files; of a call through a member the one it is taken
   *  to reach. */
  readonly called: (name: string, from: string) => PlacedFunction | undefined;
  /** The functions that call the function `name` of `file`, with the first call of each. */
  readonly callers: (name: string, file: string) => readonly CallerSite[];
  /** Whether a macro of that name is defined somewhere. */
  readonly isMacro: (name: string) => boolean;
  /** How many functions call one of that name. */
  readonly callerCount: (name: string) => number;
  /** Functions of the folder of `from` whose name the predicate accepts, the file's own first. */
  readonly nearby: (from: string, accepts: (name: string) => boolean) => readonly PlacedFunction[];
}

export function createFunctionIndex(): FunctionIndex {
  const byName = new Map<string, PlacedFunction[]>();
  const byFolder = new Map<string, Map<string, readonly FunctionFact[]>>();
  const macros = new Map<string, number>();
  const callsOf = new Map<string, CallerSite[]>();
  const stored = new Map<string, StoredFunction[]>();

  const named = (name: string, from: string) =>
    [...(byName.get(name) ?? [])].sort((a, b) => distance(a, from) - distance(b, from));

  const defined = (name: string, from: string) =>
    named(name, from).find((found) => isVisible(found, from));

  const called = (name: string, from: string) => {
    if (!isMemberName(name)) return defined(name, from);
    const meant = meantOf(stored.get(structOfMember(name)) ?? [], name);
    return meant && defined(meant.runs, meant.file);
  };

  return {
    put(facts) {
      for (const fact of facts.functions) {
        const list = byName.get(fact.name);
        if (list === undefined) byName.set(fact.name, [{ file: facts.file, fact }]);
        else list.push({ file: facts.file, fact });
        for (const caller of callersIn(facts.file, fact)) {
          const callers = callsOf.get(caller.call.name);
          if (callers === undefined) callsOf.set(caller.call.name, [caller]);
          else callers.push(caller);
        }
      }
      for (const each of storedIn(facts)) {
        const list = stored.get(each.struct);
        if (list === undefined) stored.set(each.struct, [each]);
        else list.push(each);
      }
      for (const name of facts.macros ?? []) macros.set(name, (macros.get(name) ?? 0) + 1);
      const folder = folderOf(facts.file);
      const files = byFolder.get(folder) ?? new Map<string, readonly FunctionFact[]>();
      byFolder.set(folder, files.set(facts.file, facts.functions));
    },
    drop(facts) {
      for (const name of new Set(facts.functions.map((fact) => fact.name))) {
        const rest = (byName.get(name) ?? []).filter(({ file }) => file !== facts.file);
        if (rest.length > 0) byName.set(name, rest);
        else byName.delete(name);
      }
      for (const struct of new Set(storedIn(facts).map((each) => each.struct))) {
        const rest = (stored.get(struct) ?? []).filter(({ file }) => file !== facts.file);
        if (rest.length > 0) stored.set(struct, rest);
        else stored.delete(struct);
      }
      byFolder.get(folderOf(facts.file))?.delete(facts.file);
      for (const name of facts.macros ?? []) macros.set(name, (macros.get(name) ?? 0) - 1);
      for (const name of new Set(facts.functions.flatMap(({ calls }) => calls))) {
        const rest = (callsOf.get(name) ?? []).filter(({ caller }) => caller.file !== facts.file);
        if (rest.length > 0) callsOf.set(name, rest);
        else callsOf.delete(name);
      }
    },
    named,
    called,
    callers: (name, file) =>
      (callsOf.get(name) ?? []).filter(({ caller }) => called(name, caller.file)?.file === file),
    isMacro: (name) => (macros.get(name) ?? 0) > 0,
    callerCount: (name) => callsOf.get(name)?.length ?? 0,
    nearby(from, accepts) {
      const files = [...(byFolder.get(folderOf(from)) ?? [])];
      return files
        .flatMap(([file, facts]) =>
          facts.filter(({ name }) => accepts(name)).map((fact) => ({ file, fact })),
        )
        .sort((a, b) => Number(b.file === from) - Number(a.file === from));
    },
  };
}

/** The first call of each function that `fact` calls. */
function callersIn(file: string, fact: FunctionFact): readonly CallerSite[] {
  const first = new Map<string, FunctionCall>();
  for (const call of fact.callSites) if (!first.has(call.name)) first.set(call.name, call);
  return [...first.values()].map((call) => ({ caller: { file, fact }, call }));
}

/** The functions of other files that call the function `name` of `file`, be it by way of functions that do little but call it. */
export function callersElsewhere(
  { callers }: FunctionIndex,
  name: string,
  file: string,
): readonly CallerSite[] {
  const directly = (of: string, home: string) =>
    callers(of, home).filter((each) => each.caller.file !== file || isWrapper(each.caller));
  return beyondWrappers(directly(name, file), (wrapper) =>
    directly(wrapper.fact.name, wrapper.file),
  ).filter(({ caller }) => caller.file !== file);
}

/** The same index, telling `note` which names and folders (with a slash at the end) are asked for. */
export function recording(index: FunctionIndex, note: (name: string) => void): FunctionIndex {
  return {
    ...index,
    named(name, from) {
      note(name);
      return index.named(name, from);
    },
    called(name, from) {
      note(isMemberName(name) ? membersNote(structOfMember(name)) : name);
      const found = index.called(name, from);
      if (found !== undefined) note(found.fact.name);
      return found;
    },
    callers(name, file) {
      note(callersNote(name));
      return index.callers(name, file);
    },
    nearby(from, accepts) {
      note(folderNote(from));
      return index.nearby(from, accepts);
    },
  };
}

/** What `recording` notes when the callers of a function are asked for. */
export function callersNote(name: string): string {
  return `${name}()`;
}

/** What `recording` notes when a function is asked for that is stored in a member of a struct. */
export function membersNote(struct: string): string {
  return `${struct}.`;
}

/** What `recording` notes when the folder of `file` is searched. */
export function folderNote(file: string): string {
  return `${folderOf(file)}/`;
}

/** Whether code in `from` can call the function: its own, a global one, or an inline of a header. */
export function isVisible({ file, fact }: PlacedFunction, from: string): boolean {
  return file === from || !fact.isStatic || file.endsWith('.h');
}

/** The folder of a file, without a slash at the end. */
export function folderOf(file: string): string {
  return file.slice(0, Math.max(0, file.lastIndexOf('/')));
}

/** Files of the same folder are near, then those that share more of their path; what is not visible is far. */
function distance(found: PlacedFunction, from: string): number {
  if (found.file === from) return found.fact.isStatic ? 0 : 1;
  const hidden = isVisible(found, from) ? 0 : 1000;
  return hidden + steps(folderOf(found.file), folderOf(from)) + 2;
}

function steps(a: string, b: string): number {
  const left = a.split('/');
  const right = b.split('/');
  let same = 0;
  while (same < left.length && same < right.length && left[same] === right[same]) same++;
  return left.length + right.length - 2 * same;
}
