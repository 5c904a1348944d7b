/** What is a command of the VS Code extension, for clients that have none of their own: by `workspace/executeCommand`. */

import {
  type Connection,
  LSPErrorCodes,
  ResponseError,
  type ServerCapabilities,
  ShowDocumentRequest,
} from 'vscode-languageserver/node';
import type { Execution } from '../language-service/execution.ts';
import type { PlayerPage, ThreadNames } from '../language-service/player-page.ts';
import type { Snapshot } from '../language-service/snapshot.ts';
import type { PartnerArguments, SiteParams } from './protocol.ts';

/** The commands: each takes a place `{ uri, position }`, as a hover does, but that of a lens, which has its own arguments. */
const COMMANDS = [
  'barrierlens.showDetails',
  'barrierlens.showExecution',
  'barrierlens.exportLitmus',
  'barrierlens.openScenario',
  'barrierlens.showPartners',
] as const;

type Command = (typeof COMMANDS)[number];

/** For a client without commands of its own; in one that has them the two would have one name. */
export const COMMAND_CAPABILITY: Pick<ServerCapabilities, 'executeCommandProvider'> = {
  executeCommandProvider: { commands: [...COMMANDS] },
};

/** An execution for a client without a view for it. */
export interface ToldExecution {
  readonly title: string;
  /** All steps, a line each. */
  readonly text: string;
  /** An SVG document, where there is a picture. */
  readonly picture?: string;
}

/** What a place is asked in. */
export interface At {
  readonly snapshot: Snapshot;
  readonly path: string;
  readonly offset: number;
}

/** Who is asked, and what the client can do. */
export interface CommandParts {
  readonly connection: Connection;
  /** The text and place that a command is about; none where the file is not known. */
  readonly at: (site: SiteParams) => Promise<At | undefined>;
  /** What a litmus test comes to; undefined of other files. */
  readonly execution: (uri: string) => Execution | null | undefined;
  readonly details: (at: At) => string | undefined;
  readonly scenario: (at: At) => Promise<string | undefined>;
  readonly showsDocuments: () => boolean;
}

/** Answers the commands: with a text, an execution, the partners' places, or null where there is nothing to tell. */
export function answerCommands({
  connection,
  at,
  execution,
  details,
  scenario,
  showsDocuments,
}: CommandParts): void {
  const answers: { readonly [Name in Exclude<Command, 'barrierlens.showPartners'>]: Answer } = {
    'barrierlens.showDetails': (place) => details(place) ?? null,
    'barrierlens.exportLitmus': ({ snapshot, path, offset }) =>
      snapshot.litmusTest(path, offset)?.text ?? null,
    'barrierlens.openScenario': async (place) => (await scenario(place)) ?? null,
    'barrierlens.showExecution': ({ snapshot, path, offset }) => {
      const found = snapshot.execution(path, offset);
      return found === undefined ? null : toldExecution(found.page, found.picture);
    },
  };
  connection.onExecuteCommand(async ({ command, arguments: given = [] }) => {
    if (command === 'barrierlens.showPartners') {
      if (!isPartners(given)) throw badArguments(command);
      const [, partners] = given;
      if (showsDocuments() && partners[0] !== undefined)
        await connection.sendRequest(ShowDocumentRequest.type, {
          uri: partners[0].uri,
          takeFocus: true,
          selection: partners[0].range,
        });
      return partners;
    }
    if (!Object.hasOwn(answers, command)) throw badArguments(command);
    if (!isSite(given[0])) throw badArguments(command);
    const written = command === 'barrierlens.showExecution' ? execution(given[0].uri) : undefined;
    if (written !== undefined) return written && toldExecution(written.page, written.picture);
    const place = await at(given[0]);
    return place === undefined ? null : answers[command as keyof typeof answers](place);
  });
}

type Told = string | ToldExecution | null;
type Answer = (place: At) => Told | Promise<Told>;

function badArguments(command: string): ResponseError<void> {
  return new ResponseError(
    LSPErrorCodes.RequestFailed,
    `${command} takes a place as its argument: { uri, position }`,
  );
}

function toldExecution({ executions }: PlayerPage, picture: string | undefined): ToldExecution {
  const lines = executions.map(({ title, about, names = {}, steps }) =>
    [
      title,
      ...about.map((each) => `  ${each}`),
      ...steps.map(
        ({ thread, where, message }) => `  ${called(thread, names)}  ${where}  ${message}`,
      ),
    ].join('\n'),
  );
  const { title } = executions[0]!;
  return { title, text: `${lines.join('\n\n')}\n`, ...(picture !== undefined && { picture }) };
}

function isSite(value: unknown): value is SiteParams {
  const { uri, position } = (value ?? {}) as Partial<SiteParams>;
  return (
    typeof uri === 'string' &&
    Number.isInteger(position?.line) &&
    Number.isInteger(position?.character)
  );
}

function isPartners(given: readonly unknown[]): given is PartnerArguments {
  return isSite(given[0]) && Array.isArray(given[1]);
}

function called(thread: number, names: ThreadNames): string {
  const name = names[thread];
  return name === undefined ? `P${thread}` : `P${thread} ${name}`;
}
