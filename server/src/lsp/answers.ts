/** Answers the editor's requests from the present snapshot. */

import { basename } from 'node:path';
import {
  type CancellationToken,
  CancellationTokenSource,
  type CodeAction,
  CodeActionKind,
  CodeActionTriggerKind,
  type CodeLens,
  type CompletionItem,
  type Connection,
  type Hover,
  type InlayHint,
  type Location,
  LSPErrorCodes,
  MarkupKind,
  ResponseError,
} from 'vscode-languageserver/node';
import type { Host } from '../language-service/host.ts';
import type { Hover as Found } from '../language-service/hover.ts';
import { markdown, plain } from '../language-service/markup.ts';
import { scenarioTree } from '../language-service/node-scenario-tree.ts';
import { pairingScenario } from '../language-service/pairing-scenario.ts';
import type { Snapshot } from '../language-service/snapshot.ts';
import type { LineIndex } from '../text/line-index.ts';
import type { Span } from '../text/span.ts';
import {
  actionOf,
  completionOf,
  inlayHintOf,
  lensOf,
  lineAddress,
  locationOf,
  rangeOf,
  spanOf,
} from './convert.ts';
import { executionView, tableView } from './execution-page.ts';
import type { Fixing } from './fixing.ts';
import { answerHierarchy } from './hierarchy.ts';
import { pairingsView } from './pairings-view.ts';
import type {
  ClientOptions,
  DetailsView,
  ExecutionView,
  LitmusExport,
  PairingsView,
  SiteParams,
} from './protocol.ts';
import type { Publisher } from './publisher.ts';
import type { ScenarioFiles } from './scenario-files.ts';
import { answerCommands, type At as CommandAt } from './server-commands.ts';
import { askForTable } from './table-thread.ts';
import { pathOf } from './uri.ts';
import type { WrittenTests } from './written-tests.ts';

const MARKUP = markdown(lineAddress);
const NEVER_CANCELLED = new CancellationTokenSource().token;
const DETAILS = plain((file) => file);

interface Asked {
  readonly snapshot: Snapshot;
  readonly path: string;
  readonly lines: LineIndex;
}

interface At {
  readonly textDocument: { readonly uri: string };
  readonly position: { readonly line: number; readonly character: number };
}

/** Who is asked, and what is known of the client. */
interface Questions {
  readonly connection: Connection;
  readonly host: Host;
  readonly flush: () => void;
  readonly fixes: Fixing['fixes'];
  readonly tests: WrittenTests;
  /** The trees around files of which scenarios speak. */
  readonly treesAround: ScenarioFiles['treesAround'];
  /** The open files. */
  readonly open: ReadonlyMap<string, unknown>;
  readonly publisher: Pick<Publisher, 'warnings'>;
  /** What is only read in part, in a sentence. */
  readonly part: () => string | undefined;
  /** Resolves when the user's settings are known. */
  readonly ready: Promise<void>;
  /** What the client can show. */
  readonly shows: () => ClientOptions;
  /** The root of the tree that a file is in. */
  readonly rootOf: (path: string) => Promise<string>;
  /** Whether the client opens a document when it is asked to. */
  readonly showsDocuments: () => boolean;
  /** Whether edits of the client may have tab stops. */
  readonly takesSnippets: () => boolean;
}

type Ask = <Answer>(
  uri: string,
  cancelled: CancellationToken,
  none: Answer,
  answer: (asked: Asked) => Answer | Promise<Answer>,
) => Promise<Answer>;

type OffsetIn = (asked: Asked, at: Pick<At, 'position'>) => number;

