/**
 * A VS Code workbench in a browser, as a user works with it: open, go to, hover, type, look. Every step
 * waits for what it brings about to be seen; nothing sleeps.
 */

import type { Browser, Locator, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { folderUrl } from '../../scripts/editor/server.ts';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The first look at a folder includes the start of the browser and of the extension host. */
const START = 300_000;
/** A step that needs no analysis. */
const STEP = 120_000;
/** A step that waits for what is found in the sources. */
export const ANALYSIS = 240_000;
/** How long something is looked for before the key is pressed again. */
const GLANCE = 3_000;

/** The rows of the Problems panel. */
const MARKERS = '.markers-panel .monaco-list-row';

export interface Workbench {
  readonly page: Page;
  /** Every address outside this machine that the page asked for. */
  readonly outside: ReadonlySet<string>;
  /** Opens a file of the folder by its name and waits until its text is shown. */
  open(name: string): Promise<void>;
  /** Puts the cursor before the first word of a line, counted from 1. */
  goto(line: number): Promise<void>;
  /** Runs a command by its title in the palette. */
  command(title: string): Promise<void>;
  press(keys: string): Promise<void>;
  /** Where the cursor is: `Ln 12, Col 3`. */
  cursor(): Locator;
  /** The tab that is shown, by the name of its file. */
  tab(name: string): Locator;
  /** The text of the hover at the cursor, once it matches. The hover stays. */
  hover(expected: RegExp): Promise<string>;
  /** Follows a link in the hover at the cursor, once its text matches. */
  clickInHover(expected: RegExp, link: string | RegExp): Promise<void>;
  /** A code lens whose text matches, in the part of the file that is shown. */
  lens(expected: RegExp): Locator;
  /** Underlined places in the part of the file that is shown. */
  squiggles(severity: 'error' | 'warning' | 'info' | 'hint'): Locator;
  /** Opens the Problems panel, with the findings that speak of `words` alone: it draws only the rows in sight. */
  showProblems(words: string): Promise<void>;
  /** The rows of the Problems panel that stand for a finding at one of the lines and speak of `words`. */
  finding(lines: readonly number[], words: string): Locator;
  /** Waits for the first such row, looking at every frame: a locator looks twice a second after a while. */
  findingDrawn(lines: readonly number[], words: string): Promise<void>;
  /** The status bar item of the extension. */
  status(): Locator;
  /** Keeps a picture under `test-results/editor/`. */
  picture(path: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens `folder` in the editor at `url`. */
export async function openWorkbench(
  program: string,
  url: string,
  folder: string,
): Promise<Workbench> {
  const browser = await chromium.launch({ executablePath: program, args: FLAGS });
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 } });
  const page = await context.newPage();
  const outside = outsideRequests(page);
  await page.goto(folderUrl(url, folder), { waitUntil: 'domcontentloaded' });
  await page.locator('.monaco-workbench .explorer-viewlet').waitFor({ timeout: START });
  return workbench(browser, page, outside);
}

function outsideRequests(page: Page): ReadonlySet<string> {
  const outside = new Set<string>();
  const note = (address: string) => {
    const { protocol, hostname, origin } = new URL(address);
    const isLocal = ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
    if (/^(?:https?|wss?):$/.test(protocol) && !isLocal && !isWithinPage(hostname))
      outside.add(origin);
  };
  page.on('request', (request) => note(request.url()));
  page.on('websocket', (socket) => note(socket.url()));
  return outside;
}

/** Webviews live under names that the editor's service worker answers itself. */
function isWithinPage(hostname: string): boolean {
  return hostname.endsWith('.vscode-resource.vscode-cdn.net');
}

function workbench(browser: Browser, page: Page, outside: ReadonlySet<string>): Workbench {
  return {
    page,
    outside,
    open: (name) => open(page, name),
    goto: (line) => goto(page, line),
    command: (title) => command(page, title),
    press: (keys) => page.keyboard.press(keys),
    cursor: () => page.locator('#status\\.editor\\.selection'),
    tab: (name) => page.locator('.tab.active', { hasText: name }),
    hover: (expected) => hoverText(page, expected),
    clickInHover: (expected, link) => clickInHover(page, expected, link),
    lens: (expected) =>
      editor(page).locator('.codelens-decoration', { hasText: expected }).filter({ visible: true }),
    squiggles: (severity) => editor(page).locator(`.squiggly-${severity}`),
    showProblems: (words) => showProblems(page, words),
    finding: (lines, words) =>
      page.locator(MARKERS, { hasText: words }).filter({ hasText: atOneOf(lines) }),
    findingDrawn: (lines, words) => findingDrawn(page, lines, words),
    status: () => page.locator('[id="barrierlens.barrierlens.barrierlens.status"]'),
    picture: async (path) => {
      await page.screenshot({ path, animations: 'disabled' });
    },
    close: () => browser.close(),
  };
}

