/**
 * Functions that meet by a flag or a count: one stores fields and then a flag of the same object, the other one looks at the
 * flag and takes the fields where it is set, and no lock is taken by both. Unless both order the two, the flag can be seen before
 * the fields (memory-barriers.txt, "SMP BARRIER PAIRING"; litmus test MP+poonceonces).
 */

import {
  type Access,
  type FunctionAccess,
  type FunctionFact,
  fieldName,
  type Site,
} from '../facts/file-facts.ts';
import { grouped } from '../facts/grouped.ts';
import { sitesOfFunction, sitesStartingAt } from '../facts/sites-of-function.ts';
import { primitive } from '../kernel/primitives.ts';
import { remembering } from '../memo/once.ts';
import { functionsAround, isMadeAt, isNew, isSetUp, isSmall, mayLock } from './as-made.ts';
import { isVisible, type PlacedFunction } from './function-index.ts';
import type { FunctionsOfTree } from './functions-of-tree.ts';
import { accessesOf, type FunctionsOf, type Step } from './met-orders.ts';
import type { PlacedAccess } from './pairing.ts';
import { sameness } from './shape.ts';
import type { FindMeetings, Meeting } from './store-buffering.ts';

/** A flag that more functions look at says little of who meets whom. */
const MOST_READERS = 6;

/** So many of those that call who stores a flag, or looks at it, are looked at. */
const MOST_CALLERS = 4;

/** All functions that meet so, by what they do themselves and by what they call: for each two the field that is stored last. */
export function announcements(sources: FunctionsOfTree): FindMeetings {
  const storesIn = (of: PlacedFunction) => flagStores(of, sources);
  const isPublished = remembering((flag: string) =>
    sources.accessing(flag).some((of) => publishes(of, flag)),
  );
  const looksOf = (of: PlacedFunction) => looksIn(of, isPublished);
  const looksAt = remembering((flag: string) =>
    sources
      .accessing(flag)
      .flatMap(looksOf)
      .filter((each) => nameOf(each) === flag),
  );
  const isForFew = (flag: string) =>
    looksAt(flag).length > 0 && looksAt(flag).length <= MOST_READERS;
  return (file) => {
    const own = file === undefined ? [] : ownAndSmall(file, sources);
    const flags = new Set([...own.flatMap(storesIn), ...own.flatMap(looksOf)].map(nameOf));
    const functions =
      file === undefined
        ? sources.all()
        : sources.inOrder([...flags].filter(isForFew).flatMap(sources.accessing));
    const setting = grouped(functions.flatMap(storesIn), (each) => [nameOf(each)]);
    return [...setting].flatMap(([name, stores]) =>
      (file === undefined || flags.has(name)) && isForFew(name)
        ? announced(name, stores, looksAt(name), sources)
        : [],
    );
  };
}

/** The functions of a file, and the small ones that they call. */
function ownAndSmall(file: string, sources: FunctionsOfTree): readonly PlacedFunction[] {
  const own = sources.ofFile(file);
  const called = new Set(own.flatMap(({ fact }) => fact.calls));
  const small = [...called].flatMap(sources.functions).filter(({ fact }) => isSmall(fact));
  return [...new Set([...own, ...small])];
}

/** The functions that meet by a flag, of those that store it and those that look at it. */
function announced(
  name: string,
  setting: readonly Flagged[],
  looks: readonly Flagged[],
  sources: FunctionsOfTree,
): readonly Meeting[] {
  const writers = setting.flatMap((flag) =>
    ownOrCallers(flag, sources, (root) => announcedBy(root, flag, sources)),
  );
  const announcing = new Set(writers.flatMap((each) => each.storing));
  const storing = remembering((field: string) => storersOf(field, sources));
  return writers.flatMap((writer) => {
    if (isSetUp(writer.flag, writer.function, storing(name))) return [];
    // Who reads a field may set it back before.
    const own = (root: PlacedFunction) =>
      writer.fields.filter((stored) => {
        const storers = storing(fieldName(stored.field));
        return (
          storers.every(({ fact }) => announcing.has(fact) || fact === root.fact) &&
          !isSetUp(stored, writer.function, storers)
        );
      });
    // Of a word of bits each is a flag of its own.
    const met = looks.filter((look) => sameness(look.flag, writer.flag) > 0);
    return met.flatMap((look) =>
      ownOrCallers(look, sources, (root) =>
        meeting({ ...writer, fields: own(root) }, root, look, sources),
      ),
    );
  });
}

/** A function, and the flag that it stores or looks at itself. */
interface Flagged<Flag extends Access = PlacedAccess> {
  readonly function: PlacedFunction;
  readonly flag: Flag;
}

function nameOf({ flag }: Flagged): string {
  return fieldName(flag.field);
}

