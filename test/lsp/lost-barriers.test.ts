/**
 * Each barrier of livepatch that is needed, deleted in the buffer and saved so: its partner or the place is warned, the lamp
 * puts it back byte for byte, and then nothing is warned. What is printed is not judged: the machine may be busy.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { CodeAction, Diagnostic, Range } from 'vscode-languageserver/node';
import { median } from '../../scripts/bench-section.ts';
import { LineIndex } from '../../server/src/text/line-index.ts';
import { LOSSES, type Loss } from '../editor/livepatch-sources.ts';
import { livepatchWorkspace, type Workspace } from '../editor/workspace.ts';
import { KERNELS, linuxSource } from '../support/linux-source.ts';
import { type Client, startClient, uriOf } from './support/client.ts';

const FILES = ['core.c', 'patch.c', 'transition.c'];

let opened: { readonly client: Client; readonly workspace: Workspace } | undefined;

afterEach(async () => {
  await opened?.client.close();
  opened?.workspace.remove();
  opened = undefined;
});

for (const { kernel, without } of KERNELS)
  describe.skipIf(linuxSource(kernel) === undefined)(`Linux ${kernel} (${without})`, () => {
    test('lost, found, put back', async () => {
      const workspace = livepatchWorkspace(linuxSource(kernel)!);
      const client = await startClient(workspace.folder);
      opened = { client, workspace };
      for (const name of FILES) {
        const path = join(workspace.folder, name);
        await client.open(path, readFileSync(path, 'utf8'));
      }
      await quiet(workspace.folder);
      for (const how of ['unsaved', 'saved'] as const) {
        const times: number[] = [];
        for (const loss of LOSSES[kernel].filter(({ isRedundant }) => isRedundant !== true)) {
          times.push(await lostAndPutBack(workspace.folder, loss, how === 'saved'));
          console.log(`${kernel}, ${how}: ${nameOf(loss)}: ${Math.round(times.at(-1)!)} ms`);
        }
        console.log(`${kernel}, ${how}: median ${Math.round(median(times))} ms`);
      }
    });
  });

function nameOf({ lost: { file, line, function: name } }: Loss): string {
  return `${file}:${line} ${name}()`;
}

/** Takes the line away, and how long it takes until somebody is warned of it, in milliseconds. */
async function lostAndPutBack(folder: string, loss: Loss, isSaved: boolean): Promise<number> {
  const { client } = opened!;
  const path = join(folder, loss.lost.file);
  const text = client.textOf(path);
  const line = `${text.split('\n')[loss.lost.line - 1]}\n`;
  const start = new LineIndex(text).offset({ line: loss.lost.line - 1, column: 0 });
  const begun = performance.now();
  await client.replace(path, { start, end: start + line.length }, '');
  if (isSaved) await save(path);
  const found = () => findings(folder).find((each) => isOf(each, loss));
  await client.until(() => found() !== undefined);
  const time = performance.now() - begun;

  const fix = await putBackAt(folder, () => found()!);
  expect(Object.keys(fix.edit!.changes!)).toEqual([uriOf(path)]);
  for (const { range, newText } of fix.edit!.changes![uriOf(path)]!)
    await client.replace(path, spanOf(client.textOf(path), range), newText);
  expect(client.textOf(path)).toBe(text);
  if (isSaved) await save(path);
  await quiet(folder);
  return time;
}

/** What is warned, with the file that it is in. */
interface Found extends Diagnostic {
  readonly file: string;
}

function findings(folder: string): readonly Found[] {
  return FILES.flatMap((file) =>
    (opened!.client.diagnostics(join(folder, file)) ?? [])
      .filter(({ severity }) => severity === 1 || severity === 2)
      .map((each) => ({ ...each, file })),
  );
}

/** Whether it stands at a partner, or at the place of the order that is missing, and says what is lost. */
function isOf({ file, range, message }: Found, { lost, left, words }: Loss): boolean {
  const isAt = left.some((barrier) => {
    const isBelow = barrier.file === lost.file && barrier.line > lost.line;
    return barrier.file === file && range.start.line === barrier.line - 1 - (isBelow ? 1 : 0);
  });
  return isAt && String(message).includes(words);
}

/** The lamp at a finding, as soon as it offers to put the line back. */
async function putBackAt(folder: string, found: () => Found): Promise<CodeAction> {
  for (;;) {
    const { file, range, ...finding } = found();
    const actions = (await opened!.client.request('textDocument/codeAction', {
      textDocument: { uri: uriOf(join(folder, file)) },
      range,
      context: { diagnostics: [{ ...finding, range }] },
    })) as readonly CodeAction[];
    const back = actions.find(({ title }) => /^Put back .*: forbidden after this$/.test(title));
    if (back !== undefined) return back;
    await setTimeout(20);
  }
}

/** Resolves when nothing is warned and every scenario has answered for the present texts. */
async function quiet(folder: string): Promise<void> {
  const { client } = opened!;
  const isStale = async (name: string) => {
    const textDocument = { uri: uriOf(join(folder, name)) };
    const lenses = await client.request('textDocument/codeLens', { textDocument });
    return !/needed on/.test(JSON.stringify(lenses)) || /stale/.test(JSON.stringify(lenses));
  };
  for (;;) {
    const stale = await Promise.all(FILES.map(isStale));
    if (findings(folder).length === 0 && !stale.includes(true)) return;
    await setTimeout(20);
  }
}

async function save(path: string): Promise<void> {
  const { client } = opened!;
  writeFileSync(path, client.textOf(path));
  const textDocument = { uri: uriOf(path) };
  await client.connection.sendNotification('textDocument/didSave', { textDocument });
}

function spanOf(text: string, { start, end }: Range) {
  const lines = new LineIndex(text);
  return {
    start: lines.offset({ line: start.line, column: start.character }),
    end: lines.offset({ line: end.line, column: end.character }),
  };
}
