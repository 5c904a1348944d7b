/**
 * Loaded into every Node process of the editor (its server, the extension host, the language server):
 * writes down that the process started, and each connection that it opens to another machine.
 */

const { ChildProcess } = require('node:child_process');
const { appendFileSync } = require('node:fs');
const { Socket } = require('node:net');
const { basename } = require('node:path');

const LOCAL = /^(?:localhost|127\.|::1$|::ffff:127\.|0\.0\.0\.0$)/;

const log = process.env.BARRIERLENS_CONNECTIONS;
const program = [process.argv[1] ?? process.title, ...process.argv.slice(2)]
  .map((word) => basename(word))
  .join(' ');

function note(what) {
  if (log !== undefined) appendFileSync(log, `${what}\t${process.pid}\t${program}\n`);
}

note('started');

const connect = Socket.prototype.connect;
Socket.prototype.connect = function recorded(...args) {
  const host = hostOf(args);
  if (host !== undefined && !LOCAL.test(host)) note(`connected to ${host}`);
  return connect.apply(this, args);
};

/** The editor takes NODE_OPTIONS from the processes it starts; this gives them back. */
const spawn = ChildProcess.prototype.spawn;
ChildProcess.prototype.spawn = function recorded(options) {
  const rest = (options.envPairs ?? []).filter((pair) => !pair.startsWith('NODE_OPTIONS='));
  const envPairs = [...rest, `NODE_OPTIONS=--require ${__filename}`];
  return spawn.call(this, { ...options, envPairs });
};

/** The host of `connect(options)`, `connect(port, host)` or Node's own `connect([options, callback])`;
 *  undefined for a socket file, and for a port without a host, which is this machine. */
function hostOf(args) {
  const [first, second] = Array.isArray(args[0]) ? args[0] : args;
  if (first !== null && typeof first === 'object') return first.path ? undefined : first.host;
  return typeof second === 'string' ? second : undefined;
}