/** What is found in a function, or else, where it does no more than that, in those that call it. */
function ownOrCallers<Found>(
  { function: of }: Flagged,
  { calling }: FunctionsOfTree,
  find: (root: PlacedFunction) => readonly Found[],
): readonly Found[] {
  const own = find(of);
  if (own.length > 0 || !isSmall(of.fact)) return own;
  const roots = calling(of.fact.name).filter(({ file }) => isVisible(of, file));
  return roots.slice(0, MOST_CALLERS).flatMap(find);
}

/** A function that stores fields and then their flag. */
interface Announcing extends Flagged {
  /** What it stores before, the last one first. */
  readonly fields: readonly PlacedAccess[];
  /** The functions that make those stores. */
  readonly storing: readonly FunctionFact[];
}

/** The flags that a function stores without order. */
function flagStores(of: PlacedFunction, sources: FunctionsOf): readonly Flagged[] {
  return of.fact.accesses
    .filter(
      (access) =>
        access.effect !== 'read' &&
        access.isNew !== true &&
        (isFlagStore(access) || isPointer({ function: of, flag: access })) &&
        !isOrdered(access, of, sources),
    )
    .map((flag) => ({ function: of, flag: { ...flag, file: of.file } }));
}

/** What `root` stores before it comes to a flag. */
function announcedBy(
  root: PlacedFunction,
  { flag }: Flagged,
  sources: FunctionsOf,
): readonly Announcing[] {
  const steps = accessesOf(root, sources);
  const at = steps.findIndex((step) => isMadeAt(step, flag));
  const fields = steps
    .slice(0, Math.max(0, at))
    .filter((step) => isValue(step.made) && step.made.effect === 'write' && isOfOne(step, flag))
    .map(({ access }) => access)
    .filter((access) => !isNew(access, sources));
  if (fields.length === 0) return [];
  const storing = fields.flatMap((field) => functionsAround(field, sources));
  return [{ function: root, flag: steps[at]!.access, fields: fields.toReversed(), storing }];
}

/** Whether a field is one of the flag's object, or of a part of that. */
function isOfOne({ made: { field }, outer }: Step, flag: Access): boolean {
  return field.struct === flag.field.struct || outer === flag.field.struct;
}

/** Marked, or an atomic operation that orders nothing by itself; not what releases. */
function isFlagStore({ marking, field }: FunctionAccess): boolean {
  return (
    field.struct !== undefined &&
    field.struct !== '?' &&
    (marking === 'marked' || marking === 'atomic')
  );
}

/** Whether it is a pointer to an object that is stored under a lock: also plainly, as others cannot store there meanwhile. */
function isPointer({ function: { fact }, flag }: Flagged<Access>): boolean {
  return (fact.publications ?? []).some(
    ({ how, isLocked, span }) =>
      how.kind === 'pointer' && isLocked === true && span.start === flag.span.start,
  );
}

/** Whether a function stores such a pointer to a field. */
function publishes(of: PlacedFunction, field: string): boolean {
  return of.fact.accesses.some(
    (flag) => fieldName(flag.field) === field && isPointer({ function: of, flag }),
  );
}

/** Whether an access is to what the flag stands for: not to another flag or count, nor one that orders. */
function isValue({ marking }: Access): boolean {
  return marking === 'plain' || marking === 'marked';
}

/** Whether a store orders by itself: that of a sequence counter, or of an atomic operation that returns a value. */
function isOrdered({ span }: Access, { file }: PlacedFunction, { facts }: FunctionsOf): boolean {
  return sitesStartingAt(facts(file), span.start).some(
    ({ category, primitive: name }) =>
      category.startsWith('seqcount-') || primitive(name)?.orders.length !== 0,
  );
}

/** The functions that store a field, by its name. */
function storersOf(name: string, { accessing }: FunctionsOfTree): readonly PlacedFunction[] {
  return accessing(name).filter(({ fact }) =>
    fact.accesses.some(
      ({ effect, isNew, field }) =>
        effect !== 'read' && isNew !== true && fieldName(field) === name,
    ),
  );
}

/** Whether an access looks at a flag: a marked read which decides, or an atomic operation whose outcome does. */
function isLook(
  { effect, marking, isTested }: FunctionAccess,
  isPublished: () => boolean,
): boolean {
  if (isTested !== true) return false;
  if (effect === 'read') return marking === 'marked' || (marking === 'plain' && isPublished());
  return effect === 'read-write' && marking === 'atomic';
}

/** The looks of a function, be they plain at what is a pointer that is published under a lock. */
function looksIn(of: PlacedFunction, isPublished: (flag: string) => boolean): readonly Flagged[] {
  return of.fact.accesses
    .filter((access) => isLook(access, () => isPublished(fieldName(access.field))))
    .map((flag) => ({ function: of, flag: { ...flag, file: of.file } }));
}

