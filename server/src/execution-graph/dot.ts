/** A picture of an execution in Graphviz's language, for those who lay out and print their own. */

import { printable } from '../text/printable.ts';
import type { EdgeFamily, ExecutionGraph } from './graph.ts';

/** Graphviz's colour names as in the kernel's herd configuration. */
const COLOURS: Readonly<Record<EdgeFamily, string>> = {
  po: 'black',
  rf: 'red',
  co: 'blue',
  fr: 'darkorange',
  fence: 'darkgreen',
  dependency: 'indigo',
  rmw: 'saddlebrown',
  derived: 'indigo',
};

/** The picture as a `digraph`: a cluster per thread, events in program order from top to bottom. */
export function dot(graph: ExecutionGraph, name: string): string {
  const clusters = graph.columns.map((column, index) => {
    const nodes = column.nodes.map((node) => {
      const width = node.inCycle ? ' penwidth=2.5' : '';
      return `    e${node.event.index} [label=${quote(node.label)} shape=box${width}];`;
    });
    return [
      `  subgraph cluster_${index} {`,
      `    label=${quote(column.title)};`,
      ...nodes,
      '  }',
    ].join('\n');
  });
  const edges = graph.edges.map((edge) => {
    const attributes = [
      `color=${COLOURS[edge.family]}`,
      ...(edge.family === 'po'
        ? []
        : [`label=${quote(edge.relations.join(' '))}`, 'constraint=false']),
      ...(edge.inCycle ? ['penwidth=3'] : []),
      `fontcolor=${COLOURS[edge.family]}`,
    ];
    return `  e${edge.from} -> e${edge.to} [${attributes.join(' ')}];`;
  });
  return [
    `digraph ${quote(name)} {`,
    '  splines=spline; pad=0.1; fontsize=10;',
    '  node [fontsize=10 height=0.2]; edge [fontsize=9 arrowsize=0.8];',
    `  label=${quote(graph.caption)};`,
    ...clusters,
    ...edges,
    '}',
    '',
  ].join('\n');
}

function quote(text: string): string {
  return `"${printable(text).replace(/\\/g, '\\\\').replace(/"/g, '\\"')}"`;
}
