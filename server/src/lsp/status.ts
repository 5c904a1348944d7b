/** What the server is doing and what is missing, as the client shows it: no "current" while anything is missing or warned. */

import type { SiteAnswer } from '../language-service/site-answer.ts';
import type { Snapshot } from '../language-service/snapshot.ts';
import type { Announcements } from './announcements.ts';
import { later } from './later.ts';
import type { Status } from './protocol.ts';

export interface StatusBoard {
  /** So many C files are read, of `total` where that is known; nothing where reading has ended. */
  readonly reading: (files?: { readonly read: number; readonly total?: number }) => void;
  /** So many pairings of the open files wait for their proof. */
  readonly proving: (left: number) => void;
  readonly simulating: (isRunning: boolean) => void;
  /** What scenarios do not answer for the present texts, in sentences. */
  readonly unanswered: (messages: readonly string[]) => void;
  /** What was left out or has failed, in a sentence; said until the session ends. */
  readonly trouble: (message: string) => void;
  /** Answers may have changed. */
  readonly changed: () => void;
  /** More files were read, and nobody waits: the answers are looked at. */
  readonly cameMore: () => void;
  readonly stop: () => void;
}

interface Parts {
  readonly announce: Pick<Announcements, 'status'>;
  readonly snapshot: () => Snapshot;
  readonly open: () => Iterable<string>;
  /** How many warnings are shown, in all files. */
  readonly warnings: () => number;
  /** What is only read in part, in a sentence. */
  readonly part: () => string | undefined;
}

/** The work that is under way. */
interface Work {
  readonly reading?: Reading;
  readonly proving: number;
  readonly isSimulating: boolean;
  /** Of open files whose answers nobody has looked at yet. */
  readonly opened?: number;
  /** What is only read in part, in a sentence. */
  readonly part?: string;
}

interface Reading {
  readonly read: number;
  readonly total?: number;
  /** At the pace until now. */
  readonly secondsLeft?: number;
}

/** Shorter than anybody waits for, long enough for a burst of answers. */
const PAUSE_MS = 100;
/** So long nothing has to happen before the answers are looked at. */
const IDLE_MS = 500;
/** Before that the pace of reading says nothing. */
const PACE_MS = 3_000;
/** So much of what went wrong is told. */
const TROUBLES = 5;

/** Nothing is said before something has happened, nor what was said last. */
export function createStatusBoard(parts: Parts): StatusBoard {
  const { announce, snapshot, open, warnings } = parts;
  const troubles = new Set<string>();
  let unanswered: readonly string[] = [];
  let work: Work = { proving: 0, isSimulating: false };
  let answers: readonly SiteAnswer[] = [];
  let looked: ReadonlySet<string> = new Set();
  let readingSince = Date.now();
  let timer: NodeJS.Timeout | undefined;
  let pause: NodeJS.Timeout | undefined;
  let said = '';

  const say = () => {
    timer = undefined;
    if (!isOpen(snapshot(), open())) return;
    const opened = [...open()].filter((path) => !looked.has(path)).length;
    const part = parts.part();
    const status = statusOf(
      { ...work, opened, ...(part !== undefined && { part }) },
      answers,
      warnings(),
      [...unanswered, ...troubles].slice(0, TROUBLES),
    );
    const text = JSON.stringify(status);
    if (text !== said) announce.status(status);
    said = text;
  };

  /** The answers are looked at in a pause alone: who types, or waits for a warning, does not wait for this. */
  const look = () => {
    clearTimeout(pause);
    looked = new Set(open());
    answers = [...looked].flatMap((path) =>
      snapshot()
        .explanations(path)
        .map(({ answer }) => answer),
    );
    say();
  };

  const soon = () => {
    timer ??= later(say, PAUSE_MS);
  };
  const changed = () => {
    clearTimeout(pause);
    pause = later(look, IDLE_MS);
    soon();
  };
  const now = (part: Partial<Work>) => {
    work = { ...work, ...part };
    changed();
  };

  return {
    reading(files) {
      const { reading, ...rest } = work;
      if (reading === undefined) readingSince = Date.now();
      work =
        files === undefined
          ? rest
          : { ...rest, reading: { ...files, ...timeLeft(files, Date.now() - readingSince) } };
      if (files === undefined) changed();
      else soon();
    },
    proving: (left) => now({ proving: left }),
    simulating: (isSimulating) => now({ isSimulating }),
    unanswered(messages) {
      unanswered = messages;
      changed();
    },
    trouble(message) {
      troubles.add(message);
      changed();
    },
    changed,
    cameMore: look,
    stop() {
      clearTimeout(timer);
      clearTimeout(pause);
    },
  };
}