/** A writer with `root`, which comes to a look at the flag. */
function meeting(
  writer: Announcing,
  root: PlacedFunction,
  look: Flagged,
  sources: FunctionsOf,
): readonly Meeting[] {
  if (writer.function.fact === root.fact && writer.flag.effect === 'write') return [];
  const steps = accessesOf(root, sources);
  const at = steps.findIndex((step) => isMadeAt(step, look.flag));
  const flag = steps[at]?.access;
  if (flag === undefined) return [];
  const behind = steps.slice(at + 1);
  const [met] = writer.fields.flatMap((field) => {
    const name = fieldName(field.field);
    const index = behind.findIndex((step) => nameMade(step) === name);
    const read = behind[index];
    return read !== undefined &&
      isReading(read) &&
      isValue(read.made) &&
      !isVouchedFor([field, writer], steps.slice(0, at), behind.slice(index + 1), sources)
      ? [{ field, read: read.access }]
      : [];
  });
  if (met === undefined) return [];
  const isLocked =
    mayLock(root, [flag, met.read], sources) &&
    mayLock(writer.function, [met.field, writer.flag], sources);
  if (isLocked || isCompleted(writer, { function: root, flag }, sources)) return [];
  const makers = [met.field, writer.flag, flag, met.read].flatMap((access) =>
    functionsAround(access, sources).map((fact) => ({
      file: access.innerFile ?? access.file,
      fact,
    })),
  );
  if ([writer.function, root, ...makers].some((of) => hasBarrier(of, sources))) return [];
  return [
    {
      functions: [writer.function, root],
      order: {
        shape: 'MP',
        first: met.field.field,
        second: writer.flag.field,
        accesses: [
          [met.field, writer.flag],
          [flag, met.read],
        ],
        kinds: [
          ['write', 'write'],
          ['read', 'read'],
        ],
        isFlag: true,
        isDecided: true,
      },
    },
  ];
}

/** Whether who looks at a flag has waited before for what the writer completes behind it: that orders all
 *  (Documentation/scheduler/completion.rst, "Waiting for completions"). Who waits for a time only may go on without. */
function isCompleted(writer: Flagged, reader: Flagged, { facts }: FunctionsOf): boolean {
  const fieldsOf = (
    { function: { file, fact }, flag }: Flagged,
    isMeant: (site: Site, flag: Access) => boolean,
  ) =>
    sitesOfFunction(facts(file), fact.name).flatMap((site) =>
      site.own !== undefined && isMeant(site, flag) ? fieldName(site.own.field) : [],
    );
  const awaited = fieldsOf(
    reader,
    ({ primitive: name, span }, { span: { start } }) => AWAITS.test(name) && span.end <= start,
  );
  const completed = fieldsOf(
    writer,
    ({ category, span }, { span: { end } }) => category === 'wake' && end <= span.start,
  );
  return awaited.some((field) => completed.includes(field));
}

const AWAITS = /^wait_for_completion(?!\w*timeout)/;

/** Whether what is read is taken only where a second look at a count finds it as it was, and the writer moves that on before and
 *  behind its stores: of the fields of a sequence count none announces the others (Documentation/locking/seqlock.rst). */
function isVouchedFor(
  [field, { function: writer, flag }]: readonly [PlacedAccess, Announcing],
  before: readonly Step[],
  behind: readonly Step[],
  sources: FunctionsOf,
): boolean {
  const counts = new Set(before.filter(isReading).map(nameMade));
  const again = behind.filter(
    (step) => isReading(step) && step.isTested && counts.has(nameMade(step)),
  );
  if (again.length === 0) return false;
  const stores = accessesOf(writer, sources).filter(({ made }) => made.effect !== 'read');
  const first = stores.findIndex((step) => isMadeAt(step, field));
  const last = stores.findIndex((step) => isMadeAt(step, flag));
  const moved = new Set(stores.slice(0, first).map(nameMade));
  return again
    .map(nameMade)
    .some(
      (count) =>
        moved.has(count) && stores.slice(last + 1).some((step) => nameMade(step) === count),
    );
}

function isReading({ made: { effect } }: Step): boolean {
  return effect === 'read';
}

function nameMade({ made: { field } }: Step): string {
  return fieldName(field);
}

/** Whether a function has a barrier: what that is for is asked of it, and what is ordered for the compiler alone is met on the
 *  same CPU. */
function hasBarrier({ file, fact }: PlacedFunction, { facts }: FunctionsOf): boolean {
  return sitesOfFunction(facts(file), fact.name).some(
    ({ explicit, category }) => explicit && category !== 'release' && category !== 'acquire',
  );
}

/** Whether somebody has thought of order in a function: what a barrier, release or acquire is for is asked of that, and what is
 *  ordered for the compiler alone is met on the same CPU. */
export function isOrdering({ file, fact }: PlacedFunction, { facts }: FunctionsOf): boolean {
  return sitesOfFunction(facts(file), fact.name).some(
    ({ explicit, category }) => explicit || category === 'release' || category === 'acquire',
  );
}
