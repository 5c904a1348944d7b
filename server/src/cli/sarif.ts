/** Findings as SARIF 2.1.0 (OASIS), which code hosting and code review tools read. */

import { pathToFileURL } from 'node:url';
import { DIAGNOSTICS } from '../language-service/diagnose.ts';
import type { Severity } from '../language-service/diagnostic.ts';
import type { Place } from '../text/span.ts';
import type { Analysis } from './analysis.ts';
import type { PlacedFinding } from './finding.ts';
import { VERSION } from './version.ts';

const SCHEMA =
  'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
  hint: 'note',
};

/** A SARIF log with one run; columns count UTF-16 units, as the run says. */
export function sarifOf(findings: readonly PlacedFinding[], analysis: Analysis) {
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'BarrierLens', semanticVersion: VERSION, rules: rules() } },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { ROOT: { uri: `${pathToFileURL(process.cwd()).href}/` } },
        results: findings.map((finding) => resultOf(finding, analysis)),
      },
    ],
  };
}

function rules() {
  return DIAGNOSTICS.map(({ code, meaning, fires, fix }) => ({
    id: code,
    shortDescription: { text: meaning },
    fullDescription: { text: fires },
    help: { text: fix },
  }));
}

function resultOf(finding: PlacedFinding, analysis: Analysis) {
  const { code, severity, message, related } = finding;
  return {
    ruleId: code,
    ruleIndex: DIAGNOSTICS.findIndex((kind) => kind.code === code),
    level: LEVELS[severity],
    message: { text: message },
    locations: [{ physicalLocation: locationOf(finding, analysis) }],
    relatedLocations: related.map((place, id) => ({
      id,
      physicalLocation: locationOf(place, analysis),
      message: { text: place.message },
    })),
  };
}

function locationOf({ file, span }: Place, { snapshot, show }: Analysis) {
  const lines = snapshot.lines(file);
  const shown = show(file);
  const artifactLocation = shown.startsWith('/')
    ? { uri: pathToFileURL(shown).href }
    : { uri: encodeURI(shown), uriBaseId: 'ROOT' };
  if (lines === undefined) return { artifactLocation };
  const [start, end] = [lines.position(span.start), lines.position(span.end)];
  const region = {
    startLine: start.line + 1,
    startColumn: start.column + 1,
    endLine: end.line + 1,
    endColumn: end.column + 1,
  };
  return { artifactLocation, region };
}
