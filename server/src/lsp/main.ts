/** The language server as a process: over IPC, stdio or a socket, as its client starts it. */

import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { nodeFileSystem } from '../disk/node-file-system.ts';
import { createEngine } from '../language-service/node-engine.ts';
import { warmUp } from '../language-service/warm-up.ts';
import { startSession } from './session.ts';

const connection = createConnection(ProposedFeatures.all);

/** An error in one answer must not take the others away: it is logged, the server goes on. */
process.on('uncaughtException', (error) => connection.console.error(error.stack ?? error.message));
process.on('unhandledRejection', (reason) => connection.console.error(String(reason)));

createEngine().then(
  (engine) => {
    warmUp(engine);
    startSession(connection, engine, nodeFileSystem);
    connection.listen();
  },
  (error: unknown) => {
    process.stderr.write(`barrierlens: the C grammar cannot be loaded: ${error}\n`);
    process.exit(1);
  },
);
