/** Which macros are in force where, and which alternatives of `#if` are chosen by them. */

import type { MacroDefinition } from '../syntax/ast.ts';
import {
  type ConditionValue,
  conditionValue,
  isTrue,
  NO,
  unknownFor,
  YES,
} from '../syntax/condition.ts';
import type { ConditionalBranch, ConditionalGroup } from '../syntax/conditional-groups.ts';
import { expandMacros } from '../syntax/macro-expansion.ts';
import { lineTokens, type Macro, macroOf } from '../syntax/macro-token.ts';
import type { Span } from '../text/span.ts';
import {
  BY_STUB,
  type Condition,
  isOfArchitecture,
  NEVER_DEFINED,
  optionsOf,
  PREDEFINED,
  type TreeConfiguration,
  versionCode,
} from './configuration.ts';
import type { Layer, LayeredText } from './layered-text.ts';
import { DEEPEST_IF, type MacroEvent, timelineOf } from './macro-timeline.ts';

/** A macro with the place of its definition among the texts; none for what no text defines. */
export interface MacroInForce {
  readonly macro: Macro;
  readonly text?: LayeredText;
}

/** What an answer rested on is added to it. */
export type Conditions = Condition[];

export interface MacrosInForce {
  /** The macro of that name at an offset of a file; for texts that are not the tree's, at any. */
  readonly at: (
    name: string,
    text: LayeredText,
    offset: number,
    conditions: Conditions,
  ) => MacroInForce | undefined;
  /** Whether it can matter at which offset of the text the name stands. */
  readonly dependsOnPlace: (name: string, text: LayeredText) => boolean;
  /** Whether what stands there is compiled. */
  readonly isCompiled: (text: LayeredText, offset: number, conditions: Conditions) => boolean;
  /** The index of the alternative that is compiled; -1 where none is. */
  readonly chosen: (text: LayeredText, group: ConditionalGroup, conditions: Conditions) => number;
  /** `IS_ENABLED()` and its like. */
  readonly isEnabled: (
    question: OptionQuestion,
    option: string,
    text: LayeredText,
    span: Span,
    conditions: Conditions,
  ) => boolean;
}

/** The questions that kernel code asks of options (include/linux/kconfig.h). */
export const OPTION_QUESTIONS = ['IS_ENABLED', 'IS_BUILTIN', 'IS_MODULE', 'IS_REACHABLE'] as const;
export type OptionQuestion = (typeof OPTION_QUESTIONS)[number];

export function isOptionQuestion(name: string): name is OptionQuestion {
  return (OPTION_QUESTIONS as readonly string[]).includes(name);
}

/** The macros of `texts`, the first of which win. */
export function macrosInForce(
  texts: readonly LayeredText[],
  configuration: TreeConfiguration,
): MacrosInForce {
  const work: Work = {
    events: eventsIn(texts),
    chosen: new Map(),
    deciding: new Set(),
    option: optionsOf(configuration),
    configuration,
  };
  return {
    at: (name, text, offset, conditions) => inForce(work, name, { text, offset }, conditions),
    dependsOnPlace: (name, text) =>
      timelineOf(text.source.parsed).events(name).length > 0 || isGiven(name),
    isCompiled: (text, offset, conditions) => isCompiled(work, text, offset, conditions),
    chosen: (text, group, conditions) => chosen(work, text, group, conditions),
    isEnabled: (question, option, text, span, conditions) =>
      isEnabled(work, question, option, { text, offset: span.start }, span, conditions),
  };
}

interface Work {
  /** The texts that speak of a name, with what they say. */
  readonly events: ReadonlyMap<string, readonly Spoken[]>;
  readonly chosen: Map<ConditionalGroup, Chosen>;
  readonly deciding: Set<ConditionalGroup>;
  readonly option: ReturnType<typeof optionsOf>;
  readonly configuration: TreeConfiguration;
}

interface Spoken {
  readonly text: LayeredText;
  readonly events: readonly MacroEvent[];
}

interface Chosen {
  readonly branch: number;
  readonly conditions: readonly Condition[];
}

