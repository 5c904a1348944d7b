/** The engine, with the C grammar that is shipped with the program. */

import type { Claim } from '../claims/claim.ts';
import { grammarFiles } from '../disk/shipped.ts';
import { isMemberName } from '../facts/by-member.ts';
import { fileFacts } from '../facts/facts.ts';
import type { FileFacts } from '../facts/file-facts.ts';
import { functionsCalling } from '../facts/functions-of-file.ts';
import { callsOfPrimitives, macrosOfPrimitives } from '../facts/macros-of-primitives.ts';
import { typesOfParsed } from '../facts/type-index.ts';
import type { LoweringRequest } from '../lowering/lowering.ts';
import type { SharedOrder } from '../pairing/pairing.ts';
import { createPairingIndex } from '../pairing/pairing-index.ts';
import { checkOpenly, type OpenPairingCheck } from '../proof/open-check.ts';
import type { FunctionDefinition, MacroDefinition, SourceFile } from '../syntax/ast.ts';
import { hasOwnOperations, type OwnOperations, ownOperations } from '../syntax/own-operation.ts';
import { parseKernelC } from '../syntax/parse.ts';
import { type CParser, createParser } from '../syntax/parser.ts';
import { withMacros } from '../syntax/with-macros.ts';
import { reachedWords } from './asked-texts.ts';
import type { Engine, HeaderText, ProofQuestion, ProofSources } from './engine.ts';
import { typesOfHeaders } from './headers.ts';
import { type ParsedFiles, parsedFiles } from './parsed-files.ts';
import { parsedTexts } from './parsed-texts.ts';

/** How an engine differs from the usual one. */
export interface EngineOptions {
  /** Pairs by the fields alone, as if no comment named a partner. */
  readonly ignoreComments?: boolean;
}

/** So many headers are kept parsed, those whose functions were asked for last. */
const MOST_HEADERS = 40;

/** Loads the C grammar. Rejects where its files are missing. */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  const parser = await loadParser();
  const readerOf = readers(parser);
  const parseHeader = parsedTexts(parser, MOST_HEADERS);
  const macrosOf = macrosOfHeaders((text) => parseKernelC(parser, text));
  return {
    types: (text) => typesOfParsed(() => parseHeader('', text).parsed),
    facts: (file, text, headers) => {
      const { own, parse } = readerOf(headers);
      const { parsed } = parse(file, text);
      const macros = macrosOfPrimitives(
        [...parsed.macros, ...headers.flatMap(macrosOf)].filter(({ name }) => !own.has(name)),
      );
      const read = (definition: FunctionDefinition) =>
        withMacros(definition, text, macros, (piece, place) => parse(file, piece, place).parsed);
      const types = typesOfHeaders(headers);
      const facts = withOwnClaims(fileFacts(file, parsed, text, types, read), own);
      if (options.ignoreComments !== true) return facts;
      return { ...facts, sites: facts.sites.map((site) => ({ ...site, claims: [], labels: [] })) };
    },
    createIndex: createPairingIndex,
    verdict: (question, { facts, functions, ...texts }) => {
      const { pairing, sites } = question;
      const headers = sites.flatMap(({ file }) => texts.headersOf(file));
      const { own, parse, parsed } = readerOf(headers);
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
      const stored = new Set<string>();
      const check = checkOpenly(pairing, sites, {
        facts,
        functions: (name) => {
          const found = functions(name);
          if (isMemberName(name)) for (const { fact } of found) stored.add(fact.name);
          return found;
        },
        parse,
        of,
        own: new Set(own.keys()),
      });
      const roots = rootsOf(question, check);
      const called = new Set([...roots, ...callersOf(question, facts)]);
      const words = reachedWords([...sources], [...called, ...stored]);
      return { check, files: [...sources].map(({ file }) => file), words, called };
    },
  };
}

/** The function-like macros of headers; of public ones those that are but a name for a call of a primitive: what else the kernel has for
 *  all is in the tables, or is a matter of its own. */
function macrosOfHeaders(
  parse: (text: string) => SourceFile,
): (header: HeaderText) => readonly MacroDefinition[] {
  const known = new WeakMap<HeaderText, readonly MacroDefinition[]>();
  return (header) => {
    const before = known.get(header);
    if (before !== undefined) return before;
    const { path, text } = header;
    const isAsked = !hasOwnOperations(header) && FUNCTION_LIKE.test(text);
    const { macros } = isAsked ? parse(text) : { macros: [] };
    const found = path.includes('/include/')
      ? callsOfPrimitives(macros)
      : macros.filter(({ parameters }) => parameters !== undefined);
    known.set(header, found);
    return found;
  };
}

const FUNCTION_LIKE = /^[ \t]*#[ \t]*define[ \t]+\w+\(/m;

/** How texts are read, with the operations of a project's own. */
interface Reader {
  readonly own: OwnOperations;
  readonly parse: LoweringRequest['parse'];
  readonly parsed: ParsedFiles;
}

/** The readers of texts with these headers; the last one is kept with what it has parsed. */
function readers(parser: CParser): (headers: readonly HeaderText[]) => Reader {
  const plain = (text: string) => parseKernelC(parser, text);
  const readerWith = (own: OwnOperations): Reader => {
    const parse: LoweringRequest['parse'] = (file, text, place) => ({
      file,
      text,
      parsed: parseKernelC(parser, text, place, own),
    });
    return { own, parse, parsed: parsedFiles(parse) };
  };
  const usual = readerWith(NO_OPERATIONS);
  let last: { readonly text: string; readonly reader: Reader } | undefined;
  return (headers) => {
    const text = headers.find(hasOwnOperations)?.text;
    if (text === undefined) return usual;
    if (last?.text !== text) last = { text, reader: readerWith(ownOperations(plain(text), plain)) };
    return last.reader;
  };
}

const NO_OPERATIONS: OwnOperations = new Map();

/** A comment that names such an operation means the one that it stands for. */
function withOwnClaims(facts: FileFacts, own: OwnOperations): FileFacts {
  if (own.size === 0) return facts;
  const named = (claim: Claim): Claim => {
    const found = claim.functions.flatMap((name) => own.get(name)?.call.callee ?? []);
    const [callee] = found;
    if (callee?.kind !== 'identifier') return claim;
    const functions = claim.functions.filter((name) => !own.has(name));
    return { ...claim, functions, primitive: callee.name };
  };
  const sites = facts.sites.map((site) => ({ ...site, claims: site.claims.map(named) }));
  return { ...facts, sites };
}

/** The C grammar from its files. Rejects where they are missing. */
export function loadParser(): Promise<CParser> {
  return createParser(grammarFiles());
}

/** Who calls the functions of both sides in their files: a lock is looked for in them, and in their callers. */
function callersOf({ sites }: ProofQuestion, facts: ProofSources['facts']): readonly string[] {
  return sites.flatMap(({ file, site }) =>
    functionsCalling(facts(file), site.function).map(({ name }) => name),
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
