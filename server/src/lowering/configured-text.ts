/** A file in one configuration: the text without what its `#if`s leave out, everything at its place. */

import { blank, canvasOf, textOn } from '../syntax/canvas.ts';
import type { ConditionalGroup } from '../syntax/conditional-groups.ts';
import type { LayeredText } from './layered-text.ts';
import type { LoweringRequest, SourceText } from './lowering.ts';
import { timelineOf } from './macro-timeline.ts';
import type { MacrosInForce } from './macros-in-force.ts';

const known = new WeakMap<SourceText['parsed'], Map<string, SourceText>>();

/** The text with the alternatives that are chosen. Where they are the same as before it is the same object. */
export function configuredText(
  text: LayeredText,
  force: MacrosInForce,
  parse: LoweringRequest['parse'],
): SourceText {
  const { source } = text;
  const groups = source.parsed.conditionals;
  if (groups.length === 0 || isGuarded(source)) return source;
  const timeline = timelineOf(source.parsed);
  const choices: number[] = [];
  for (const [index, group] of groups.entries()) {
    const outer = timeline.outer(index); // which stands before it
    const isCompiled = outer === undefined || choices[outer.index] === outer.branch;
    choices.push(isCompiled ? force.chosen(text, group, []) : OUTSIDE);
  }
  const texts = known.get(source.parsed) ?? new Map<string, SourceText>();
  known.set(source.parsed, texts);
  const key = choices.join();
  const before = texts.get(key);
  if (before !== undefined) return before;
  const made = parse(source.file, chosenText(source.text, groups, choices));
  texts.set(key, made);
  return made;
}

/** In an alternative that is not chosen. */
const OUTSIDE = -2;

function chosenText(
  text: string,
  groups: readonly ConditionalGroup[],
  choices: readonly number[],
): string {
  const canvas = canvasOf(text);
  for (const [index, { branches, span }] of groups.entries()) {
    if (choices[index] === OUTSIDE) continue;
    for (const [branch, { head, governed }] of branches.entries()) {
      blank(canvas, head.start, head.end);
      if (branch !== choices[index]) blank(canvas, governed.start, governed.end);
    }
    blank(canvas, branches.at(-1)!.governed.end, span.end);
  }
  return textOn(canvas);
}

/** Whether the only `#if` of a file keeps it from being read twice. */
function isGuarded({ text, parsed }: SourceText): boolean {
  const [group, ...others] = parsed.conditionals;
  const [branch, ...alternatives] = group?.branches ?? [];
  if (group === undefined || branch === undefined || others.length + alternatives.length > 0)
    return false;
  const name = /\w+/.exec(branch.condition)?.[0] ?? '';
  return (
    branch.keyword === 'ifndef' &&
    timelineOf(parsed).events(name)[0]?.at === parsed.macros[0]?.span.start &&
    !/\S/.test(text.slice(group.span.end).replace(/\/\*[\s\S]*?(?:\*\/|$)|\/\/.*/g, ''))
  );
}
