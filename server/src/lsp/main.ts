#!/usr/bin/env node
/** The language server as a process: over IPC, stdio, a socket or a pipe, as its client starts it. */

import { setFlagsFromString } from 'node:v8';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { type Cache, userCache } from '../disk/cache.ts';
import { nodeFileSystem } from '../disk/node-file-system.ts';
import { cachedEngine, type Memory } from '../language-service/cached-engine.ts';
import { createEngine } from '../language-service/node-engine.ts';
import { warmUp } from '../language-service/warm-up.ts';
import { withLifecycle } from './lifecycle.ts';
import { startSession } from './session.ts';
import { transportOf } from './transport.ts';

/** How long what the client said before it went may still be answered. */
const LAST_ANSWERS_MS = 100;

/** A heap may grow by half of what is alive in it before it is swept: without more said to several times that, in each thread. */
setFlagsFromString('--heap-growing-percent=50');

const transport = transportOf(process.argv.slice(2));
if (transport === undefined)
  end(2, 'one of --stdio, --node-ipc, --socket=PORT, --pipe=NAME is needed');
const lifecycle = withLifecycle(transport);
const connection = createConnection(ProposedFeatures.all, lifecycle.reader, lifecycle.writer);

/** A client that has gone is not waited for, nor one whose bytes are no messages. */
const gone = () => setTimeout(() => process.exit(lifecycle.isShut() ? 0 : 1), LAST_ANSWERS_MS);
lifecycle.reader.onClose(gone);
lifecycle.reader.onError(({ message }) => end(1, `no message can be read: ${message}`));
lifecycle.writer.onError(gone);
process.on('disconnect', gone);
process.stdout.on('error', gone);

/** An error in one answer must not take the others away: it is logged, the server goes on. */
process.on('uncaughtException', (error) => log(error.stack ?? error.message));
process.on('unhandledRejection', (reason) => log(String(reason)));

createEngine().then(
  (engine) => {
    warmUp(engine);
    startSession(connection, cachedEngine(engine, keepingVerdicts(userCache())), nodeFileSystem);
    connection.listen();
  },
  (error: unknown) => end(1, `the C grammar cannot be loaded: ${error}`),
);

/** The facts of a text that is being edited are not kept: each letter makes others. */
function keepingVerdicts({ get, put }: Cache): Memory {
  return { get, put: (key, value) => (key[0] === 'verdict' ? put(key, value) : undefined) };
}

function log(message: string): void {
  try {
    connection.console.error(message);
  } catch {
    process.stderr.write(`${message}\n`);
  }
}

function end(status: number, message: string): never {
  process.stderr.write(`barrierlens: ${message}\n`);
  process.exit(status);
}
