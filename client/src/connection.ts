/** The running language server, as the rest of the client sees it. */

import type { ExtensionContext } from 'vscode';
import { type LanguageClientOptions, State } from 'vscode-languageclient/node';
import type {
  ClientOptions,
  DetailsView,
  ExecutionView,
  LitmusExport,
  PairingsView,
  SiteParams,
  Status,
} from '../../server/src/lsp/protocol.ts';
import { createClient, fileSchemes } from './server.ts';
import { createStatusView } from './status.ts';

export interface Connection {
  /** The witness of the verdict at a place, or null where there is none. */
  execution(at: SiteParams): Promise<ExecutionView | null>;
  /** The table of the scenarios that speak of a file, or null where none does. */
  table(uri: string): Promise<ExecutionView | null>;
  /** The litmus test behind the verdict at a place, or null where there is none. */
  litmus(at: SiteParams): Promise<LitmusExport | null>;
  /** A scenario to begin with for the barrier at a place and its partner, or null where there is none. */
  scenario(at: SiteParams): Promise<string | null>;
  /** All that is known of the barrier at a place, or null where there is none. */
  details(at: SiteParams): Promise<DetailsView | null>;
  /** The barriers of the open files and of those that pair with them. */
  pairings(): Promise<PairingsView>;
  /** Calls back when answers may have changed. */
  onChanged(changed: () => void): void;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the server and waits until it answers. */
export async function startConnection(context: ExtensionContext): Promise<Connection> {
  const client = createClient(context, options());
  const status = createStatusView();
  const listeners: (() => void)[] = [];
  client.onNotification('barrierlens/status', (params: Status) => {
    status.show(params);
    for (const listener of listeners) listener();
  });
  client.onDidChangeState(({ newState }) => {
    if (newState === State.Stopped) status.gone();
  });
  context.subscriptions.push(client, status);
  await client.start();
  return {
    execution: (at) => client.sendRequest<ExecutionView | null>('barrierlens/execution', at),
    table: (uri) => client.sendRequest<ExecutionView | null>('barrierlens/table', { uri }),
    litmus: (at) => client.sendRequest<LitmusExport | null>('barrierlens/litmus', at),
    scenario: (at) => client.sendRequest<string | null>('barrierlens/scenario', at),
    details: (at) => client.sendRequest<DetailsView | null>('barrierlens/details', at),
    pairings: () => client.sendRequest<PairingsView>('barrierlens/pairings'),
    onChanged: (changed) => void listeners.push(changed),
    async restart() {
      await client.stop();
      await client.start();
    },
    stop: () => client.dispose(),
  };
}

const KNOWN: ClientOptions = { showsExecutions: true, showsDetails: true };

function options(): LanguageClientOptions {
  return {
    initializationOptions: KNOWN,
    documentSelector: fileSchemes().flatMap((scheme) => [
      { scheme, language: 'c' },
      { scheme, language: 'litmus' },
      { scheme, language: 'litmus-scenario' },
      { scheme, language: 'cpp', pattern: '**/*.h' },
    ]),
    markdown: {
      isTrusted: { enabledCommands: ['barrierlens.showExecution', 'barrierlens.showDetails'] },
    },
  };
}
