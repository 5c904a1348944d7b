/** What the page of `barrierlens simulate --html` does: steps through an execution on the source of its threads. */

export const PAGE_SCRIPT = `'use strict';
const page = JSON.parse(document.getElementById('page').textContent);
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
    item.append(make('span', each.where + '  ', 'where'), 'P' + each.thread + ': ' + each.message);
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
}

function draw() {
  const { steps, about, without } = execution;
  document.body.classList.toggle('forbidden', isWith());
  element('about').replaceChildren(...(isWith() ? [execution.with] : about).map((text) => make('p', text)));
  const now = steps[step];
  element('count').textContent = now
    ? 'Step ' + (step + 1) + ' of ' + steps.length + ': P' + now.thread + ' ' + now.message
    : 'Nothing to step through';
  element('back').disabled = step === 0;
  element('on').disabled = step >= steps.length - 1;
  [...element('steps').children].forEach((item, number) => {
    if (number === step) item.setAttribute('aria-current', 'step');
    else item.removeAttribute('aria-current');
  });
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

/** Where a thread is: at its last step up to now, else at its first one. */
function threadPanel(thread, now, without) {
  const own = execution.steps.filter((each) => each.thread === thread && each.excerpt !== undefined);
  const done = execution.steps.slice(0, step + 1).filter((each) => own.includes(each));
  const at = done.at(-1) || own[0];
  const panel = make('section', undefined, 'thread' + (now && now.thread === thread ? ' active' : ''));
  const excerpt = at && page.excerpts[at.excerpt];
  const title = make('h3', 'P' + thread + (excerpt ? ': ' + excerpt.title : ''));
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
