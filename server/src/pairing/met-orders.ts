/**
 * What a site orders, as a function on the other side meets it: the same two fields, accessed by the function
 * or by what it calls, wherever a barrier stands there, and whether one does. It shows a barrier that is
 * missing, or on the wrong side of an access.
 */

import { isMemberName } from '../facts/by-member.ts';
import type { Access, FileFacts, FunctionAccess, FunctionFact, Site } from '../facts/file-facts.ts';
import { sitesOfFunction } from '../facts/sites-of-function.ts';
import type { Span } from '../text/span.ts';
import { isVisible, type PlacedFunction } from './function-index.ts';
import type { AccessKind, PlacedAccess, PlacedSite, SharedOrder } from './pairing.ts';
import { sameness, shapeOf } from './shape.ts';

/** Where functions are looked up. */
export interface FunctionsOf {
  readonly facts: (file: string) => FileFacts | undefined;
  /** The definitions of a name, in any file; of a member's (`calledMember()`) the function to which a call through it is
   *  taken to lead. */
  readonly functions: (name: string) => readonly PlacedFunction[];
}

/** An order, and how the function on the other side meets it. */
export interface MetOrder {
  /** The first side is the site's. */
  readonly order: SharedOrder;
  readonly root: PlacedFunction;
  /** Whether the other side accesses the two in the same order, where it would have to be the opposite one:
   *  nothing that stands between the accesses can help. */
  readonly isInSameOrder: boolean;
}

/** How many of the nearest accesses of a side are looked at. */
const NEAREST = 8;
/** How many calls down, and how many accesses, a function is looked into. */
const DEPTH = 2;
const MOST_ACCESSES = 400;

/** What `site` orders, as `root` meets it, the nearest first. */
export function ordersMetBy(
  { file, site }: PlacedSite,
  root: PlacedFunction,
  sources: FunctionsOf,
): readonly MetOrder[] {
  const there = accessesOf(root, sources);
  return site.orders.flatMap(({ before, after }) =>
    nearest(before).flatMap((first) =>
      nearest(after).flatMap(
        (second) => meeting({ ...first, file }, { ...second, file }, root, there) ?? [],
      ),
    ),
  );
}

/**
 * What a site takes and then fills that a function gives back and then reads: its accesses in the same order, as if they were in the
 * opposite one.
 */
export function ordersGivenBackBy(
  { file, site }: PlacedSite,
  root: PlacedFunction,
  sources: FunctionsOf,
): readonly SharedOrder[] {
  const there = accessesOf(root, sources);
  const given = there.filter(({ made }) => made.effect === 'write' && made.marking === 'release');
  if (given.length === 0) return [];
  return site.orders.flatMap(({ before, after }) =>
    nearest(before)
      .filter(({ effect }) => effect !== 'write')
      .flatMap((taken) =>
        nearest(after)
          .filter(({ effect }) => effect !== 'read')
          .flatMap((filled) => {
            const give = given.find(({ made }) => sameness(made, taken) === 1);
            const read = there.find(
              ({ made, path }) =>
                made.effect === 'read' &&
                sameness(made, filled) === 1 &&
                give !== undefined &&
                comparePaths(give.path, path) < 0,
            );
            if (give === undefined || read === undefined) return [];
            return {
              shape: 'LB' as const,
              first: taken.field,
              second: filled.field,
              accesses: [
                [
                  { ...taken, file },
                  { ...filled, file },
                ],
                [read.access, give.access],
              ] as const,
              kinds: LOAD_BUFFERING,
            };
          }),
      ),
  );
}

function nearest(accesses: readonly Access[]): readonly Access[] {
  return [...accesses].sort((a, b) => a.distance - b.distance).slice(0, NEAREST);
}

/** An access with its place in the order of evaluation. */
export interface Step {
  /** As the function that makes it has it, in that file: who only asks for the field and what is done to it need not have it placed. */
  readonly made: FunctionAccess;
  readonly madeIn: string;
  /** As the root sees it, and where that is. */
  readonly access: PlacedAccess;
  /** The struct of the object around, where the field is one of a part of it. */
  readonly outer: string | undefined;
  readonly span: Span;
  /** Whether its value decides something in the function that makes it, or is what that returns. */
  readonly isTested: boolean;
  /** Where it stands, behind the calls that lead to it. */
  readonly path: readonly number[];
}

