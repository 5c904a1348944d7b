/** The headers that a file needs behind those it includes: which define the structs that it names, read off its words. */

/** A member of a struct, and the tag of the struct that it holds or points to. */
interface Member {
  readonly name: string;
  readonly tag: string;
}

/** The structs and unions of a text. */
export interface NamedStructs {
  /** The tags that the text names. */
  readonly named: ReadonlySet<string>;
  /** Those that it defines, each with the members of it that are structs or point to one. */
  readonly defined: ReadonlyMap<string, readonly Member[]>;
}

/** A tag, and what it stands before: a body, or what is declared of it. */
const TAG = /\b(?:struct|union)\s+(\w+)(?:\s*(\{)|[\s*]+(\w+))?/g;

/** What structs `text` names; a member counts to the last definition that begins before it. */
export function structsIn(text: string): NamedStructs {
  const named = new Set<string>();
  const defined = new Map<string, Member[]>();
  let members: Member[] | undefined;
  for (const [, tag = '', brace, name] of text.matchAll(TAG)) {
    named.add(tag);
    if (brace !== undefined) {
      members = defined.get(tag) ?? [];
      defined.set(tag, members);
    } else if (name !== undefined) members?.push({ name, tag });
  }
  return { named, defined };
}

/** A member behind which the code goes on: the `q` of `dev->q->lock`. */
const GONE_THROUGH = /(?:->|\.)\s*(\w+)(?=\s*(?:->|\.|\[))/g;

/** The members through which `text` comes to others. */
function membersGoneThrough(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(GONE_THROUGH)].map(([, name]) => name!));
}

/** Of what lies behind the `direct` headers of `text` those that define a struct which it names or goes through. */
export function headersBehind<Header>(
  text: string,
  direct: Iterable<Header>,
  includedBy: (header: Header) => readonly Header[],
  structsOf: (header: Header) => NamedStructs,
): readonly Header[] {
  const own = structsIn(text);
  const near = [...direct];
  let reached: readonly Header[] | undefined;
  const definitionOf = (tag: string): Header | undefined => {
    const isIt = (header: Header) => structsOf(header).defined.has(tag);
    const found = near.find(isIt);
    if (found !== undefined) return found;
    reached ??= reachedFrom(near, includedBy);
    return reached.find(isIt);
  };
  const goneThrough = membersGoneThrough(text);
  const wanted = new Set(own.named);
  const found = new Set<Header>();
  // What is wanted grows while it is looked for.
  for (const tag of wanted) {
    const inText = own.defined.get(tag);
    const header = inText === undefined ? definitionOf(tag) : undefined;
    if (header !== undefined && !near.includes(header)) found.add(header);
    const members = inText ?? (header && structsOf(header).defined.get(tag)) ?? [];
    for (const member of members) if (goneThrough.has(member.name)) wanted.add(member.tag);
  }
  return [...found];
}

/** All that headers lead to, the nearest first. */
function reachedFrom<Header>(
  from: readonly Header[],
  includedBy: (header: Header) => readonly Header[],
): readonly Header[] {
  const reached = new Set(from);
  for (const header of reached) for (const next of includedBy(header)) reached.add(next);
  return [...reached];
}