/** Registers the requests; `flush` takes edits that wait into the host first. */
export function answerQuestions(parts: Questions): void {
  const { connection, host, flush, shows, tests } = parts;

  const ask: Ask = async (uri, cancelled, none, answer) => {
    await parts.ready;
    if (cancelled.isCancellationRequested)
      throw new ResponseError(LSPErrorCodes.RequestCancelled, 'the request was cancelled');
    flush();
    const snapshot = host.snapshot();
    const path = pathOf(uri);
    const lines = path === undefined ? undefined : snapshot.lines(path);
    return path === undefined || lines === undefined ? none : answer({ snapshot, path, lines });
  };
  const offset: OffsetIn = ({ lines }, { position: { line, character } }) =>
    lines.offset({ line, column: character });

  connection.onHover((at, token) => {
    const written = tests.hover(at.textDocument.uri, at.position);
    if (written !== undefined) return written;
    return ask<Hover | null>(at.textDocument.uri, token, null, (asked) => {
      const { snapshot, path } = asked;
      const found = snapshot.hover(path, offset(asked, at), MARKUP);
      if (found === undefined) return null;
      const value = [found.text, ...linksOf(asked, found, at, shows())].join('\n\n');
      return {
        contents: { kind: MarkupKind.Markdown, value },
        range: rangeOf(snapshot, { file: path, span: found.span }),
      };
    });
  });
  connection.onCodeLens(
    ({ textDocument: { uri } }, token) =>
      tests.lenses(uri) ??
      ask<CodeLens[]>(uri, token, [], ({ snapshot, path }) =>
        snapshot.lenses(path).map((lens) => lensOf(snapshot, path, lens)),
      ),
  );
  connection.languages.inlayHint.on(({ textDocument: { uri }, range }, token) =>
    ask<InlayHint[]>(uri, token, [], ({ snapshot, path, lines }) => {
      const { start, end } = spanOf(lines, range);
      return snapshot
        .inlayHints(path)
        .filter(({ span }) => start <= span.end && span.start <= end)
        .map((lens) => inlayHintOf(snapshot, path, lens));
    }),
  );
  connection.onDefinition((at, token) =>
    ask<Location[]>(at.textDocument.uri, token, [], (asked) =>
      asked.snapshot
        .definition(asked.path, offset(asked, at))
        .map((place) => locationOf(asked.snapshot, place)),
    ),
  );
  connection.onReferences((at, token) =>
    ask<Location[]>(at.textDocument.uri, token, [], (asked) =>
      asked.snapshot
        .references(asked.path, offset(asked, at))
        .map((place) => locationOf(asked.snapshot, place)),
    ),
  );
  connection.onCompletion(
    (at, token) =>
      tests.completions(at.textDocument.uri, at.position) ??
      ask<CompletionItem[]>(at.textDocument.uri, token, [], (asked) =>
        asked.snapshot
          .completions(asked.path, offset(asked, at))
          .map((each, order) => completionOf(asked.snapshot, asked.path, each, order)),
      ),
  );
  connection.onCodeAction(({ textDocument: { uri }, range, context }, token) =>
    ask<CodeAction[]>(uri, token, [], async ({ snapshot, path, lines }) => {
      const { diagnostics, triggerKind } = context;
      const isAsked = triggerKind !== CodeActionTriggerKind.Automatic;
      const span = spanOf(lines, range);
      const actions = [
        ...(await parts.fixes(path, span, isAsked)),
        ...snapshot.actions(path, span),
      ];
      const shown = showAction({ snapshot, path, lines }, uri, span, shows());
      return [
        ...actions.map((action) => actionOf(snapshot, action, diagnostics, parts.takesSnippets())),
        ...shown,
      ];
    }),
  );
  answerOwnRequests({ ...parts, ask, offset });
}

