/** The engine, with the C grammar that is shipped with the program. */

import { grammarFiles } from '../disk/shipped.ts';
import { fileFacts } from '../facts/facts.ts';
import { typesOf } from '../facts/type-index.ts';
import type { LoweringRequest } from '../lowering/lowering.ts';
import type { SharedOrder } from '../pairing/pairing.ts';
import { createPairingIndex } from '../pairing/pairing-index.ts';
import { checkOpenly, type OpenPairingCheck } from '../proof/open-check.ts';
import { parseKernelC } from '../syntax/parse.ts';
import { type CParser, createParser } from '../syntax/parser.ts';
import { reachedWords } from './asked-texts.ts';
import type { Engine, ProofQuestion, ProofSources } from './engine.ts';
import { typesOfHeaders } from './headers.ts';
import { parsedFiles } from './parsed-files.ts';

/** How an engine differs from the usual one. */
export interface EngineOptions {
  /** Pairs by the fields alone, as if no comment named a partner. */
  readonly ignoreComments?: boolean;
}

/** Loads the C grammar. Rejects where its files are missing. */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  const parser = await loadParser();
  const parse: LoweringRequest['parse'] = (file, text, place) => ({
    file,
    text,
    parsed: parseKernelC(parser, text, place),
  });
  const parsed = parsedFiles(parse);
  return {
    types: (text) => typesOf(parseKernelC(parser, text)),
    facts: (file, text, headers) => {
      const facts = fileFacts(file, parseKernelC(parser, text), text, typesOfHeaders(headers));
      if (options.ignoreComments !== true) return facts;
      return { ...facts, sites: facts.sites.map((site) => ({ ...site, claims: [], labels: [] })) };
    },
    createIndex: createPairingIndex,
    verdict: (question, { facts, functions, ...texts }) => {
      const { pairing, sites } = question;
      const sources = new Set(
        parsed(
          sites.map(({ file }) => file),
          texts,
        ),
      );
      const of = (files: readonly string[]) => {
        const found = parsed(files, texts);
        for (const source of found) sources.add(source);
        return found;
      };
      const check = checkOpenly(pairing, sites, { facts, functions, parse, of });
      const roots = rootsOf(question, check);
      const called = new Set([...roots, ...callersOf(question, facts)]);
      const words = reachedWords([...sources], called);
      return { check, files: [...sources].map(({ file }) => file), words, called };
    },
  };
}

/** The C grammar from its files. Rejects where they are missing. */
export function loadParser(): Promise<CParser> {
  return createParser(grammarFiles());
}

/** Who calls the functions of both sides in their files: a lock is looked for in them, and in their callers. */
function callersOf({ sites }: ProofQuestion, facts: ProofSources['facts']): readonly string[] {
  return sites.flatMap(({ file, site }) =>
    (facts(file)?.functions ?? []).flatMap(({ name, calls }) =>
      calls.includes(site.function) ? [name] : [],
    ),
  );
}

/** The functions of both sides, and the callers from which they are looked at. */
function rootsOf({ pairing, sites }: ProofQuestion, check: OpenPairingCheck): ReadonlySet<string> {
  const own = sites.map(({ site }) => site.function);
  const all: readonly SharedOrder[] = [
    ...pairing.orders,
    ...check.orders.map(({ order }) => order),
  ];
  const callers = all.flatMap(({ accesses }) =>
    accesses.flat().flatMap(({ caller }) => caller ?? []),
  );
  return new Set([...own, ...callers]);
}
