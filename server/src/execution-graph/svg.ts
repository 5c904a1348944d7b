/** A picture of an execution as SVG that is readable on dark and on light ground. */

import { printable } from '../text/printable.ts';
import type { EdgeFamily, ExecutionGraph } from './graph.ts';
import { layout, type PlacedEdge, type PlacedNode } from './layout.ts';

/** Colours on light and on dark ground; the hues are those of the kernel's herd configuration. */
const COLOURS: Readonly<Record<EdgeFamily, readonly [light: string, dark: string]>> = {
  po: ['#6e6e6e', '#9a9a9a'],
  rf: ['#d00000', '#ff6b6b'],
  co: ['#0000d0', '#7aa2ff'],
  fr: ['#c46200', '#ffa64d'],
  fence: ['#006400', '#5fd35f'],
  dependency: ['#4b0082', '#c9a0ff'],
  rmw: ['#8b4513', '#d8a070'],
  derived: ['#4b0082', '#c9a0ff'],
};

/** The picture as a standalone SVG document. Every event's box has the attribute `data-event` with
 *  its index, so that a viewer can join it to the source line. */
export function svg(graph: ExecutionGraph): string {
  const { width, height, titles, nodes, edges } = layout(graph);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${round(height + 20)}" ` +
      `width="${round(width)}" height="${round(height + 20)}" role="img" aria-label="${xml(graph.caption === '' ? 'The execution' : graph.caption)}">`,
    `<style>${style()}</style>`,
    `<defs>${families().map(arrowHead).join('')}</defs>`,
    ...titles.map(
      ({ text, x, y }) => `<text class="title" x="${round(x)}" y="${round(y)}">${text}</text>`,
    ),
    ...edges.map(drawEdge),
    ...nodes.map(drawNode),
    ...edges.map(drawLabel),
    `<text class="caption" x="${round(width / 2)}" y="${round(height + 6)}">${xml(graph.caption)}</text>`,
    '</svg>',
    '',
  ].join('\n');
}

function families(): EdgeFamily[] {
  return Object.keys(COLOURS) as EdgeFamily[];
}

/** An editor's webview names its theme on the body; elsewhere the system's preference decides. */
function style(): string {
  const theme = (index: 0 | 1): string =>
    [
      `--ground:${index === 0 ? '#ffffff' : '#1e1e1e'}`,
      `--ink:${index === 0 ? '#1b1b1b' : '#e4e4e4'}`,
    ]
      .concat(families().map((family) => `--${family}:${COLOURS[family][index]}`))
      .join(';');
  return [
    `svg{${theme(0)};background:var(--ground);font:12px ui-monospace,Menlo,Consolas,monospace}`,
    `@media (prefers-color-scheme:dark){svg{${theme(1)}}}`,
    `body.vscode-light svg{${theme(0)}}`,
    `body.vscode-dark svg,body.vscode-high-contrast svg{${theme(1)}}`,
    'text{fill:var(--ink);text-anchor:middle;dominant-baseline:central}',
    '.title{font-weight:bold}.caption{font-style:italic}',
    '.event rect{fill:var(--ground);stroke:var(--ink);stroke-width:1}',
    '.event.cycle rect{stroke-width:2.5}',
    'path.edge{fill:none;stroke-width:1.2}path.cycle{stroke-width:3}',
    '.label rect{fill:var(--ground)}.label text{font-size:10.5px}',
    ...families().map(
      (family) =>
        `path.${family}{stroke:var(--${family})}.label.${family} text,marker .${family}{fill:var(--${family})}`,
    ),
  ].join('');
}

function arrowHead(family: EdgeFamily): string {
  return (
    `<marker id="head-${family}" viewBox="0 0 8 8" refX="7" refY="4" markerUnits="userSpaceOnUse" ` +
    `markerWidth="9" markerHeight="9" orient="auto"><path class="${family}" d="M0,0L8,4L0,8z"/></marker>`
  );
}

function drawEdge({ edge, from, control, to }: PlacedEdge): string {
  const path = `M${round(from.x)},${round(from.y)}Q${round(control.x)},${round(control.y)} ${round(to.x)},${round(to.y)}`;
  const cycle = edge.inCycle ? ' cycle' : '';
  return `<path class="edge ${edge.family}${cycle}" d="${path}" marker-end="url(#head-${edge.family})"/>`;
}

function drawLabel({ edge, label }: PlacedEdge): string {
  if (edge.family === 'po') return '';
  const x = round(label.x + label.width / 2);
  const y = round(label.y + label.height / 2);
  return (
    `<g class="label ${edge.family}"><rect x="${round(label.x)}" y="${round(label.y)}" ` +
    `width="${round(label.width)}" height="${round(label.height)}"/>` +
    `<text x="${x}" y="${y}">${xml(edge.relations.join(' '))}</text></g>`
  );
}

function drawNode({ node, x, y, width, height }: PlacedNode): string {
  return (
    `<g class="event${node.inCycle ? ' cycle' : ''}" data-event="${node.event.index}">` +
    `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${height}" rx="3"/>` +
    `<text x="${round(x + width / 2)}" y="${round(y + height / 2)}">${xml(node.label)}</text></g>`
  );
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function xml(text: string): string {
  return printable(text).replace(
    /[&<>"]/g,
    (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c,
  );
}
