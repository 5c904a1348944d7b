/** From one side of a pairing to the others in the editor's call hierarchy: each barrier with what it is worth and what it orders. */

import {
  type CallHierarchyIncomingCall,
  type CallHierarchyItem,
  type CallHierarchyOutgoingCall,
  CallHierarchyPrepareRequest,
  type CancellationToken,
  type ClientCapabilities,
  type Connection,
  type ServerCapabilities,
  SymbolKind,
} from 'vscode-languageserver/node';
import type { ListedBarrier, ListedPartner } from '../language-service/barrier-list.ts';
import type { Snapshot } from '../language-service/snapshot.ts';
import { touches } from '../text/span.ts';
import { rangeOf } from './convert.ts';
import type { SiteParams } from './protocol.ts';
import type { At } from './server-commands.ts';
import { uriOf } from './uri.ts';

interface Parts {
  readonly connection: Connection;
  readonly at: (site: SiteParams, cancelled: CancellationToken) => Promise<At | undefined>;
}

/** For a client that asks all servers of a document. */
export const HIERARCHY_CAPABILITY: Pick<ServerCapabilities, 'callHierarchyProvider'> = {
  callHierarchyProvider: true,
};

/** VS Code asks one extension alone, that with the narrowest selector: who knows the calls of C comes before. */
export async function offerHierarchy(
  connection: Connection,
  { textDocument }: ClientCapabilities,
): Promise<void> {
  if (textDocument?.callHierarchy?.dynamicRegistration !== true) return;
  const documentSelector = [{ language: '*' }];
  await connection.client.register(CallHierarchyPrepareRequest.type, { documentSelector });
}

/** Answers where a hierarchy begins, and who is on the other side: the same in both directions, for none calls the other. */
export function answerHierarchy({ connection, at }: Parts): void {
  const { callHierarchy } = connection.languages;
  const itsPartners = async (
    { uri, selectionRange: { start } }: CallHierarchyItem,
    token: CancellationToken,
  ) => {
    const asked = await at({ uri, position: start }, token);
    return asked === undefined ? [] : partnersOf(asked);
  };
  callHierarchy.onPrepare(async ({ textDocument: { uri }, position }, token) => {
    const asked = await at({ uri, position }, token);
    const barrier = asked && barrierAt(asked);
    return asked === undefined || barrier === undefined ? null : [itemOf(asked.snapshot, barrier)];
  });
  callHierarchy.onIncomingCalls(
    async ({ item }, token): Promise<CallHierarchyIncomingCall[]> =>
      (await itsPartners(item, token)).map((from) => ({ from, fromRanges: [from.selectionRange] })),
  );
  callHierarchy.onOutgoingCalls(
    async ({ item }, token): Promise<CallHierarchyOutgoingCall[]> =>
      (await itsPartners(item, token)).map((to) => ({ to, fromRanges: [item.selectionRange] })),
  );
}

function barrierAt({ snapshot, path, offset }: At): ListedBarrier | undefined {
  return snapshot.barriers(path).find(({ span }) => touches(span, offset));
}

/** Of a partner that is an operation without a lens nothing further is known. */
function partnersOf(asked: At): readonly CallHierarchyItem[] {
  return (barrierAt(asked)?.partners ?? []).map((partner) => itemOf(asked.snapshot, partner));
}

function itemOf(
  snapshot: Snapshot,
  { name, told, orders, file, span }: ListedPartner,
): CallHierarchyItem {
  const range = rangeOf(snapshot, { file, span });
  const detail = [told, ...orders].join(' · ');
  return { name, kind: SymbolKind.Event, detail, uri: uriOf(file), range, selectionRange: range };
}
