/** What a claim means where no barrier fits: a call, an access that is only marked, a lock, an operation of unknown order. */

import type { Claim } from '../claims/claim.ts';
import { isOperation } from '../claims/operations.ts';
import type { Access, FunctionFact, Site } from '../facts/file-facts.ts';
import { primitive } from '../kernel/primitives.ts';
import type { Place } from '../text/span.ts';
import { best, fitting, foundAt } from './fitting.ts';
import type { PlacedFunction } from './function-index.ts';
import { refOf } from './orient.ts';
import { type Found, isNear, type Seeker } from './seeker.ts';

/** "pairs with task_work_add() in f()": a call that is no primitive. What orders is inside of it. */
export function callNamed(named: readonly PlacedFunction[], seeker: Seeker): Found | undefined {
  const { from, claim, functions, sides } = seeker;
  const call = claim.primitive;
  if (call === undefined || isOperation(call)) return undefined;
  const home = named.find((placed) => isNear(placed, from) && placed.fact.calls.includes(call));
  if (home === undefined) return undefined;
  const callee = functions.called(call, home.file);
  const fits =
    callee === undefined ? [] : fitting(sides.inFunction(callee.file, callee.fact.name), seeker);
  const foundIn = { file: home.file, function: home.fact.name };
  const via = `its call of ${call}()`;
  if (fits.length > 0) return { ...foundAt(best(fits)), foundIn, via };
  const site = home.fact.callSites.find(({ name }) => name === call);
  const at = site === undefined ? {} : { at: { file: home.file, span: site.span } };
  return { status: 'ordered-otherwise', targets: [], foundIn, via, ...at };
}

/** No barrier fits: the access that is named, a lock, a grace period, or an operation that the kernel's tables do not
 *  have (`dmb()`) may be what is meant. */
export function withoutBarrier({ file, fact }: PlacedFunction, { claim, sides }: Seeker): Found {
  const foundIn = { file, function: fact.name };
  const access = namedAccess(fact, claim);
  if (access !== undefined)
    return otherwise(foundIn, `its ${claim.primitive}()`, { file, span: access.span });
  const sites = sides.inFunction(file, fact.name);
  const locks = sites.filter(
    ({ site }) => site.category === 'lock' || site.category === 'grace-period',
  );
  if (locks.length > 0)
    return {
      ...otherwise(foundIn, `its ${locks[0]!.site.primitive}()`),
      targets: locks.map(refOf),
    };
  const ordering = sites.find(({ site }) => mayBeMeant(site));
  if (ordering !== undefined)
    return otherwise(foundIn, `its ${ordering.site.primitive}()`, {
      file,
      span: ordering.site.span,
    });
  const call = fact.callSites.find(({ name }) => isOperation(name));
  return call === undefined
    ? { status: 'function-has-no-barrier', targets: [], foundIn }
    : otherwise(foundIn, `its ${call.name}()`, { file, span: call.span });
}

/** Whether a site that is no barrier of its own orders anything between CPUs. */
function mayBeMeant({ category, explicit, orders }: Site): boolean {
  if (explicit || category === 'compiler-barrier' || category === 'marked-access') return false;
  return category !== 'rcu-dereference' && (orders.length > 0 || category === 'unlock');
}

function otherwise(foundIn: Found['foundIn'], via: string, at?: Place): Found {
  const status = 'ordered-otherwise';
  return { status, targets: [], ...(foundIn && { foundIn }), via, ...(at && { at }) };
}

/** "WRITE_ONCE() in f()": an access of f that orders nothing, marked as the claim says. */
function namedAccess({ accesses }: FunctionFact, { primitive: name }: Claim): Access | undefined {
  const row = name === undefined ? undefined : primitive(name);
  if (row?.access === undefined || row.explicit || row.orders.some(({ after }) => after === 'all'))
    return undefined;
  const { effect } = row.access;
  return accesses.find((access) => access.effect === effect && access.marking !== 'plain');
}
