/**
 * What the client and the server say to each other beyond the language server protocol. The client
 * imports these types and nothing else of the server. Methods are named `barrierlens/...`.
 */

/** A place in a document, counted from zero as the protocol does. */
export interface SiteParams {
  readonly uri: string;
  readonly position: { readonly line: number; readonly character: number };
}

/** What a client says of itself when it starts the server. */
export interface ClientOptions {
  /** Whether it has the command `barrierlens.showExecution`, to which a hover may then link. */
  readonly showsExecutions?: boolean;
  /** Whether it has the command `barrierlens.showDetails`. */
  readonly showsDetails?: boolean;
}

/** Request `barrierlens/execution`, from the client: the witness of the verdict at a barrier; `barrierlens/table` of the address
 *  of a file: what the scenarios say of its tree, each cell with its executions. */
export interface ExecutionView {
  readonly title: string;
  /** The body of the page. */
  readonly html: string;
  /** How it looks, in variables that the client gives the colours of the theme. */
  readonly style: string;
  /** What it does: runs under a nonce, and tells the client `PlayerMessage`s. */
  readonly script: string;
  /** The picture in it, as an SVG document. */
  readonly picture?: string;
}

/** What the page of an execution asks of the client: to show a line (from zero), the litmus test, or where to save the picture. */
export type PlayerMessage =
  | { readonly kind: 'reveal'; readonly uri: string; readonly line: number }
  | { readonly kind: 'litmus' | 'svg' };

/** Requests of a server without a disk, to the client, each answered with what was found or the `problem` in a sentence:
 *  `barrierlens/readText` (the text of a file of at most `limit` bytes), `barrierlens/list` (the entries of a folder, by name),
 *  `barrierlens/exists`. */
export interface FileParams {
  readonly uri: string;
  readonly limit: number;
}

export interface FolderEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory';
}

/** What a server that is a worker says when it was handed what is shipped, before it speaks the protocol. */
export type WorkerReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly why: string };

/** Request `barrierlens/litmus`, from the client: the program behind the verdict at a barrier. */
export interface LitmusExport {
  /** The test's name, which is the file's name without `.litmus`. */
  readonly name: string;
  readonly text: string;
}

/** Request `barrierlens/details`, from the client: all that is known of a barrier, as text. */
export interface DetailsView {
  readonly title: string;
  readonly text: string;
}

/** Request `barrierlens/pairings`, from the client: the barriers of the open files and of those that pair with them. */
export interface PairingsView {
  /** How many warnings are shown, in all files. */
  readonly warnings: number;
  /** What of the folder is read, in a sentence, where that is not all. */
  readonly part?: string;
  readonly barriers: readonly PairingsBarrier[];
}

/** A barrier of the list, or a partner of one. */
export interface PairingsEntry {
  /** `smp_wmb() in publish()`. */
  readonly name: string;
  /** The verdict in a few words, with its sign. */
  readonly told: string;
  readonly uri: string;
  readonly range: ProtocolRange;
}

export interface PairingsBarrier extends PairingsEntry {
  /** By what it is worth. */
  readonly group: 'warned' | 'unknown' | 'running' | 'needed' | 'not needed';
  /** The paths of the scenarios that say something of it. */
  readonly paths: readonly string[];
  readonly partners: readonly PairingsEntry[];
}

/** Notification `barrierlens/status`, from the server: what it is doing, and what is missing. */
export interface Status {
  /** `running`: at work. `warned`: there are warnings. `stale`: some answers are of an earlier text. `incomplete`: some
   *  barriers of the open files have no answer, or something was left out. `current`: none of that. */
  readonly state: 'running' | 'warned' | 'stale' | 'incomplete' | 'current';
  /** A few words for the status bar: `reading 120 of 3412 files`, `2 warnings`; empty where all is well. */
  readonly text: string;
  /** Why it is so, in sentences. */
  readonly why: readonly string[];
}

/** Arguments of the client's command `barrierlens.showPartners`, which a code lens carries. */
export type PartnerArguments = readonly [
  at: SiteParams,
  partners: readonly { readonly uri: string; readonly range: ProtocolRange }[],
];

export interface ProtocolRange {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}