/** A step whose access is placed when it is first asked for: of most only the field matters, and copies are dear. */
class PartStep implements Step {
  readonly made: FunctionAccess;
  readonly path: readonly number[];
  readonly #root: PlacedFunction;
  readonly #part: Part;
  #access: PlacedAccess | undefined;

  constructor(root: PlacedFunction, part: Part, made: FunctionAccess) {
    this.made = made;
    this.path = [...part.path, made.span.start];
    this.#root = root;
    this.#part = part;
  }

  get madeIn(): string {
    return this.#part.of.file;
  }

  get span(): Span {
    return (this.#part.call ?? this.made).span;
  }

  get isTested(): boolean {
    return this.made.isTested === true;
  }

  get outer(): string | undefined {
    const { outer, within: given } = this.made;
    const parts = given === undefined ? undefined : this.#part.calledBy?.parts;
    return outer ?? parts?.find(({ position }) => position === given)?.of;
  }

  get access(): PlacedAccess {
    const { of, call, via } = this.#part;
    const { made, outer } = this;
    this.#access ??=
      call === undefined
        ? { ...made, file: this.#root.file }
        : { ...within(this.#root, call, made, of.file, via), ...(outer && { outer }) };
    return this.#access;
  }
}

/** The accesses of a function and of what it calls, in the order of its text. */
export function accessesOf(root: PlacedFunction, sources: FunctionsOf): readonly Step[] {
  return partsOf(root, sources)
    .flatMap((part) => part.of.fact.accesses.map((made) => new PartStep(root, part, made)))
    .sort((a, b) => comparePaths(a.path, b.path));
}

/** The functions that may be looked into as far as one of these: themselves, and those that call them. */
export function leadingTo(
  functions: readonly PlacedFunction[],
  calling: (name: string) => readonly PlacedFunction[],
): readonly PlacedFunction[] {
  const found = new Set(functions);
  let level = functions;
  for (let depth = 0; depth < DEPTH; depth++) {
    level = level
      .flatMap(({ fact }) => calling(fact.name))
      .filter((each) => !found.has(each) && found.add(each));
  }
  return [...found];
}

/** Whether a function, or one that it calls, makes an access that is wanted. */
export function hasAccess(
  root: PlacedFunction,
  sources: FunctionsOf,
  isWanted: (access: FunctionAccess) => boolean,
): boolean {
  return partsOf(root, sources).some(({ of }) => of.fact.accesses.some(isWanted));
}

/** Where the ordering operations of a kind stand in a function and in what it calls, as the paths of its accesses, in the order of
 *  evaluation. */
export function sitesOf(
  root: PlacedFunction,
  sources: FunctionsOf,
  isMeant: (site: Site) => boolean,
): readonly Step['path'][] {
  return partsOf(root, sources)
    .flatMap(({ of: { file, fact }, path }) =>
      sitesOfFunction(sources.facts(file), fact.name)
        .filter(isMeant)
        .map(({ span }) => [...path, span.start]),
    )
    .sort(comparePaths);
}

/** A function, or one that it calls: by which names, and by which of its own calls. */
interface Part {
  readonly of: PlacedFunction;
  readonly call?: Call;
  /** The call that it is called by, be it in a function that is called itself. */
  readonly calledBy?: Call;
  readonly path: readonly number[];
  readonly via: readonly string[];
}

function partsOf(root: PlacedFunction, sources: FunctionsOf): readonly Part[] {
  const parts: Part[] = [{ of: root, path: [], via: [] }];
  let count = root.fact.accesses.length;
  const follow = ({ of, path, via, call: outer }: Part): void => {
    for (const call of of.fact.callSites) {
      const callee = calleeOf(call.name, of, sources);
      if (callee === undefined || count > MOST_ACCESSES || via.includes(callee.fact.name)) continue;
      count += callee.fact.accesses.length;
      // What is given to a call is read before anything in it.
      const part = {
        of: callee,
        call: outer ?? call,
        calledBy: call,
        path: [...path, call.span.end],
        via: [...via, callee.fact.name],
      };
      parts.push(part);
      if (part.via.length < DEPTH) follow(part);
    }
  };
  follow(parts[0]!);
  return parts;
}

type Call = FunctionFact['callSites'][number];

/** An access of a function that `call` of the root leads to, as the root sees it. */
export function within(
  { file }: PlacedFunction,
  call: Call,
  access: Access,
  innerFile: string,
  via: readonly string[],
): PlacedAccess {
  const { span, line } = call;
  return {
    ...access,
    file,
    span,
    line,
    via,
    inner: access.span,
    innerLine: access.line,
    innerFile,
  };
}

/** The definition that a call of `name` reaches, or through a member is taken to reach. */
export function calleeOf(
  name: string,
  { file }: Pick<PlacedFunction, 'file'>,
  { functions }: Pick<FunctionsOf, 'functions'>,
): PlacedFunction | undefined {
  if (isMemberName(name)) return functions(name)[0];
  const visible = functions(name).filter((each) => isVisible(each, file));
  return visible.find((each) => each.file === file) ?? visible[0];
}

/** Which of two places in the order of evaluation comes first: negative if the left one does. */
export function comparePaths(left: readonly number[], right: readonly number[]): number {
  for (let at = 0; at < left.length && at < right.length; at++)
    if (left[at] !== right[at]) return left[at]! - right[at]!;
  return left.length - right.length;
}

/** The other side accesses `second` and later `first`: the closest such two. */
function meeting(
  first: PlacedAccess,
  second: PlacedAccess,
  root: PlacedFunction,
  there: readonly Step[],
): MetOrder | undefined {
  if (sameness(first, second) > 0) return undefined;
  const at = (access: PlacedAccess) =>
    there.flatMap((step, index) => (sameness(step.made, access) === 1 ? [{ step, index }] : []));
  const [starts, ends] = [at(second), at(first)];
  const pairs = starts.flatMap((start) =>
    ends.flatMap((end) => {
      const accesses = [start.step.access, end.step.access] as const;
      const kinds = kindsOf([first, second], accesses);
      return kinds === undefined ? [] : [{ accesses, kinds, gap: end.index - start.index }];
    }),
  );
  const behind = pairs.filter(({ gap }) => gap > 0).sort((a, b) => a.gap - b.gap);
  const opposite = behind.filter(({ kinds }) => shapeOf(kinds) !== 'LB');
  const same = pairs.filter(({ kinds }) => isPassing(kinds)).sort((a, b) => b.gap - a.gap);
  const best = opposite[0] ?? same[0] ?? behind[0];
  if (best === undefined) return undefined;
  const order: SharedOrder = {
    shape: shapeOf(best.kinds)!,
    first: first.field,
    second: second.field,
    accesses: [[first, second], best.accesses],
    kinds: best.kinds,
  };
  return { order, root, isInSameOrder: !behind.includes(best) };
}

/** Whether it is message passing: only there the outcome does not need an order on the other side. */
function isPassing([one, two]: SharedOrder['kinds']): boolean {
  return one[0] === one[1] && two[0] === two[1];
}

/** Message passing, store buffering or load buffering, if the accesses can be that; other shapes are not looked for. */
function kindsOf(
  one: readonly [Access, Access],
  two: readonly [Access, Access],
): SharedOrder['kinds'] | undefined {
  return LOOKED_FOR.find(
    ([left, right]) =>
      canBe(one[0], left[0]) &&
      canBe(one[1], left[1]) &&
      canBe(two[0], right[0]) &&
      canBe(two[1], right[1]),
  );
}

const LOAD_BUFFERING: SharedOrder['kinds'] = [
  ['read', 'write'],
  ['read', 'write'],
];

const LOOKED_FOR: readonly SharedOrder['kinds'][] = [
  [
    ['write', 'write'],
    ['read', 'read'],
  ],
  [
    ['read', 'read'],
    ['write', 'write'],
  ],
  [
    ['write', 'read'],
    ['write', 'read'],
  ],
  LOAD_BUFFERING,
];

function canBe({ effect }: Access, kind: AccessKind): boolean {
  return effect === 'read-write' || effect === kind;
}
