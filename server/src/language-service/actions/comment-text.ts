/** What the comment of a barrier says, and how the kernel's coding style sets it (coding-style.rst, "Commenting"). */

import { type Access, type Site, shownField } from '../../facts/file-facts.ts';
import type { PlacedAccess, PlacedSite, Shape, SharedOrder } from '../../pairing/pairing.ts';
import { wordIn } from '../../text/word-in.ts';
import type { Explanation } from '../explanation.ts';
import { nameInCode } from '../field-names.ts';
import type { Moment } from '../moment.ts';
import type { PartnerLine } from '../partner-line.ts';
import type { Tree } from '../tree.ts';
import { decisive, sideVerdict } from '../verdict.ts';
import { type OrderedFields, siteTitle } from '../words.ts';

/** The text ends before this column. */
const COLUMNS = 80;
const TAB = 8;

/** Names that are longer together are not said twice. */
const TWICE = 40;

/** What is proven of the barrier, in sentences: what it keeps in order, what would happen else, with whom it pairs.
 *  Undefined where nothing is, or where it is not plain that this is the pair that was meant. */
export function provenSentences(
  moment: Moment,
  explanation: Explanation,
): readonly string[] | undefined {
  const { answer, site } = explanation;
  if (answer.kind !== 'needed' || answer.currency !== 'current' || site.uncertain) return undefined;
  const { line } = answer;
  const check = line?.verdict?.answer;
  const isProven =
    line !== undefined && check !== undefined && sideVerdict(check, line.side).kind === 'needed';
  const order = check && decisive(check)?.order;
  if (isProven && line.decisive !== undefined && isPlain(moment, explanation, line, order?.shape)) {
    return [orderSentence(moment, line.decisive, order, line), pairsSentence(line)];
  }
  const told = scenarioSentence(moment, explanation, answer.on);
  if (told === undefined) return undefined;
  return line?.sources.includes('claimed') ? [told, pairsSentence(line)] : [told];
}

/** Shapes that somebody means: one side learns from a read what the other one did, or one of them does. Where a store is overwritten, as by who takes
 *  down what was set up, the order is needed and still nobody's purpose. */
const MEANT: ReadonlySet<Shape | undefined> = new Set(['MP', 'SB', 'LB']);

/** Whether the comment says that the two pair, or it cannot well be another one: no likelier partner is left of which nothing is known, and
 *  the other side is another function. Two barriers of one function that callers share keep the order of these. */
function isPlain(
  { tree }: Moment,
  { file, site, partners }: Explanation,
  line: PartnerLine,
  shape: Shape | undefined,
): boolean {
  if (line.sources.includes('claimed')) return true;
  const { partner } = line;
  if (!MEANT.has(shape) || calls(tree, partner, site) || calls(tree, { file, site }, partner.site))
    return false;
  const likelier = partners.slice(0, partners.indexOf(line));
  const isKnown = ({ verdict, side }: PartnerLine) =>
    verdict?.answer !== undefined && sideVerdict(verdict.answer, side).kind !== 'unknown';
  return line.partner.site.function !== site.function && likelier.every(isKnown);
}

/** Whether the function of a barrier calls that of another one: what the two order is done by one task after the other. */
function calls(tree: Tree, { file, site }: PlacedSite, other: Site): boolean {
  const own = tree.facts(file)?.functions.find(({ name }) => name === site.function);
  return own?.calls.includes(other.function) === true;
}

/** What scenarios need it for. The paths are told where they tell anything: another one does without it. */
function scenarioSentence(
  moment: Moment,
  { needs, file }: Explanation,
  on: readonly string[],
): string | undefined {
  const orders = needs
    .filter(({ verdict }) => verdict === 'needed')
    .flatMap((row) => row.orders)
    .filter(({ before, after }) => [before, after].every((name) => isOfCode(moment, file, name)))
    .map(({ before, after }) => `${before} before ${after}`);
  if (orders.length === 0) return undefined;
  const paths = new Set(needs.map(({ path }) => path));
  const where = paths.size > 1 ? `, needed on ${on.join(' and ')}` : '';
  return `Order ${[...new Set(orders)].slice(0, 2).join(' and ')}${where}.`;
}

/** Whether a name of a scenario means anything to who reads the file: a field of a struct, or a name that is there, and no object that the
 *  scenario has made. */
function isOfCode({ textOf, tree }: Moment, file: string, name: string): boolean {
  const root = name.split('.')[0]!;
  const accesses = tree.facts(file)?.functions.flatMap((each) => each.accesses) ?? [];
  return (
    wordIn(textOf(file) ?? '', root) !== undefined ||
    accesses.some(({ field }) => field.struct === root)
  );
}

