/** Steps through an execution on the source of its threads: the section of a page, how it looks, and what it does. A page has
 *  the executions as JSON in the element `page`; in an editor's view each step also reveals its line. */

import type { PlayerPage } from './player-page.ts';

/** JSON that no text in it can end. */
export function embedded(page: PlayerPage): string {
  return JSON.stringify(page).replaceAll('<', '\\u003c');
}

export const PLAYER_SECTION = `<section aria-labelledby="execution" id="player" tabindex="-1">
<h2 id="execution">Execution</h2>
<div id="about"></div>
<fieldset id="modes"><legend>The barrier</legend>
<label><input type="radio" name="mode" value="without" checked> is gone</label>
<label><input type="radio" name="mode" value="with"> is there</label>
</fieldset>
<p id="keys">Arrow keys step through it, Home and End go to its ends.</p>
<div class="controls">
<button type="button" id="back">Back</button>
<button type="button" id="on">On</button>
<span id="count" role="status"></span>
</div>
<div id="threads"></div>
<h3 id="list">All steps</h3>
<ol id="steps" aria-labelledby="list" tabindex="0"></ol>
</section>`;

/** In the colours that the page gives its variables. */
export const PLAYER_STYLE = `
#player:focus { outline: none; }
[hidden] { display: none !important; }
fieldset { border: 1px solid var(--line); display: inline-block; margin: .5rem 0; }
.controls { display: flex; gap: .5rem; align-items: center; margin: .5rem 0; }
#threads { display: flex; gap: 1rem; }
.thread { flex: 1 1 0; min-width: 0; border: 1px solid var(--line); border-radius: .3rem; }
.thread h3 { margin: 0; padding: .25rem .5rem; background: var(--ground); border-bottom: 1px solid var(--line); }
.thread.active { border-color: var(--focus); }
.source { margin: 0; padding: .25rem 0; max-height: 26rem; overflow: auto; white-space: pre; tab-size: 8; border: 0;
  background: var(--paper); }
.source span { display: block; padding: 0 .5rem; min-width: max-content; }
.source .now { background: var(--now); font-weight: bold; }
.source .last { background: var(--ground); }
.source .gone { text-decoration: line-through; background: var(--gone); }
.source .kept { background: var(--kept); }
#steps { padding-left: 3rem; max-height: 22rem; overflow: auto; }
#steps li { padding: 0 .3rem; }
#steps li[aria-current] { background: var(--now); }
#steps .where { color: var(--soft); }
#steps .gone { text-decoration: line-through; }
.forbidden #steps .gone { text-decoration: none; background: var(--kept); }
#steps .stale { color: var(--stale); }
.forbidden #steps .stale { font-weight: bold; }
.forbidden #steps .stale::after { content: "  not possible with the barrier"; color: var(--ink); }
@media (max-width: 50rem) { #threads { flex-direction: column; } }
.event.now rect { stroke-width: 3; stroke: var(--focus); }
`;

