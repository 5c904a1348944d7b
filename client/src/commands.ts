/** The commands that a user, a code lens or a hover link can call. */

import type { Disposable } from 'vscode';
import {
  commands,
  Location,
  Position,
  ProgressLocation,
  Range,
  Uri,
  ViewColumn,
  window,
  workspace,
} from 'vscode';
import type { PartnerArguments, ProtocolRange, SiteParams } from '../../server/src/lsp/protocol.ts';
import type { Connection } from './connection.ts';
import { provideDetails, showDetails } from './details-view.ts';
import { showExecution } from './execution-view.ts';

/** Registers the commands that ask the server something; `connected` starts it where it does not run. */
export function registerCommands(connected: () => Promise<Connection>): readonly Disposable[] {
  return [
    provideDetails(),
    commands.registerCommand('barrierlens.showExecution', async (given?: SiteParams) => {
      const at = given ?? cursor();
      if (at === undefined) return;
      const view = await (await connected()).execution(at);
      if (view === null) tellNothingThere();
      else showExecution(view, at);
    }),
    commands.registerCommand('barrierlens.showTable', async () => {
      const at = cursor();
      if (at !== undefined) await showTable(await connected(), at);
    }),
    commands.registerCommand('barrierlens.exportLitmus', async (given?: SiteParams) => {
      const at = given ?? cursor();
      if (at === undefined) return;
      const test = await (await connected()).litmus(at);
      if (test === null) tellNothingThere();
      else await openText('litmus', test.text);
    }),
    commands.registerCommand('barrierlens.openScenario', async (given?: SiteParams) => {
      const at = given ?? cursor();
      if (at === undefined) return;
      const text = await (await connected()).scenario(at);
      if (text === null) tellNothingThere();
      else await openText('litmus-scenario', text);
    }),
    commands.registerCommand('barrierlens.showDetails', async (given?: SiteParams) => {
      const at = given ?? cursor();
      if (at === undefined) return;
      const view = await (await connected()).details(at);
      if (view === null) tellNothingThere();
      else await showDetails(view);
    }),
    commands.registerCommand('barrierlens.showPartners', showPartners),
  ];
}

/** It is simulated anew, which takes some seconds. */
async function showTable(connection: Connection, at: SiteParams): Promise<void> {
  const view = await window.withProgress(
    { location: ProgressLocation.Window, title: 'BarrierLens: simulating the scenarios' },
    () => connection.table(at.uri),
  );
  if (view !== null) showExecution(view, at, 'table');
  else
    void window.showInformationMessage(
      'BarrierLens: there is no scenario that speaks of this file.',
    );
}

function cursor(): SiteParams | undefined {
  const editor = window.activeTextEditor;
  if (editor === undefined) return undefined;
  const { line, character } = editor.selection.active;
  return { uri: editor.document.uri.toString(), position: { line, character } };
}

function tellNothingThere(): void {
  void window.showInformationMessage(
    'BarrierLens: there is no barrier with a verdict at this place.',
  );
}

/** A new unsaved document, so that the user decides where the test goes. */
async function openText(language: string, content: string): Promise<void> {
  const document = await workspace.openTextDocument({ language, content });
  await window.showTextDocument(document, ViewColumn.Beside);
}

/** Goes to the only partner, or lists them beside the barrier. */
async function showPartners(...[at, partners]: PartnerArguments): Promise<void> {
  await commands.executeCommand(
    'editor.action.goToLocations',
    Uri.parse(at.uri),
    new Position(at.position.line, at.position.character),
    partners.map(({ uri, range }) => new Location(Uri.parse(uri), rangeOf(range))),
    'gotoAndPeek',
    'This barrier has no partner.',
  );
}

function rangeOf({ start, end }: ProtocolRange): Range {
  return new Range(start.line, start.character, end.line, end.character);
}
