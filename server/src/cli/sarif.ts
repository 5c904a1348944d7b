/** Findings as SARIF 2.1.0 (OASIS), which code hosting and code review tools read. */

import { isAbsolute, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DIAGNOSTICS } from '../language-service/diagnose.ts';
import type { Severity } from '../language-service/diagnostic.ts';
import type { Place } from '../text/span.ts';
import type { Analysis } from './analysis.ts';
import type { Fingerprinted } from './baseline.ts';
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
export function sarifOf(findings: readonly Fingerprinted[], analysis: Analysis) {
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'BarrierLens', semanticVersion: VERSION, rules: rules() } },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { ROOT: { uri: `${pathToFileURL(process.cwd()).href}/` } },
        invocations: [invocationOf(analysis)],
        results: findings.map((finding) => resultOf(finding, analysis)),
      },
    ],
  };
}

/** What was not read makes the log one of a run that did not do all it was asked for. */
function invocationOf({ unread, show }: Analysis) {
  return {
    executionSuccessful: unread.length === 0,
    toolExecutionNotifications: unread.map(({ path, line, message }) => ({
      level: 'error',
      message: { text: message },
      locations: [
        {
          physicalLocation: {
            artifactLocation: artifactAt(show(path)),
            ...(line !== undefined && { region: { startLine: line } }),
          },
        },
      ],
    })),
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

function resultOf({ finding, fingerprint }: Fingerprinted, analysis: Analysis) {
  const { code, severity, message, related } = finding;
  return {
    ruleId: code,
    ruleIndex: DIAGNOSTICS.findIndex((kind) => kind.code === code),
    level: LEVELS[severity],
    message: { text: message },
    partialFingerprints: { 'barrierlens/v1': fingerprint },
    locations: [{ physicalLocation: locationOf(finding, analysis) }],
    ...codeFlows(finding, analysis),
    relatedLocations: related.map((place, id) => ({
      id,
      physicalLocation: locationOf(place, analysis),
      message: { text: place.message },
    })),
  };
}

/** The execution behind a finding, a step a location, in the order in which it is told. */
function codeFlows({ code, related }: Fingerprinted['finding'], analysis: Analysis) {
  if (!EXECUTIONS.has(code) || related.length < 2) return {};
  const locations = related.map((place) => ({
    location: { physicalLocation: locationOf(place, analysis), message: { text: place.message } },
  }));
  return { codeFlows: [{ threadFlows: [{ locations }] }] };
}

/** The rules whose related places are the steps of one execution. */
const EXECUTIONS: ReadonlySet<string> = new Set([
  'broken-pairing',
  'unpaired-barrier',
  'misplaced-access',
  'missing-full-barrier',
  'unordered-publication',
  'lost-wake-up',
  'violated-invariant',
]);

function locationOf({ file, span }: Place, { snapshot, show }: Analysis) {
  const lines = snapshot.lines(file);
  const artifactLocation = artifactAt(show(file));
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

/** An absolute path, or one below the working directory; a colon in the first step would make it a scheme. */
function artifactAt(path: string) {
  if (isAbsolute(path)) return { uri: pathToFileURL(path).href };
  const steps = path.split(sep).map(encodeURIComponent);
  const uri = steps.join('/');
  return { uri: path.split(sep)[0]?.includes(':') ? `./${uri}` : uri, uriBaseId: 'ROOT' };
}
