/** Pictures of executions: what is shown, where it stands, and that both formats are well-formed. */

import { describe, expect, test } from 'vitest';
import { dot } from '../../server/src/execution-graph/dot.ts';
import { executionGraph } from '../../server/src/execution-graph/graph.ts';
import { layout } from '../../server/src/execution-graph/layout.ts';
import { svg } from '../../server/src/execution-graph/svg.ts';
import type { Witness, WitnessEvent } from '../../server/src/memory-model/outcome.ts';

const span = { start: 0, end: 0 };

function event(
  index: number,
  thread: number,
  kind: WitnessEvent['kind'],
  tag: string,
  access?: { location: string; value: string },
): WitnessEvent {
  return { index, thread, kind, tag, span, ...access };
}

/** Message passing with barriers on both sides and the stale read that they forbid. */
const messagePassing: Witness = {
  events: [
    event(0, -1, 'write', 'once', { location: 'x', value: '0' }),
    event(1, -1, 'write', 'once', { location: 'y', value: '0' }),
    event(2, 0, 'write', 'once', { location: 'x', value: '1' }),
    event(3, 0, 'fence', 'wmb'),
    event(4, 0, 'write', 'once', { location: 'y', value: '1' }),
    event(5, 1, 'read', 'once', { location: 'y', value: '1' }),
    event(6, 1, 'fence', 'rmb'),
    event(7, 1, 'read', 'once', { location: 'x', value: '0' }),
  ],
  edges: [
    { relation: 'po', from: 2, to: 3 },
    { relation: 'po', from: 3, to: 4 },
    { relation: 'po', from: 5, to: 6 },
    { relation: 'po', from: 6, to: 7 },
    { relation: 'rf', from: 4, to: 5 },
    { relation: 'rf', from: 0, to: 7 },
    { relation: 'fr', from: 7, to: 2 },
    { relation: 'co', from: 0, to: 2 },
  ],
  final: '1:r0=1; 1:r1=0;',
  forbidden: {
    axiom: 'happens-before',
    cycle: [
      { relation: 'rfe', from: 4, to: 5 },
      { relation: 'rmb', from: 5, to: 7 },
      { relation: 'prop', from: 7, to: 4 },
    ],
  },
};

describe('what a picture shows', () => {
  const graph = executionGraph(messagePassing);

  test('a column per thread, initial writes left out, events named as herd names them', () => {
    expect(graph.columns.map((column) => [column.title, column.nodes.map((n) => n.label)])).toEqual(
      [
        ['P0', ['a: W[once] x=1', 'b: F[wmb]', 'c: W[once] y=1']],
        ['P1', ['d: R[once] y=1', 'e: F[rmb]', 'f: R[once] x=0']],
      ],
    );
  });

  test('the edges of the cycle are marked, those of an execution merely drawn', () => {
    const marked = graph.edges.filter((edge) => edge.inCycle).map((e) => e.relations.join(' '));
    expect(marked).toEqual(['rfe', 'rmb', 'prop']);
    expect(graph.edges.filter((edge) => edge.family === 'fr')).toHaveLength(1);
  });

  test('an initial write appears where the cycle goes through it', () => {
    const through = executionGraph({
      ...messagePassing,
      forbidden: { axiom: 'coherence', cycle: [{ relation: 'co', from: 0, to: 2 }] },
    });
    expect(through.columns[0]).toMatchObject({
      title: 'Init',
      nodes: [{ label: 'a: W[once] x=0' }],
    });
  });

  test('the caption is the axiom of a forbidden execution, the final state of an allowed one', () => {
    expect(graph.caption).toBe('forbidden by happens-before');
    const { forbidden: _, ...allowed } = messagePassing;
    expect(executionGraph(allowed).caption).toBe('1:r0=1; 1:r1=0;');
  });
});

describe('where it stands', () => {
  const placed = layout(executionGraph(messagePassing));

  test('no two boxes overlap and all lie inside the picture', () => {
    for (const [index, a] of placed.nodes.entries()) {
      expect(a.x).toBeGreaterThanOrEqual(0);
      expect(a.x + a.width).toBeLessThanOrEqual(placed.width);
      expect(a.y + a.height).toBeLessThanOrEqual(placed.height);
      for (const b of placed.nodes.slice(index + 1)) {
        const apart =
          a.x + a.width <= b.x ||
          b.x + b.width <= a.x ||
          a.y + a.height <= b.y ||
          b.y + b.height <= a.y;
        expect(apart, `${a.node.label} over ${b.node.label}`).toBe(true);
      }
    }
  });

  test('program order runs downwards in each column', () => {
    for (const thread of [0, 1]) {
      const rows = placed.nodes.filter((n) => n.node.event.thread === thread).map((n) => n.y);
      expect(rows).toEqual([...rows].sort((a, b) => a - b));
    }
  });
});

describe('formats', () => {
  test('SVG is balanced and escapes what locations may hold', () => {
    const odd: Witness = {
      ...messagePassing,
      events: [event(0, 0, 'write', 'once', { location: 'a<b>&"c"', value: '1' })],
      edges: [],
    };
    const text = svg(executionGraph(odd));
    expect(text).toContain('a&lt;b&gt;&amp;&quot;c&quot;');
    const opened = text.match(/<(svg|g|text|defs|marker|style)\b/g)?.length;
    expect(text.match(/<\/(svg|g|text|defs|marker|style)>/g)?.length).toBe(opened);
  });

  test('SVG draws the cycle thick and speaks both themes', () => {
    const text = svg(executionGraph(messagePassing));
    expect(text.match(/<path class="edge \w+ cycle"/g)).toHaveLength(3);
    expect(text).toContain('prefers-color-scheme:dark');
  });

  test('DOT names every event once and keeps the colours of the kernel configuration', () => {
    const text = dot(executionGraph(messagePassing), 'MP "quoted"');
    expect(text).toContain('digraph "MP \\"quoted\\""');
    expect(text.match(/^ {4}e\d+ \[/gm)).toHaveLength(6);
    expect(text).toMatch(/e4 -> e5 \[color=red.*penwidth=3/);
    expect(text).toMatch(/e7 -> e2 \[color=darkorange/);
  });
});