function timeLeft({ read, total }: Reading, passed: number): Pick<Reading, 'secondsLeft'> {
  if (total === undefined || total < read || read === 0 || passed < PACE_MS) return {};
  return { secondsLeft: Math.ceil(((total - read) * passed) / read / 1_000) };
}

/** Whether there is anything to say: kernel C is open. */
function isOpen(snapshot: Snapshot, paths: Iterable<string>): boolean {
  return [...paths].some((path) => snapshot.facts(path) !== undefined);
}

/** The status in its few words, and why it is so. */
export function statusOf(
  work: Work,
  answers: readonly SiteAnswer[],
  warnings: number,
  troubles: readonly string[],
): Status {
  const doing = workWords(work);
  const stale = answers.filter((answer) => 'currency' in answer && answer.currency === 'stale');
  const open = answers.filter(({ kind }) => OPEN.has(kind));
  const told = [
    ...doing,
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
    ...(stale.length > 0 ? [`${stale.length} stale`] : []),
    ...(open.length > 0 ? [`${open.length} not known`] : []),
  ];
  const why = [
    ...doing.map((words) => `At work: ${words}.`),
    ...(warnings > 0 ? [`${counted(warnings, 'warning')}: see Problems.`] : []),
    ...(stale.length > 0
      ? [`${counted(stale.length, 'answer')} of the open files are of an earlier text.`]
      : []),
    ...(open.length > 0
      ? [
          `${counted(open.length, 'barrier')} of the open files without an answer: the hover says why.`,
        ]
      : []),
    ...troubles,
    ...(work.part === undefined ? [] : [work.part]),
  ];
  const state = stateOf({ doing, warnings, stale, missing: open.length + troubles.length });
  const known = answers.length - open.length;
  const sum = `${known} of ${counted(answers.length, 'barrier')} of the open files have an answer.`;
  return { state, text: told[0] ?? '', why: [...why, sum] };
}

/** Answers that say nothing of the barrier. */
const OPEN: ReadonlySet<SiteAnswer['kind']> = new Set(['unknown', 'open', 'not-simulated']);

function stateOf(found: {
  readonly doing: readonly string[];
  readonly warnings: number;
  readonly stale: readonly SiteAnswer[];
  readonly missing: number;
}): Status['state'] {
  if (found.doing.length > 0) return 'running';
  if (found.warnings > 0) return 'warned';
  if (found.stale.length > 0) return 'stale';
  return found.missing > 0 ? 'incomplete' : 'current';
}

function workWords({ reading, proving, isSimulating, opened = 0 }: Work): readonly string[] {
  return [
    ...(reading === undefined ? [] : [readingWords(reading)]),
    ...(opened > 0 && reading === undefined ? [`looking at ${counted(opened, 'open file')}`] : []),
    ...(proving > 0 ? [`proving, ${proving} left`] : []),
    ...(isSimulating ? ['simulating scenarios'] : []),
  ];
}

function readingWords({ read, total, secondsLeft }: Reading): string {
  if (total === undefined || total < read) return `reading, ${read} files`;
  const left = secondsLeft === undefined ? '' : `, ${duration(secondsLeft)} left`;
  return `reading ${read} of ${total} files${left}`;
}

function duration(seconds: number): string {
  return seconds < 100 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
