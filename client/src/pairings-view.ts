/** The tree *Barrier Pairings*: the barriers of the open files and of their partners', by file, by verdict or by the paths of scenarios; it follows the cursor. */

import type { Event, TextEditor, TreeDataProvider } from 'vscode';
import {
  commands,
  Disposable,
  EventEmitter,
  Range,
  TreeItem,
  TreeItemCollapsibleState,
  Uri,
  window,
  workspace,
} from 'vscode';
import type {
  PairingsBarrier,
  PairingsEntry,
  PairingsView,
} from '../../server/src/lsp/protocol.ts';
import type { Connection } from './connection.ts';

type Order = 'file' | 'verdict' | 'scenario';

/** A file or a verdict with its barriers, a barrier, or a partner of one. */
type Node =
  | { readonly kind: 'group'; readonly name: string; readonly barriers: readonly BarrierNode[] }
  | BarrierNode
  | { readonly kind: 'partner'; readonly entry: PairingsEntry; readonly parent: BarrierNode };

interface BarrierNode {
  readonly kind: 'barrier';
  readonly barrier: PairingsBarrier;
}

/** The most urgent first. */
const GROUPS: readonly PairingsBarrier['group'][] = [
  'warned',
  'unknown',
  'running',
  'needed',
  'not needed',
];

/** The server says so often that something changed; nobody reads faster. */
const PAUSE_MS = 300;

/** So long the cursor rests before the tree follows it: revealing takes the side bar back from a view that was opened meanwhile, as
 *  the call hierarchy. */
const REST_MS = 500;

/** The view while a server runs. */
export function createPairingsView(connection: Connection): Disposable {
  const pairings = createPairings(connection);
  const view = window.createTreeView('barrierlens.pairings', {
    treeDataProvider: pairings.provider,
    showCollapseAll: true,
  });
  pairings.onLoaded(({ warnings, part }) => {
    view.message = part ?? '';
    const tooltip = warnings === 1 ? '1 warning' : `${warnings} warnings`;
    view.badge = warnings === 0 ? undefined : { value: warnings, tooltip };
  });
  const follow = (editor: TextEditor | undefined) => {
    const node = editor === undefined || !view.visible ? undefined : pairings.at(editor);
    if (node !== undefined) void view.reveal(node, { select: true, focus: false });
  };
  let resting: ReturnType<typeof setTimeout> | undefined;
  const followAtRest = (editor: TextEditor) => {
    clearTimeout(resting);
    resting = setTimeout(() => follow(editor), REST_MS);
  };
  connection.onChanged(pairings.changed);
  pairings.changed();
  return Disposable.from(
    view,
    window.onDidChangeTextEditorSelection(({ textEditor }) => followAtRest(textEditor)),
    { dispose: () => clearTimeout(resting) },
    ...(['file', 'verdict', 'scenario'] as const).map((order) =>
      commands.registerCommand(COMMANDS[order], () => {
        pairings.sort(order);
        follow(window.activeTextEditor);
      }),
    ),
  );
}

const COMMANDS: Readonly<Record<Order, string>> = {
  file: 'barrierlens.pairingsByFile',
  verdict: 'barrierlens.pairingsByVerdict',
  scenario: 'barrierlens.pairingsByScenario',
};

interface Pairings {
  readonly provider: TreeDataProvider<Node>;
  readonly onLoaded: Event<PairingsView>;
  /** The server has other answers. */
  readonly changed: () => void;
  readonly sort: (order: Order) => void;
  /** The barrier of the line that an editor's cursor is in. */
  readonly at: (editor: TextEditor) => Node | undefined;
}

function createPairings(connection: Connection): Pairings {
  const redrawn = new EventEmitter<undefined>();
  const loaded = new EventEmitter<PairingsView>();
  let groups: readonly Node[] = [];
  let view: PairingsView = { warnings: 0, barriers: [] };
  let order: Order = 'file';
  let timer: NodeJS.Timeout | undefined;

  const draw = () => {
    groups = groupsOf(view.barriers, order);
    redrawn.fire(undefined);
  };
  const load = async () => {
    view = await connection.pairings();
    loaded.fire(view);
    draw();
  };
  return {
    onLoaded: loaded.event,
    changed() {
      clearTimeout(timer);
      timer = setTimeout(() => void load().catch(() => undefined), PAUSE_MS);
    },
    sort(by) {
      order = by;
      draw();
    },
    at({ document, selection }) {
      const uri = document.uri.toString();
      return barriersOf(groups).find(
        ({ barrier }) =>
          Uri.parse(barrier.uri).toString() === uri &&
          barrier.range.start.line === selection.active.line,
      );
    },
    provider: {
      onDidChangeTreeData: redrawn.event,
      getChildren: (node) => (node === undefined ? [...groups] : [...childrenOf(node)]),
      getTreeItem: itemOf,
      getParent: (node) => parentOf(groups, node),
    },
  };
}

/** The groups of which a barrier is, by how they are made. */
const KEYS: Readonly<Record<Order, (barrier: PairingsBarrier) => readonly string[]>> = {
  file: ({ uri }) => [uri],
  verdict: ({ group }) => [group],
  scenario: ({ paths }) => (paths.length === 0 ? ['in no scenario'] : paths),
};

function groupsOf(barriers: readonly PairingsBarrier[], order: Order): readonly Node[] {
  const keysOf = KEYS[order];
  const keys = order === 'verdict' ? GROUPS : new Set(barriers.flatMap(keysOf));
  return [...keys].flatMap((key): readonly Node[] => {
    const own = barriers.filter((each) => keysOf(each).includes(key));
    const name = order === 'file' ? workspace.asRelativePath(Uri.parse(key)) : key;
    const nodes = own.map((barrier) => ({ kind: 'barrier', barrier }) as const);
    return own.length === 0 ? [] : [{ kind: 'group', name, barriers: nodes }];
  });
}

function barriersOf(groups: readonly Node[]): readonly BarrierNode[] {
  return groups.flatMap((group) => (group.kind === 'group' ? group.barriers : []));
}

function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'group':
      return node.barriers;
    case 'barrier':
      return node.barrier.partners.map((entry) => ({ kind: 'partner', entry, parent: node }));
    case 'partner':
      return [];
  }
}

function parentOf(groups: readonly Node[], node: Node): Node | undefined {
  switch (node.kind) {
    case 'group':
      return undefined;
    case 'barrier':
      return groups.find((group) => group.kind === 'group' && group.barriers.includes(node));
    case 'partner':
      return node.parent;
  }
}

function itemOf(node: Node): TreeItem {
  if (node.kind === 'group') {
    const item = new TreeItem(node.name, TreeItemCollapsibleState.Expanded);
    item.description = String(node.barriers.length);
    return item;
  }
  const entry = node.kind === 'barrier' ? node.barrier : node.entry;
  const hasPartners = node.kind === 'barrier' && node.barrier.partners.length > 0;
  const item = new TreeItem(
    `${[...entry.told][0]} ${entry.name}`,
    hasPartners ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.None,
  );
  const line = entry.range.start.line + 1;
  const where = `${workspace.asRelativePath(Uri.parse(entry.uri))}:${line}`;
  item.description = entry.told;
  item.tooltip = `${entry.name}, ${where}\n${entry.told}`;
  item.accessibilityInformation = { label: `${entry.name}, ${entry.told}, line ${line}` };
  const { start, end } = entry.range;
  item.command = {
    title: 'Open',
    command: 'vscode.open',
    arguments: [
      Uri.parse(entry.uri),
      { selection: new Range(start.line, start.character, end.line, end.character) },
    ],
  };
  return item;
}