/** A point of a text. */
interface Point {
  readonly text: LayeredText;
  readonly offset: number;
}

function eventsIn(texts: readonly LayeredText[]): ReadonlyMap<string, readonly Spoken[]> {
  const found = new Map<string, Spoken[]>();
  for (const text of texts) {
    const { names, events } = timelineOf(text.source.parsed);
    for (const name of names()) {
      const known = found.get(name);
      if (known === undefined) found.set(name, [{ text, events: events(name) }]);
      else known.push({ text, events: events(name) });
    }
  }
  return found;
}

const SILENT: readonly Spoken[] = [];

function spokenOf({ events }: Work, name: string): readonly Spoken[] {
  return events.get(name) ?? SILENT;
}

/** Stubs win; then what the file itself says up to there, its headers, and last the library. */
function inForce(
  work: Work,
  name: string,
  { text, offset }: Point,
  conditions: Conditions,
): MacroInForce | undefined {
  const spoken = spokenOf(work, name);
  if (spoken.length === 0) return givenBy(work, name, { text, offset }, conditions);
  const own = spoken.find((each) => isSame(each.text, text));
  const stubs = spoken.filter((each) => each.text.layer === 'stub');
  const others = spoken.filter(
    (each) => each !== own && each.text.layer === 'source' && reaches(each.text, text),
  );
  const library = spoken.filter((each) => each !== own && each.text.layer === 'library');
  for (const each of stubs) {
    const found = lastOf(work, each, Number.POSITIVE_INFINITY, conditions);
    if (found?.macro !== undefined) return madeOf(found.macro, each.text);
  }
  if (own !== undefined && text.layer !== 'stub') {
    const last = lastOf(work, own, offset, conditions);
    if (last !== undefined) return last.macro && madeOf(last.macro, text);
  }
  for (const each of [...others, ...library]) {
    const found = lastOf(work, each, Number.POSITIVE_INFINITY, conditions);
    if (found?.macro !== undefined) return madeOf(found.macro, each.text);
  }
  return givenBy(work, name, { text, offset }, conditions);
}

function isSame(one: LayeredText, other: LayeredText): boolean {
  return one.source.parsed === other.source.parsed;
}

/** The macros of a `.c` file are those of no other, but for what the scenario itself says. */
function reaches({ source }: LayeredText, from: LayeredText): boolean {
  return from.layer === 'stub' || source.file.endsWith('.h');
}

/** The last event before `offset` that is compiled. */
function lastOf(
  work: Work,
  { text, events }: Spoken,
  offset: number,
  conditions: Conditions,
): MacroEvent | undefined {
  const last = eventsBefore(events, offset);
  for (let index = last; index >= 0; index--) {
    const event = events[index]!;
    if (isCompiled(work, text, event.at, conditions)) return event;
    if (last - index < MOST_LEFT_OUT) continue;
    const place = placeAt(text, event.at);
    const message = `more than ${MOST_LEFT_OUT} definitions of one macro that are left out`;
    conditions.push({ kind: 'unknown', message, place });
    return undefined;
  }
  return undefined;
}

/** So many definitions that are not compiled are passed by on the way to one that is. */
const MOST_LEFT_OUT = 64;

