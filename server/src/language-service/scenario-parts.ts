/** All that plays scenarios over a tree, loaded when it is asked for: one bundle, for they have the engine in common. */

import { createRuns } from './simulate-found.ts';
import { createSimulation } from './simulate-tree.ts';
import { pageOfTree } from './tree-table.ts';

/** What others load. */
export const scenarioParts = { createRuns, createSimulation, pageOfTree };
