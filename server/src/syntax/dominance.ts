/** Which steps are on all ways: dominators and post-dominators of a control flow. */

import type { ControlFlow } from './control-flow.ts';

/** For each step the nearest other step that every way from the entry to it passes; undefined for the
 *  entry and for an exit that cannot be reached. Back edges count as ways. */
export function dominators({ steps }: ControlFlow): readonly (number | undefined)[] {
  const successors = steps.map((step) => step.successors.map(({ to }) => to));
  return nearest(successors, reversed(successors), 0);
}

/** For each step the nearest other step that every way from it to the exit passes; undefined for the exit
 *  and for steps from which it cannot be reached (an endless loop). */
export function postDominators({ steps, exit }: ControlFlow): readonly (number | undefined)[] {
  const successors = steps.map((step) => step.successors.map(({ to }) => to));
  return nearest(reversed(successors), successors, exit);
}

type Graph = readonly (readonly number[])[];

function reversed(graph: Graph): Graph {
  const result: number[][] = graph.map(() => []);
  for (const [from, targets] of graph.entries()) for (const to of targets) result[to]!.push(from);
  return result;
}

/** Cooper, Harvey, Kennedy, "A Simple, Fast Dominance Algorithm" (2001), figure 3. */
function nearest(forward: Graph, backward: Graph, root: number): readonly (number | undefined)[] {
  const sequence = reversePostorder(forward, root);
  const rank = new Map(sequence.map((node, index) => [node, index]));
  const found = new Map([[root, root]]);
  const meet = (one: number, other: number): number => {
    let [first, second] = [one, other];
    while (first !== second) {
      if (rank.get(first)! > rank.get(second)!) first = found.get(first)!;
      else second = found.get(second)!;
    }
    return first;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (const node of sequence) {
      if (node === root) continue;
      const known = backward[node]!.filter((from) => found.has(from));
      const best = known.reduce(meet);
      if (found.get(node) === best) continue;
      found.set(node, best);
      changed = true;
    }
  }
  return forward.map((_, node) => (node === root ? undefined : found.get(node)));
}

function reversePostorder(graph: Graph, root: number): number[] {
  const postorder: number[] = [];
  const seen = new Set([root]);
  const stack = [{ node: root, next: 0 }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const to = graph[top.node]![top.next];
    top.next += 1;
    if (to === undefined) {
      postorder.push(top.node);
      stack.pop();
    } else if (!seen.has(to)) {
      seen.add(to);
      stack.push({ node: to, next: 0 });
    }
  }
  return postorder.reverse();
}