/** The editor that has the focus, or had it last. */
function editor(page: Page): Locator {
  return page.locator('.editor-group-container.active .monaco-editor').first();
}

async function open(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+P');
  await page.locator('.quick-input-widget input').waitFor({ timeout: STEP });
  await page.keyboard.insertText(name);
  // The file search of a folder that was just opened can take a while.
  await page
    .locator(`.quick-input-list .monaco-list-row.focused[aria-label^="${name}"]`)
    .waitFor({ timeout: START });
  await accept(page);
  await page.locator('.tab.active', { hasText: name }).waitFor({ timeout: STEP });
  await editor(page).locator('.view-lines .view-line').first().waitFor({ timeout: STEP });
  await editor(page).locator('.native-edit-context, textarea').first().focus();
}

/** Accepts what the quick input shows, and waits until it is gone: until then it takes the keys that are pressed next. */
async function accept(page: Page): Promise<void> {
  await page.keyboard.press('Enter');
  await page.locator('.quick-input-widget').waitFor({ state: 'hidden', timeout: STEP });
}

async function goto(page: Page, line: number): Promise<void> {
  await page.keyboard.press('Control+G');
  await page.locator('.quick-input-widget input').waitFor({ timeout: STEP });
  await page.keyboard.insertText(`${line}`);
  await accept(page);
  await page
    .locator('#status\\.editor\\.selection', { hasText: new RegExp(`Ln ${line}, Col`) })
    .waitFor({ timeout: STEP });
  await page.keyboard.press('End');
  await page.keyboard.press('Home');
}

function atOneOf(lines: readonly number[]): RegExp {
  return new RegExp(`\\[Ln (?:${lines.join('|')}), Col `);
}

async function findingDrawn(page: Page, lines: readonly number[], words: string): Promise<void> {
  const rows = `[...document.querySelectorAll(${JSON.stringify(MARKERS)})]`;
  const isFinding = `text.includes(${JSON.stringify(words)}) && ${atOneOf(lines)}.test(text)`;
  const drawn = `${rows}.some(({ textContent: text }) => ${isFinding})`;
  await page.waitForFunction(drawn, undefined, { polling: 'raf', timeout: ANALYSIS });
}

/** As a table, a row for each finding: the list draws what is in sight only, and the related places of one would push the others out of it. */
async function showProblems(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Control+Shift+M');
  await page.locator('.markers-panel').waitFor({ timeout: STEP });
  const asTable = page.getByRole('button', { name: 'View as Table' });
  await asTable.or(page.getByRole('button', { name: 'View as Tree' })).waitFor({ timeout: STEP });
  if (await asTable.isVisible()) await asTable.click({ timeout: STEP });
  await page.locator('.viewpane-filter input').fill(words, { timeout: STEP });
}

/** The palette of a command before may still be closing, and take the words with it: then it is opened once more. */
async function command(page: Page, title: string): Promise<void> {
  const row = page.locator('.quick-input-list .monaco-list-row.focused', { hasText: title });
  for (const end = performance.now() + STEP; ; ) {
    await page.keyboard.press('F1');
    await page.locator('.quick-input-widget input').waitFor({ timeout: STEP });
    await page.keyboard.insertText(title);
    try {
      await row.waitFor({ timeout: GLANCE });
      break;
    } catch (error) {
      if (performance.now() > end) throw error;
      await page.keyboard.press('Escape');
    }
  }
  await page.keyboard.press('Enter');
}

/** The editor drops a hover when the lenses around it are laid out anew, so it is asked for again, as a user would. */
async function inHover<Result>(
  page: Page,
  expected: RegExp,
  use: (hover: Locator) => Promise<Result>,
): Promise<Result> {
  const shown = page.locator('.monaco-hover:not(.hidden)', { hasText: expected }).first();
  for (const end = performance.now() + ANALYSIS; ; ) {
    await page.keyboard.press('Control+K');
    await page.keyboard.press('Control+I');
    try {
      await shown.waitFor({ timeout: GLANCE });
      return await use(shown);
    } catch (error) {
      if (performance.now() > end) throw error;
      await page.keyboard.press('Escape');
    }
  }
}

async function hoverText(page: Page, expected: RegExp): Promise<string> {
  return inHover(page, expected, async (hover) => (await hover.textContent()) ?? '');
}

async function clickInHover(page: Page, expected: RegExp, link: string | RegExp): Promise<void> {
  await inHover(page, expected, (hover) =>
    hover.getByRole('link', { name: link }).first().click({ timeout: GLANCE }),
  );
}