/** `Pairs with smp_rmb() in consume().` */
export function pairsSentence({ partner: { site } }: PartnerLine): string {
  return `Pairs with ${siteTitle(site)}.`;
}

function orderSentence(
  moment: Moment,
  { accesses }: OrderedFields,
  shared: SharedOrder | undefined,
  { partner, side }: PartnerLine,
): string {
  const [one, two] = namesOf(moment, accesses);
  const [before, after] = shortNames(accesses, [one, two]);
  const [first, second] = accesses.map(verbOf);
  const again = first === second ? '' : `${second!.going} `;
  const order = `${first!.plain} ${one} before ${again}${two}`;
  const other = `${partner.site.function}()`;
  const isReader = shared?.kinds[side][0] === 'read';
  switch (shared?.shape) {
    case 'MP':
      if (before.length + after.length > TWICE)
        return isReader
          ? `${order}, or else the latter may be stale.`
          : `${order}, or else ${other} may see only the latter.`;
      return isReader
        ? `${order}, or else the new ${before} may be seen with the old ${after}.`
        : `${order}, or else ${other} may see the new ${after} and the old ${before}.`;
    case 'SB':
      return `${order}, or else this and ${other} may both miss what the other one wrote.`;
    default:
      return `${order}.`;
  }
}

/** Two fields as a reader of the function knows them. One that is accessed elsewhere is of the object of which the other one is,
 *  where both are of one struct. */
function namesOf(moment: Moment, accesses: OrderedFields['accesses']): readonly [string, string] {
  const [one, two] = accesses.map((own, side) => {
    const name = nameBeside(moment, own, accesses[1 - side]!);
    const bit = bitOf(own);
    return bit === undefined || bit === name ? name : `${bit} in ${name}`;
  });
  return [one!, two!];
}

function nameBeside(moment: Moment, own: PlacedAccess, other: PlacedAccess): string {
  const { field } = own;
  const name = nameInCode(moment, own);
  if (name !== shownField(field) || field.struct === undefined) return name;
  const beside = nameInCode(moment, other);
  const isOfObject = other.field.struct === field.struct && beside !== shownField(other.field);
  const object = isOfObject ? beside.slice(0, -other.field.name.length) : undefined;
  return object === undefined || !/(?:->|\.)$/.test(object)
    ? name.replace('.', '->')
    : withObject(object, field.name);
}

/** What the second half of the sentence calls the two: by the field or the bit alone, unless that is the same. */
function shortNames(
  accesses: OrderedFields['accesses'],
  names: readonly [string, string],
): readonly [string, string] {
  const [one, two] = accesses.map((access) => bitOf(access) ?? access.field.name);
  return one === two ? names : [one!, two!];
}

/** The bit that is meant, where it has a name. */
function bitOf({ bit }: Access): string | undefined {
  return bit !== undefined && /^[A-Z]\w*$/.test(bit) ? bit : undefined;
}

/** `*b->data` of `*data`: what a pointer in the object leads to. */
function withObject(object: string, name: string): string {
  return name.startsWith('*') ? `*${object}${name.slice(1)}` : `${object}${name}`;
}

const VERBS = {
  write: { plain: 'Write', going: 'writing' },
  read: { plain: 'Read', going: 'reading' },
  'read-write': { plain: 'Update', going: 'updating' },
} as const;

function verbOf({ effect }: Access) {
  return VERBS[effect];
}

/** The lines of a comment at an indentation: one where it fits, else a block; that of network code begins at once. */
export function commentLines(
  sentences: readonly string[],
  indent: string,
  file: string,
): readonly string[] {
  const text = sentences.join(' ');
  const short = `${indent}/* ${text} */`;
  if (columnsOf(short) < COLUMNS) return [short];
  const wrapped = wrap(text, COLUMNS - 1 - columnsOf(`${indent} * `));
  const [first, ...rest] = wrapped.map((line) => `${indent} * ${line}`);
  const end = `${indent} */`;
  return isNetwork(file)
    ? [first!.replace(`${indent} *`, `${indent}/*`), ...rest, end]
    : [`${indent}/*`, first!, ...rest, end];
}

/** Whether checkpatch.pl wants the comments of network code. */
function isNetwork(file: string): boolean {
  return /(?:^|\/)(?:drivers\/)?net\//.test(file);
}

/** How wide a text is on the screen. */
export function columnsOf(text: string): number {
  let column = 0;
  for (const character of text)
    column = character === '\t' ? column + TAB - (column % TAB) : column + 1;
  return column;
}

/** Words in lines of at most `width`; a word that is longer has its own. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
