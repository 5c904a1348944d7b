/** `barrierlens pairs`: the barriers of files and folders, what they order, and who pairs with whom. */

import { fieldName, type Site } from '../facts/file-facts.ts';
import type { Explanation } from '../language-service/explanation.ts';
import type { PartnerLine } from '../language-service/partner-line.ts';
import { lensTitle } from '../language-service/render-lens.ts';
import type { Snapshot } from '../language-service/snapshot.ts';
import { isProven, sideVerdict } from '../language-service/verdict.ts';
import { isNoteworthy, orderPhrase, siteTitle, sourcesOf } from '../language-service/words.ts';
import type { Pairing, ResolvedClaim, SiteRef } from '../pairing/pairing.ts';
import type { VerdictKind } from '../proof/verdict.ts';
import { printable } from '../text/printable.ts';
import { type Analysis, analyse, tellProblems } from './analysis.ts';
import { withinColumns } from './columns.ts';
import { type Command, EXIT, readArguments } from './command.ts';

export const pairs: Command = {
  usage: 'PATH... [--verbose] [--json] [--ignore-comments]',
  help: `Lists every barrier below each PATH, a line first that says what it is worth and with
whom it pairs; then its partners, with the order that the verdict is about, how the
pairing is known (claimed by a comment, inferred from the fields, proven by
simulation) and what this side of it is worth. JSON has each pairing whole, with a
score from 0 to 1.

  --verbose          all partners, and all orders of each
  --json             as JSON; files are relative to PATH
  --ignore-comments  pair by the fields alone, as if no comment named a partner

Exit code: 0, 1 where a file was not read (told on stderr), 2 for bad use.
`,
  async run(args, output) {
    const { paths, options } = readArguments(args, {
      json: 'boolean',
      verbose: 'boolean',
      'ignore-comments': 'boolean',
    });
    const analysis = await analyse(paths, {
      verdicts: 'all',
      relativeTo: 'path',
      ignoreComments: options['ignore-comments'] === true,
    });
    tellProblems(analysis, output);
    output.write(
      options.json === true
        ? `${JSON.stringify(pairsJson(analysis), null, 2)}\n`
        : pairsText(analysis, options.verbose === true),
    );
    return analysis.unread.length === 0 ? EXIT.clean : EXIT.findings;
  },
};

/** The pairings that have a side in the analysed files. */
function ownPairings({ snapshot, files }: Analysis): readonly Pairing[] {
  const own = new Set(files);
  return snapshot.moment.tree.pairing.pairings.filter(({ sites }) =>
    sites.some(({ file }) => own.has(file)),
  );
}

/** Sites worth listing: those a reader asks about, and every side of a pairing. */
function listedSites(
  { snapshot, files }: Analysis,
  pairings: readonly Pairing[],
): readonly (SiteRef & { readonly site: Site })[] {
  const paired = new Set(
    pairings.flatMap(({ sites }) => sites.map(({ file, id }) => `${file}\n${id}`)),
  );
  const all = new Set([
    ...files,
    ...pairings.flatMap(({ sites }) => sites.map(({ file }) => file)),
  ]);
  const own = new Set(files);
  return [...all].flatMap((file) =>
    (snapshot.facts(file)?.sites ?? [])
      .filter((site) => paired.has(`${file}\n${site.id}`) || (own.has(file) && isNoteworthy(site)))
      .map((site) => {
        const complete = snapshot.moment.tree.completed({ file, site });
        return { file, id: site.id, site: complete };
      }),
  );
}

function pairsJson(analysis: Analysis) {
  const { snapshot, show } = analysis;
  const pairings = ownPairings(analysis);
  const idOf = ({ file, id }: SiteRef) => `${show(file)}:${id}`;
  return {
    sites: listedSites(analysis, pairings).map((placed) => ({
      id: idOf(placed),
      file: show(placed.file),
      ...siteJson(placed.site),
      claims: snapshot.moment.tree
        .claims(placed.file, placed.id)
        .map((claim) => claimJson(analysis, claim, idOf)),
    })),
    pairings: pairings.map((pairing) => pairingJson(snapshot, pairing, idOf)),
  };
}

