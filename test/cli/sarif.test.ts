/** `check --format sarif` against SARIF 2.1.0: the properties of each object, and what the standard asks of them. */

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { folderWith, publishAndConsume, run } from './support/run.ts';

/** Of each object that we write: the properties that the standard gives it, those that it requires first.
 *  Section numbers are those of the OASIS standard of 27 March 2020. */
const OBJECTS = {
  /** 3.13 */
  sarifLog: { required: ['version', 'runs'], others: ['$schema', 'inlineExternalProperties'] },
  /** 3.14 */
  run: {
    required: ['tool'],
    others: ['results', 'columnKind', 'originalUriBaseIds', 'artifacts', 'invocations'],
  },
  /** 3.19 */
  toolComponent: {
    required: ['name'],
    others: ['version', 'semanticVersion', 'informationUri', 'rules'],
  },
  /** 3.49 */
  reportingDescriptor: {
    required: ['id'],
    others: ['name', 'shortDescription', 'fullDescription', 'help', 'helpUri'],
  },
  /** 3.27 */
  result: {
    required: ['message'],
    others: [
      'ruleId',
      'ruleIndex',
      'level',
      'locations',
      'relatedLocations',
      'partialFingerprints',
      'codeFlows',
    ],
  },
  /** 3.28 */
  location: { required: [], others: ['id', 'physicalLocation', 'message'] },
  /** 3.29 */
  physicalLocation: { required: ['artifactLocation'], others: ['region'] },
  /** 3.4 */
  artifactLocation: { required: ['uri'], others: ['uriBaseId', 'index'] },
  /** 3.30 */
  region: { required: ['startLine'], others: ['startColumn', 'endLine', 'endColumn'] },
  /** 3.11 */
  message: { required: ['text'], others: ['markdown', 'id'] },
} as const;

type Json = Readonly<Record<string, unknown>>;

function checkShape(object: unknown, kind: keyof typeof OBJECTS): Json {
  const { required, others } = OBJECTS[kind];
  const names = Object.keys(object as object);
  expect(names, kind).toEqual(expect.arrayContaining([...required]));
  const allowed: readonly string[] = [...required, ...others];
  expect(
    names.filter((name) => !allowed.includes(name)),
    kind,
  ).toEqual([]);
  return object as Json;
}

function checkLocation(given: unknown, bases: Json): void {
  const location = checkShape(given, 'location');
  if ('message' in location) checkShape(location['message'], 'message');
  const { artifactLocation, region } = checkShape(location['physicalLocation'], 'physicalLocation');
  const { uri, uriBaseId } = checkShape(artifactLocation, 'artifactLocation');
  const base = bases[String(uriBaseId)] as { uri: string } | undefined;
  expect(uriBaseId === undefined || base !== undefined).toBe(true);
  expect(() => new URL(String(uri), base?.uri)).not.toThrow();
  const { startLine, startColumn, endLine, endColumn } = checkShape(region, 'region');
  const [from, to] = [
    [startLine, startColumn],
    [endLine, endColumn],
  ] as [[number, number], [number, number]];
  for (const number of [...from, ...to]) expect(number).toBeGreaterThanOrEqual(1);
  expect(from[0] < to[0] || (from[0] === to[0] && from[1] <= to[1])).toBe(true);
}

test('findings with related places', async () => {
  const folder = folderWith(publishAndConsume(';'));
  const { code, out } = await run('check', folder, '--format', 'sarif', '--level', 'hint');
  expect(code).toBe(1);
  const log = checkShape(JSON.parse(out), 'sarifLog');
  expect(log['version']).toBe('2.1.0');
  const [given, ...more] = log['runs'] as readonly unknown[];
  expect(more).toEqual([]);
  const { tool, results, columnKind, originalUriBaseIds } = checkShape(given, 'run');
  expect(columnKind).toBe('utf16CodeUnits');
  const bases = originalUriBaseIds as Json;
  for (const { uri } of Object.values(bases) as { uri: string }[]) expect(uri).toMatch(/\/$/);
  const { rules } = checkShape((tool as Json)['driver'], 'toolComponent');
  const ids = (rules as readonly unknown[]).map((rule) => {
    const { id, shortDescription, fullDescription, help } = checkShape(rule, 'reportingDescriptor');
    for (const text of [shortDescription, fullDescription, help]) checkShape(text, 'message');
    return id;
  });
  expect(new Set(ids).size).toBe(ids.length);
  for (const each of results as readonly unknown[]) {
    const result = checkShape(each, 'result');
    checkShape(result['message'], 'message');
    expect(['none', 'note', 'warning', 'error']).toContain(result['level']);
    expect(ids[result['ruleIndex'] as number]).toBe(result['ruleId']);
    const related = result['relatedLocations'] as readonly Json[];
    expect(new Set(related.map(({ id }) => id)).size).toBe(related.length);
    for (const place of [...(result['locations'] as readonly Json[]), ...related])
      checkLocation(place, bases);
  }
  expect((results as readonly Json[]).map(({ ruleId }) => ruleId)).toContain('unresolved-claim');
});

test('the place of a finding is that of the text output', async () => {
  const folder = folderWith(publishAndConsume(';'));
  const { out } = await run('check', folder, '--format', 'sarif');
  const { runs } = JSON.parse(out);
  const { artifactLocation, region } = runs[0].results[0].locations[0].physicalLocation;
  const base = runs[0].originalUriBaseIds[artifactLocation.uriBaseId]?.uri;
  expect(fileURLToPath(new URL(artifactLocation.uri, base))).toBe(join(folder, 'writer.c'));
  expect(region).toEqual({ startLine: 5, startColumn: 5, endLine: 5, endColumn: 38 });
});

test('without findings there is still a log', async () => {
  const { code, out } = await run('check', folderWith(publishAndConsume()), '--format', 'sarif');
  expect(code).toBe(0);
  expect(JSON.parse(out).runs[0].results).toEqual([]);
});

test('an execution is a code flow, a step a location', async () => {
  const files = publishAndConsume('');
  const reader = files['reader.c']!.replace('if (', 'smp_rmb();\n\tif (');
  const folder = folderWith({ ...files, 'reader.c': reader });
  const { out } = await run('check', folder, '--format', 'sarif');
  const results: readonly { readonly codeFlows?: readonly unknown[] }[] =
    JSON.parse(out).runs[0].results;
  const [flows] = results.flatMap(({ codeFlows = [] }) => codeFlows);
  const { threadFlows } = flows as { threadFlows: { locations: { location: Json }[] }[] };
  const steps = threadFlows[0]!.locations.map(({ location }) => location['message']);
  expect(steps).toContainEqual({ text: expect.stringMatching(/publish\(\) writes box\.data/) });
  expect(steps).toContainEqual({ text: expect.stringMatching(/consume\(\) reads box\.flag/) });
});
