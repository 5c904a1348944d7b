/** Where everything of a picture stands: columns of boxes, and a curve and a label per edge. */

import type { ExecutionGraph, GraphEdge, GraphNode } from './graph.ts';

/** All measures are in pixels of the unscaled picture. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedNode extends Box {
  readonly node: GraphNode;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A quadratic curve from the border of one box to the border of another. */
export interface PlacedEdge {
  readonly edge: GraphEdge;
  readonly from: Point;
  readonly control: Point;
  readonly to: Point;
  readonly label: Box;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly titles: readonly (Point & { readonly text: string })[];
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

const CHARACTER = 7;
const LABEL_CHARACTER = 6;
const BOX_HEIGHT = 24;
const ROW = 62;
const GAP = 110;
const MARGIN = 24;
const TITLE = 34;

/** Places the columns from left to right, each event under its predecessor in program order. */
export function layout(graph: ExecutionGraph): Layout {
  const titles: (Point & { text: string })[] = [];
  const nodes: PlacedNode[] = [];
  let left = MARGIN;
  let rows = 1;
  for (const column of graph.columns) {
    const width = Math.max(40, ...column.nodes.map((node) => node.label.length * CHARACTER + 16));
    titles.push({ text: column.title, x: left + width / 2, y: MARGIN });
    column.nodes.forEach((node, row) => {
      const own = node.label.length * CHARACTER + 16;
      const x = left + (width - own) / 2;
      nodes.push({ node, x, y: MARGIN + TITLE + row * ROW, width: own, height: BOX_HEIGHT });
    });
    rows = Math.max(rows, column.nodes.length);
    left += width + GAP;
  }
  const placed = new Map(nodes.map((node) => [node.node.event.index, node]));
  const edges = placeEdges(graph.edges, placed);
  const right = Math.max(left - GAP, ...edges.map((edge) => edge.label.x + edge.label.width));
  return {
    width: right + MARGIN,
    height: MARGIN + TITLE + (rows - 1) * ROW + BOX_HEIGHT + MARGIN,
    titles,
    nodes,
    edges,
  };
}

function placeEdges(
  edges: readonly GraphEdge[],
  placed: ReadonlyMap<number, PlacedNode>,
): PlacedEdge[] {
  const taken: Box[] = [...placed.values()];
  return edges.flatMap((edge) => {
    const from = placed.get(edge.from);
    const to = placed.get(edge.to);
    if (from === undefined || to === undefined) return [];
    const curve = route(from, to);
    const label = freeLabel(edge.relations.join(' '), curve, taken);
    taken.push(label);
    return [{ edge, ...curve, label }];
  });
}

interface Curve {
  readonly from: Point;
  readonly control: Point;
  readonly to: Point;
}

/** Between columns and between neighbours a straight line; along a column around the boxes between. */
function route(from: PlacedNode, to: PlacedNode): Curve {
  const sameColumn = from.node.event.thread === to.node.event.thread;
  const rows = Math.abs(to.y - from.y) / ROW;
  if (sameColumn && rows > 1.5) return bow(from, to, rows);
  const start = border(from, centre(to));
  const end = border(to, centre(from));
  return { from: start, control: middle(start, end), to: end };
}

function bow(from: PlacedNode, to: PlacedNode, rows: number): Curve {
  const start = { x: from.x + from.width, y: from.y + from.height / 2 };
  const end = { x: to.x + to.width, y: to.y + to.height / 2 };
  const reach = 24 + 22 * rows;
  return {
    from: start,
    control: { x: Math.max(start.x, end.x) + reach, y: middle(start, end).y },
    to: end,
  };
}

function centre(box: Box): Point {
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

function middle(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

/** Where the line from the centre of `box` to `target` leaves the box. */
function border(box: Box, target: Point): Point {
  const { x, y } = centre(box);
  const dx = target.x - x;
  const dy = target.y - y;
  const across = dx === 0 ? Number.POSITIVE_INFINITY : box.width / 2 / Math.abs(dx);
  const down = dy === 0 ? Number.POSITIVE_INFINITY : box.height / 2 / Math.abs(dy);
  const share = Math.min(across, down);
  return Number.isFinite(share) ? { x: x + dx * share, y: y + dy * share } : { x, y };
}

const POSITIONS: readonly number[] = [0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78];

/** The first place along the curve where the label covers nothing, or its middle. */
function freeLabel(text: string, curve: Curve, taken: readonly Box[]): Box {
  const boxes = POSITIONS.map((share) => labelAt(text, pointOf(curve, share)));
  return boxes.find((box) => !taken.some((other) => overlap(box, other))) ?? boxes[0]!;
}

function labelAt(text: string, at: Point): Box {
  const width = text.length * LABEL_CHARACTER + 6;
  return { x: at.x - width / 2, y: at.y - 7, width, height: 14 };
}

function pointOf({ from, control, to }: Curve, share: number): Point {
  const rest = 1 - share;
  return {
    x: rest * rest * from.x + 2 * rest * share * control.x + share * share * to.x,
    y: rest * rest * from.y + 2 * rest * share * control.y + share * share * to.y,
  };
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