/** The index of the last event before `offset`, or -1. */
function eventsBefore(events: readonly MacroEvent[], offset: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (events[middle]!.at < offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function placeAt({ source }: LayeredText, at: number): Condition['place'] {
  return { file: source.file, span: { start: at, end: at + 1 } };
}

function isGiven(name: string): boolean {
  return name.startsWith('CONFIG_') || name === 'LINUX_VERSION_CODE' || PREDEFINED.has(name);
}

/** What the compiler, the configuration or the tree's version stands for. */
function givenBy(
  work: Work,
  name: string,
  { text, offset }: Point,
  conditions: Conditions,
): MacroInForce | undefined {
  if (!isGiven(name)) return undefined;
  const place = { file: text.source.file, span: { start: offset, end: offset + name.length } };
  const assume = (message: string) => conditions.push({ kind: 'assumed', message, place });
  if (name.startsWith('CONFIG_')) {
    const { body, message } = work.option(name);
    if (body !== undefined) assume(message);
    return body === undefined ? undefined : { macro: newMacro(name, undefined, body) };
  }
  const version = name === 'LINUX_VERSION_CODE' ? versionCode(work.configuration) : undefined;
  if (version !== undefined) return { macro: newMacro(name, undefined, version) };
  const predefined = PREDEFINED.get(name);
  if (predefined === undefined) return undefined;
  if (predefined.assumes !== undefined) assume(predefined.assumes);
  return { macro: newMacro(name, predefined.parameters, predefined.body) };
}

const made = new WeakMap<MacroDefinition, Macro>();

function madeOf(definition: MacroDefinition, text: LayeredText): MacroInForce {
  const { name, parameters, body } = definition;
  const macro = made.get(definition) ?? newMacro(name, parameters, body, text.layer);
  made.set(definition, macro);
  return { macro, text };
}

/** The macro; what it brings from outside of the tree is marked. */
function newMacro(
  name: string,
  parameters: readonly string[] | undefined,
  body: string,
  layer: Layer = 'source',
): Macro {
  const macro = macroOf(name, parameters, body);
  if (layer === 'source') return macro;
  return {
    ...macro,
    body: macro.body.map((token) => ({ ...token, isOutside: true as const })),
    ...(layer === 'library' && parameters !== undefined && { isFunction: true as const }),
  };
}

function isCompiled(
  work: Work,
  text: LayeredText,
  offset: number,
  conditions: Conditions,
): boolean {
  const around = timelineOf(text.source.parsed).around(offset);
  if (around === undefined) {
    const message = `#if nested more than ${DEEPEST_IF} deep`;
    conditions.push({ kind: 'unknown', message, place: placeAt(text, offset) });
    return false;
  }
  return around.every(({ group, branch }) => chosen(work, text, group, conditions) === branch);
}

/** While a group is being decided, what stands in it is not there: so `#ifndef X` around the definition of
 *  `X` holds. */
function chosen(
  work: Work,
  text: LayeredText,
  group: ConditionalGroup,
  conditions: Conditions,
): number {
  if (work.deciding.has(group)) return -1;
  let known = work.chosen.get(group);
  if (known === undefined) {
    work.deciding.add(group);
    const found: Conditions = [];
    const branch = group.branches.findIndex(
      (each) => isTrue(branchValue(work, text, group, each, found)) === true,
    );
    known = { branch, conditions: someOf(found) };
    work.deciding.delete(group);
    work.chosen.set(group, known);
  }
  conditions.push(...known.conditions);
  return known.branch;
}

/** Each condition once, and of each kind no more than anybody reads: what one group rests on, all that follow from it do, too. */
function someOf(conditions: readonly Condition[]): readonly Condition[] {
  const each = [...new Set(conditions)];
  if (each.length <= MOST_TOLD) return each;
  const unknown = each.filter(({ kind }) => kind === 'unknown');
  const others = each.filter(({ kind }) => kind !== 'unknown');
  return [...unknown.slice(0, MOST_TOLD), ...others.slice(0, MOST_TOLD)];
}

const MOST_TOLD = 32;

/** The value of a condition; what is not known is said, and then counts as not true. */
function branchValue(
  work: Work,
  text: LayeredText,
  group: ConditionalGroup,
  branch: ConditionalBranch,
  conditions: Conditions,
): ConditionValue {
  const value = conditionOf(work, text, branch, conditions);
  const place = { file: text.source.file, span: branch.head };
  if (value.kind === 'unknown') {
    const message = `#${branch.keyword} on ${[...new Set(value.reasons)].join(', ')}, of which nothing is known${BY_STUB}`;
    conditions.push({ kind: 'unknown', message, place });
  }
  const own = defaultOf(work, text, group, branch);
  if (own !== undefined && isTrue(value) === true) {
    const message = `${own} is what its file says for want of another definition`;
    conditions.push({ kind: 'assumed', message, place });
  }
  return value;
}

/** The macro for which the file has a definition in case that there is none, and that nobody else defines. */
function defaultOf(
  work: Work,
  text: LayeredText,
  group: ConditionalGroup,
  { keyword, condition, governed }: ConditionalBranch,
): string | undefined {
  const named = /^(?:!\s*defined\s*(?:\(\s*)?)?(\w+)\s*\)?$/.exec(condition.trim())?.[1];
  if (named === undefined || (keyword !== 'ifndef' && !condition.includes('defined')))
    return undefined;
  const isHere = ({ at, macro }: MacroEvent) =>
    governed.start <= at && at < governed.end && macro !== undefined && /\S/.test(macro.body);
  const spoken = spokenOf(work, named);
  const isIt = spoken.every((each) => isSame(each.text, text) && each.events.every(isHere));
  return spoken.length > 0 && isIt && group.branches.length === 1 ? named : undefined;
}

function conditionOf(
  work: Work,
  text: LayeredText,
  { keyword, condition, head }: ConditionalBranch,
  conditions: Conditions,
): ConditionValue {
  const point: Point = { text, offset: head.start };
  const place = { file: text.source.file, span: head };
  const isDefined = (name: string): ConditionValue =>
    inForce(work, name, point, conditions) === undefined
      ? absent(work, text, name, place, conditions)
      : YES;
  const tokens = lineTokens(condition);
  switch (keyword) {
    case 'else':
      return YES;
    case 'ifdef':
    case 'elifdef':
      return isDefined(tokens[0]?.text ?? '');
    case 'ifndef':
    case 'elifndef': {
      const value = isDefined(tokens[0]?.text ?? '');
      return isTrue(value) === undefined ? value : isTrue(value) ? NO : YES;
    }
    case 'if':
    case 'elif': {
      const expanded = expandMacros(
        tokens,
        (name) =>
          isOptionQuestion(name)
            ? optionMacro(name, (option) => isEnabled(work, name, option, point, head, conditions))
            : inForce(work, name, point, conditions)?.macro,
        head.start,
        'defined',
      );
      const valueOfName = (name: string) => absent(work, text, name, place, conditions);
      return conditionValue(expanded.tokens, { isDefined, valueOf: valueOfName });
    }
  }
}

/** `IS_ENABLED(option)` as a macro. */
export function optionMacro(name: OptionQuestion, isSet: (option: string) => boolean): Macro {
  const value = ([option = '']: readonly string[]) => (isSet(option) ? '1' : '0');
  return { name, parameters: ['option'], isVariadic: false, body: [], made: value };
}

/** What is known of a name that is no macro here: whether it can be one elsewhere. */
function absent(
  work: Work,
  text: LayeredText,
  name: string,
  place: Condition['place'],
  conditions: Conditions,
): ConditionValue {
  if (name.startsWith('CONFIG_')) {
    const { message } = work.option(name);
    conditions.push({ kind: 'assumed', message, place });
    return NO;
  }
  if (NEVER_DEFINED.has(name) || spokenOf(work, name).length > 0) return NO;
  if (!isOfArchitecture(name) && !isFunctionOf(text, name)) return unknownFor(name);
  const message = `${name} is taken as not defined: the version for all architectures is meant`;
  conditions.push({ kind: 'assumed', message, place });
  return NO;
}

/** Whether a file has a function of that name: an architecture that has its own has a macro of the name, too. */
function isFunctionOf({ source }: LayeredText, name: string): boolean {
  return source.parsed.functions.some((each) => each.name === name);
}

function isEnabled(
  work: Work,
  question: OptionQuestion,
  option: string,
  point: Point,
  span: Span,
  conditions: Conditions,
): boolean {
  const place = { file: point.text.source.file, span };
  if (!option.startsWith('CONFIG_')) return option === '1';
  const isSet = (name: string) => inForce(work, name, point, conditions) !== undefined;
  const isBuiltIn = question !== 'IS_MODULE' && isSet(option);
  if (isBuiltIn) return true;
  const isModule = isSet(`${option}_MODULE`);
  if (!isModule) conditions.push({ kind: 'assumed', message: work.option(option).message, place });
  return isModule && (question === 'IS_ENABLED' || question === 'IS_MODULE');
}