function siteJson({ line, column, function: name, primitive, orders }: Site) {
  const names = (accesses: Site['orders'][number]['before']) => [
    ...new Set(accesses.map(({ field }) => fieldName(field))),
  ];
  return {
    line,
    column,
    function: name,
    primitive,
    orders: orders.map(({ before, after }) => ({ before: names(before), after: names(after) })),
  };
}

/** A claim whose partner is no site (a call that orders, a lock) has the place that is meant. */
function claimJson(
  { snapshot, show }: Analysis,
  { claim, status, targets, foundIn, at }: ResolvedClaim,
  idOf: (ref: SiteRef) => string,
) {
  const line = at && snapshot.lines(at.file)?.position(at.span.start).line;
  return {
    style: claim.style,
    functions: claim.functions,
    status,
    targets: targets.map(idOf),
    ...(foundIn && { foundIn: { file: show(foundIn.file), function: foundIn.function } }),
    ...(at && line !== undefined && { at: { file: show(at.file), line: line + 1 } }),
  };
}

function pairingJson(snapshot: Snapshot, pairing: Pairing, idOf: (ref: SiteRef) => string) {
  const shown = snapshot.moment.verdictOf(pairing);
  const answer = shown?.answer;
  const verdict: VerdictKind | null = answer?.verdict.kind ?? null;
  const fields = pairing.orders.flatMap(({ first, second }) => [
    fieldName(first),
    fieldName(second),
  ]);
  return {
    sites: pairing.sites.map(idOf),
    sources: sourcesOf(pairing, isProven(shown)),
    fields: [...new Set(fields)],
    verdict,
    sides:
      answer === undefined ? null : ([0, 1] as const).map((side) => sideVerdict(answer, side).kind),
    score: pairing.score,
  };
}

/** So many partners of a site are listed where not all are asked for. */
const PARTNERS = 3;

function pairsText({ snapshot, files, show }: Analysis, isWhole: boolean): string {
  return files
    .flatMap((file) => snapshot.explanations(file))
    .map((explanation) => explanationText(explanation, show, isWhole))
    .join('');
}

/** A line on the site as its lens has it, then its partners. */
function explanationText(
  explanation: Explanation,
  show: (path: string) => string,
  isWhole: boolean,
): string {
  const { file, site, partners } = explanation;
  const place = `${printable(show(file))}:${site.line}:${site.column}`;
  const shown = isWhole ? partners : partners.slice(0, PARTNERS);
  const left = partners.length - shown.length;
  const lines = [
    `${place}: ${siteTitle(site)}: ${lensTitle(explanation)}`,
    ...shown.map((line) => `    ${partnerText(line, show, isWhole)}`),
    ...(left > 0 ? [`    and ${left} more (--verbose)`] : []),
  ];
  return withinColumns(lines.map((line) => `${line}\n`).join(''));
}

function partnerText(line: PartnerLine, show: (path: string) => string, isWhole: boolean): string {
  const { partner, side, sources, verdict } = line;
  const where = `${printable(show(partner.file))}:${partner.site.line}`;
  const worth =
    verdict?.answer === undefined ? 'not simulated' : sideVerdict(verdict.answer, side).kind;
  const what = isWhole ? line.orders.map(orderPhrase).join(', ') : inShort(line);
  return `${siteTitle(partner.site)} ${where}${what === '' ? '' : `: ${what}`} (${[...sources, worth].join(', ')})`;
}

/** The order that the verdict is about, and how many others there are. */
function inShort({ orders, decisive }: PartnerLine): string {
  const order = decisive ?? orders[0];
  if (order === undefined) return '';
  const more = orders.length > 1 ? ` and ${orders.length - 1} more` : '';
  return `${orderPhrase(order)}${more}`;
}