/** Those that are no part of the protocol: see protocol.ts. */
function answerOwnRequests({
  connection,
  host,
  flush,
  ready,
  open,
  publisher,
  treesAround,
  part,
  rootOf,
  showsDocuments,
  tests,
  ask,
  offset,
}: Questions & { readonly ask: Ask; readonly offset: OffsetIn }): void {
  connection.onRequest('barrierlens/execution', ({ uri, position }: SiteParams, token) => {
    const written = tests.execution(uri);
    if (written !== undefined) return written && executionView(written);
    return ask<ExecutionView | null>(uri, token, null, (asked) => {
      const found = asked.snapshot.execution(asked.path, offset(asked, { position }));
      return found === undefined ? null : executionView(found);
    });
  });
  connection.onRequest('barrierlens/table', async ({ uri }: { uri: string }) => {
    await ready;
    flush();
    const path = pathOf(uri);
    const [tree] = path === undefined ? [] : await treesAround([path]);
    const page = tree && (await askForTable(tree));
    return tree === undefined || page === undefined ? null : tableView(page, tree);
  });
  connection.onRequest('barrierlens/pairings', async (): Promise<PairingsView> => {
    await ready;
    flush();
    return pairingsView(host.snapshot(), open.keys(), publisher.warnings(), part());
  });
  connection.onRequest('barrierlens/details', ({ uri, position }: SiteParams, token) =>
    ask<DetailsView | null>(uri, token, null, (asked) => {
      const text = asked.snapshot.details(asked.path, offset(asked, { position }), DETAILS);
      const title = `${basename(asked.path)}:${position.line + 1}`;
      return text === undefined ? null : { title, text: `${text}\n` };
    }),
  );
  const scenario = async ({ snapshot, path, offset }: CommandAt) => {
    const root = await rootOf(path);
    const tree = await scenarioTree(root, snapshot.moment.textOf);
    return pairingScenario(snapshot, path, offset, { root, tree });
  };
  const placeAt = ({ uri, position }: SiteParams, token: CancellationToken) =>
    ask<CommandAt | undefined>(uri, token, undefined, (asked) => ({
      snapshot: asked.snapshot,
      path: asked.path,
      offset: offset(asked, { position }),
    }));
  answerHierarchy({ connection, at: placeAt });
  answerCommands({
    connection,
    at: (site) => placeAt(site, NEVER_CANCELLED),
    execution: tests.execution,
    details: (at) => at.snapshot.details(at.path, at.offset, DETAILS),
    scenario,
    showsDocuments,
  });
  connection.onRequest('barrierlens/scenario', ({ uri, position }: SiteParams, token) =>
    ask<string | null>(uri, token, null, async (asked) => {
      const at = { ...asked, offset: offset(asked, { position }) };
      return (await scenario(at)) ?? null;
    }),
  );
  connection.onRequest('barrierlens/litmus', ({ uri, position }: SiteParams, token) =>
    ask<LitmusExport | null>(uri, token, null, (asked) => {
      return asked.snapshot.litmusTest(asked.path, offset(asked, { position })) ?? null;
    }),
  );
}

/** The action that opens the execution behind a finding or a verdict. */
function showAction(
  { snapshot, path, lines }: Asked,
  uri: string,
  { start }: Span,
  { showsExecutions = false }: ClientOptions,
): readonly CodeAction[] {
  if (!showsExecutions || !snapshot.hasExecution(path, start)) return [];
  const { line, column } = lines.position(start);
  const site: SiteParams = { uri, position: { line, character: column } };
  const title = 'Show the execution';
  const command = { title, command: 'barrierlens.showExecution', arguments: [site] };
  return [{ title, kind: CodeActionKind.QuickFix, command }];
}

/** A line of links to what the hover has no room for. */
function linksOf(
  { snapshot, path }: Asked,
  { span, hasDetails }: Found,
  at: At,
  { showsExecutions = false, showsDetails = false }: ClientOptions,
): readonly string[] {
  const isShowable = showsExecutions && snapshot.hasExecution(path, span.start);
  const links = [
    ...(isShowable ? [linkTo('Show the execution', 'barrierlens.showExecution', at)] : []),
    ...(showsDetails && hasDetails
      ? [linkTo('All that is known', 'barrierlens.showDetails', at)]
      : []),
  ];
  return links.length === 0 ? [] : [links.join(' · ')];
}

/** The link by which a hover shows what stands behind its verdict. */
function linkTo(title: string, command: string, { textDocument: { uri }, position }: At): string {
  const site: SiteParams = { uri, position };
  const target = encodeURIComponent(JSON.stringify([site]));
  return `[${title}](command:${command}?${target})`;
}