export const PLAYER_SCRIPT = `'use strict';
const page = JSON.parse(document.getElementById('page').textContent);
const shell = typeof acquireVsCodeApi === 'function' ? acquireVsCodeApi() : undefined;
const element = (id) => document.getElementById(id);
let execution = page.executions[0];
let step = 0;

function make(tag, text, name) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (name) made.className = name;
  return made;
}

function isWith() {
  return execution.without.length > 0 && document.querySelector('input[name=mode]:checked').value === 'with';
}

function open(at, moves) {
  execution = page.executions[at];
  step = 0;
  element('execution').textContent = execution.title;
  element('modes').hidden = execution.without.length === 0;
  document.querySelector('input[value=without]').checked = true;
  element('steps').replaceChildren(...execution.steps.map((each, number) => {
    const item = make('li', undefined, each.isStale ? 'stale' : each.isGone ? 'gone' : '');
    item.append(make('span', each.where + '  ', 'where'), threadName(each.thread) + ': ' + each.message);
    item.addEventListener('click', () => go(number));
    return item;
  }));
  draw();
  if (!moves) return;
  element('player').focus({ preventScroll: true });
  element('player').scrollIntoView();
}

function go(to) {
  step = Math.max(0, Math.min(execution.steps.length - 1, to));
  draw();
  const now = execution.steps[step];
  if (shell && now && now.excerpt !== undefined)
    shell.postMessage({ kind: 'reveal', uri: page.excerpts[now.excerpt].file, line: now.line - 1 });
}

function draw() {
  const { steps, about, without } = execution;
  document.body.classList.toggle('forbidden', isWith());
  element('about').replaceChildren(...(isWith() ? [execution.with] : about).map((text) => make('p', text)));
  const now = steps[step];
  element('count').textContent = now
    ? 'Step ' + (step + 1) + ' of ' + steps.length + ': ' + threadName(now.thread) + ' ' + now.message
    : 'Nothing to step through';
  element('back').disabled = step === 0;
  element('on').disabled = step >= steps.length - 1;
  [...element('steps').children].forEach((item, number) => {
    if (number === step) item.setAttribute('aria-current', 'step');
    else item.removeAttribute('aria-current');
  });
  for (const box of document.querySelectorAll('[data-event]'))
    box.classList.toggle('now', now !== undefined && now.event !== undefined && box.dataset.event === String(now.event) && execution === page.executions[0]);
  const list = element('steps');
  const current = list.children[step];
  if (current) list.scrollTop = current.offsetTop - list.offsetTop - list.clientHeight / 2;
  const threads = [...new Set(steps.map(({ thread }) => thread))].sort((a, b) => a - b);
  element('threads').replaceChildren(...threads.map((thread) => threadPanel(thread, now, without)));
  for (const line of document.querySelectorAll('.source .now, .source .last')) {
    const box = line.parentElement;
    box.scrollTop = line.offsetTop - box.offsetTop - box.clientHeight / 2;
  }
}

function threadName(thread) {
  const name = execution.names && execution.names[thread];
  return 'P' + thread + (name ? ' ' + name : '');
}

/** Where a thread is: at its last step up to now, else at its first one. */
function threadPanel(thread, now, without) {
  const own = execution.steps.filter((each) => each.thread === thread && each.excerpt !== undefined);
  const done = execution.steps.slice(0, step + 1).filter((each) => own.includes(each));
  const at = done.at(-1) || own[0];
  const panel = make('section', undefined, 'thread' + (now && now.thread === thread ? ' active' : ''));
  const excerpt = at && page.excerpts[at.excerpt];
  const title = make('h3', threadName(thread) + (excerpt ? ': ' + excerpt.title : ''));
  title.id = 'thread' + thread;
  panel.setAttribute('aria-labelledby', title.id);
  panel.append(title);
  if (!excerpt) return panel;
  const source = make('div', undefined, 'source');
  source.tabIndex = 0;
  source.setAttribute('role', 'group');
  source.setAttribute('aria-label', 'Source of ' + excerpt.title);
  source.append(...excerpt.lines.map((text, number) => {
    const line = excerpt.line + number;
    const marks = [];
    if (done.length > 0 && line === at.line) marks.push(at === now ? 'now' : 'last');
    if (without.some((gone) => gone.excerpt === at.excerpt && gone.line === line)) marks.push(isWith() ? 'kept' : 'gone');
    return make('span', String(line).padStart(5) + '  ' + text, marks.join(' '));
  }));
  panel.append(source);
  return panel;
}

for (const button of document.querySelectorAll('button[data-execution]'))
  button.addEventListener('click', () => open(Number(button.dataset.execution), true));
for (const button of document.querySelectorAll('button[data-ask]'))
  button.addEventListener('click', () => shell.postMessage({ kind: button.dataset.ask }));
for (const mode of document.querySelectorAll('input[name=mode]')) mode.addEventListener('change', draw);
element('back').addEventListener('click', () => go(step - 1));
element('on').addEventListener('click', () => go(step + 1));
const KEYS = {
  ArrowRight: () => step + 1, ArrowDown: () => step + 1,
  ArrowLeft: () => step - 1, ArrowUp: () => step - 1,
  Home: () => 0, End: () => execution.steps.length - 1,
};
element('player').addEventListener('keydown', (event) => {
  const to = KEYS[event.key];
  if (!to || event.altKey || event.ctrlKey || event.metaKey || event.target.type === 'radio') return;
  event.preventDefault();
  go(to());
});
if (execution) open(0, false);
else element('player').hidden = true;
`;
