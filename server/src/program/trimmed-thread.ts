/**
 * A thread without what cannot matter to an outcome that is told by its accesses alone: reads that nobody asks
 * about and whose values are not used, computations for nothing, and what comes behind the last access.
 */

import type { LocationName, Statement } from './program.ts';
import { everyStatement, expressionsOf, isPure, registersOf, withParts } from './walk.ts';

/**
 * The statements, in which of the reads whose values are not used only those are left that are `asked` about, of
 * several next to each other one, and nothing behind the last access. An execution of the others is one of these with
 * such reads added, and the other way round.
 */
export function trimmed(
  body: readonly Statement[],
  asked: (location: LocationName) => boolean,
): readonly Statement[] {
  const once = withoutRepeatedReads(usedOf(body, asked, NOTHING).body, NO_READ).body;
  return usedOf(once, asked, NOTHING).body;
}

/** What comes behind a place: the registers that are read there before they are assigned, and whether there are accesses. */
interface Behind {
  readonly live: ReadonlySet<string>;
  readonly isFollowed: boolean;
}

/** What is left of statements, and what comes behind the place before them. */
interface Used extends Behind {
  readonly body: readonly Statement[];
}

const NO_REGISTERS: ReadonlySet<string> = new Set();
const NOTHING: Behind = { live: NO_REGISTERS, isFollowed: false };

function usedOf(
  body: readonly Statement[],
  asked: (location: LocationName) => boolean,
  behind: Behind,
): Used {
  const left: Statement[] = [];
  let at = behind;
  for (const statement of body.toReversed()) {
    const used = usedStatement(statement, asked, at);
    left.unshift(...used.body);
    at = used;
  }
  return { body: left, live: at.live, isFollowed: at.isFollowed };
}

function usedStatement(
  statement: Statement,
  asked: (location: LocationName) => boolean,
  behind: Behind,
): Used {
  const dropped: Used = { ...behind, body: [] };
  switch (statement.kind) {
    case 'stop':
      // Where an assumption fails it would have held all the way.
      if (statement.why === 'discard')
        return { body: [statement], live: behind.live, isFollowed: true };
      return { body: behind.isFollowed ? [statement] : [], ...NOTHING };
    case 'fence':
      return behind.isFollowed ? { ...dropped, body: [statement] } : dropped;
    case 'declare':
    case 'assign': {
      const { value, span, origin, register } = statement;
      if (value === undefined) return { ...behind, body: [statement] };
      if (behind.live.has(register)) return kept(statement, behind, register);
      if (isPure(value)) return dropped;
      return usedStatement(
        { kind: 'evaluate', value, span, ...(origin && { origin }) },
        asked,
        behind,
      );
    }
    case 'evaluate': {
      const read = locationRead(statement);
      if (isPure(statement.value) || (read !== undefined && !asked(read))) return dropped;
      return kept(statement, behind);
    }
    case 'if':
      return usedBranches(statement, asked, behind);
    case 'while':
      return keptLoop(statement, behind);
    case 'store':
    case 'lock':
    case 'rcu':
    case 'srcu':
      return kept(statement, behind);
  }
}

function kept(statement: Statement, { live, isFollowed }: Behind, assigned?: string): Used {
  const registers = expressionsOf(statement).flatMap(registersOf);
  const others = [...live].filter((name) => name !== assigned);
  return {
    body: [statement],
    live: new Set([...others, ...registers]),
    isFollowed: isFollowed || makesEvents(statement),
  };
}

function usedBranches(
  statement: Statement & { readonly kind: 'if' },
  asked: (location: LocationName) => boolean,
  behind: Behind,
): Used {
  const then = usedOf(statement.then, asked, behind);
  const otherwise = usedOf(statement.otherwise, asked, behind);
  if (then.body.length + otherwise.body.length === 0 && isPure(statement.condition))
    return { ...behind, body: [] };
  return {
    // biome-ignore lint/suspicious/noThenProperty: the name that branches have in programs.
    body: [{ ...statement, then: then.body, otherwise: otherwise.body }],
    live: new Set([...then.live, ...otherwise.live, ...registersOf(statement.condition)]),
    isFollowed: then.isFollowed || otherwise.isFollowed || !isPure(statement.condition),
  };
}

/** A loop stays as it is. */
function keptLoop(statement: Statement, { live }: Behind): Used {
  const registers = everyStatement([statement]).flatMap(expressionsOf).flatMap(registersOf);
  return { body: [statement], live: new Set([...live, ...registers]), isFollowed: true };
}

/** What is left, and the location that was read last for nothing, where nothing has happened since. */
interface Left {
  readonly body: readonly Statement[];
  readonly fresh: ReadonlySet<LocationName>;
}

const NO_READ: ReadonlySet<LocationName> = new Set();

function withoutRepeatedReads(body: readonly Statement[], before: ReadonlySet<LocationName>): Left {
  let fresh = before;
  const left: Statement[] = [];
  for (const statement of body) {
    const read = locationRead(statement);
    if (read !== undefined) {
      if (fresh.has(read)) continue;
      fresh = new Set([read]);
    } else if (statement.kind !== 'if' && makesEvents(statement)) fresh = NO_READ;
    const start = fresh;
    const ends: ReadonlySet<LocationName>[] = [];
    left.push(
      withParts(
        statement,
        (expression) => expression,
        (branch) => {
          const found = withoutRepeatedReads(branch, start);
          if (branch.at(-1)?.kind !== 'stop') ends.push(found.fresh);
          return found.body;
        },
      ),
    );
    if (statement.kind === 'if') fresh = common(ends);
  }
  return { body: left, fresh };
}

function common(sets: readonly ReadonlySet<LocationName>[]): ReadonlySet<LocationName> {
  const [first, ...others] = sets;
  return new Set([...(first ?? [])].filter((each) => others.every((other) => other.has(each))));
}

/** The location that a statement does nothing but read, without order and for nothing. */
function locationRead(statement: Statement): LocationName | undefined {
  if (statement.kind !== 'evaluate' || statement.value.kind !== 'load') return undefined;
  const { order, tag, address } = statement.value;
  if (tag !== undefined || (order !== 'once' && order !== 'plain')) return undefined;
  return address.kind === 'value' && address.value.kind === 'address'
    ? address.value.of
    : undefined;
}

/** Whether a statement that is no branch does more than compute. */
function makesEvents(statement: Statement): boolean {
  const computes = statement.kind === 'assign' || statement.kind === 'declare';
  return !computes || !expressionsOf(statement).every(isPure);
}
