/** Translations kept for requests whose texts say the same to the preprocessor, as those that differ in first values only. */

import type { SourceFile } from '../syntax/ast.ts';
import type { TreeConfiguration } from './configuration.ts';
import type { LayeredText } from './layered-text.ts';
import type { LoweringRequest } from './lowering.ts';
import { type Translation, translationOf } from './translation.ts';

/** The last translations, by what they follow from; for each way to parse. */
const known = new WeakMap<LoweringRequest['parse'], Map<string, Translation>>();

/** So many are kept: those of the scenarios of a tree, some versions of it. */
const MOST = 64;

/** The translation of the texts, made once for all that say the same. */
export function knownTranslation(
  request: LoweringRequest,
  texts: readonly LayeredText[],
): Translation {
  const translations = known.get(request.parse) ?? new Map<string, Translation>();
  known.set(request.parse, translations);
  const key = [configured(request.configuration), ...texts.map(said)].join('\n');
  const found = translations.get(key) ?? translationOf(request, texts);
  translations.delete(key);
  translations.set(key, found);
  for (const oldest of translations.keys())
    if (translations.size > MOST) translations.delete(oldest);
  return found;
}

const texts = new WeakMap<SourceFile, string>();

/** What a text says to the translation of others: a stub without preprocessor lines only its names. */
function said({ layer, source: { file, parsed } }: LayeredText): string {
  const { macros, undefinedMacros, conditionals } = parsed;
  const lines = macros.length + undefinedMacros.length + conditionals.length;
  if (layer !== 'stub' || lines > 0) return `${layer} ${file} ${numberOf(parsed)}`;
  const before = texts.get(parsed);
  if (before !== undefined) return before;
  const namesOf = (defined: readonly { readonly name: string }[]) =>
    defined.map(({ name }) => name);
  const made = parsed.macroUses.flatMap((use) => use.arguments);
  const text = JSON.stringify([namesOf(parsed.functions), namesOf(parsed.globals), made]);
  texts.set(parsed, text);
  return text;
}

/** What a configuration says, by the texts that say it. */
function configured({ config, makefile, required = new Set() }: TreeConfiguration = {}): string {
  const files = [config, makefile].map((each) => (each === undefined ? '' : numberOf(each)));
  return [...files, ...[...required].sort()].join(' ');
}

const numbers = new WeakMap<object, number>();
let lastNumber = 0;

function numberOf(thing: object): number {
  const number = numbers.get(thing) ?? ++lastNumber;
  numbers.set(thing, number);
  return number;
}
