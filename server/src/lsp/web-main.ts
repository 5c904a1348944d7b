/** The language server as a worker of a browser: the client hands over what is shipped, is told that the server is there,
 *  and speaks the protocol from then on. Everything runs in this one thread, and nothing is kept. */

import {
  BrowserMessageReader,
  BrowserMessageWriter,
  createConnection,
  ProposedFeatures,
} from 'vscode-languageserver/browser';
import { remember } from '../disk/read-text.web.ts';
import { receive, type Shipped } from '../disk/shipped.web.ts';
import { createEngine } from '../language-service/node-engine.ts';
import { clientFiles } from './client-files.ts';
import type { WorkerReply } from './protocol.ts';
import { startSession } from './session.ts';

/** The worker that this is. */
declare const self: {
  addEventListener(
    kind: 'message',
    listener: (event: { readonly data: Shipped }) => void,
    options: { readonly once: true },
  ): void;
  postMessage(reply: WorkerReply): void;
  close(): void;
};

self.addEventListener('message', ({ data }) => void begin(data), { once: true });

async function begin(shipped: Shipped): Promise<void> {
  try {
    receive(shipped);
    const engine = await createEngine();
    const connection = createConnection(
      ProposedFeatures.all,
      new BrowserMessageReader(self),
      new BrowserMessageWriter(self),
    );
    startSession(connection, engine, clientFiles(connection, remember));
    connection.onExit(() => self.close());
    connection.listen();
    self.postMessage({ kind: 'ready' });
  } catch (error) {
    self.postMessage({ kind: 'failed', why: String(error) });
  }
}
