/** A control-flow graph while it grows: steps, and ends of ways that still lead nowhere. */

import type { Span } from '../text/span.ts';
import type { Declarator, Expression, Statement } from './ast.ts';

/** One step of a function: an expression that is evaluated, in C's order, or a place of joining.
 *  Operators that branch (`&&`, `||`, `?:`) and statement expressions are taken apart into steps. */
export interface StepContent {
  readonly kind: 'entry' | 'exit' | 'evaluate' | 'branch' | 'join' | 'unknown';
  /** What is evaluated here. Parts that earlier steps have evaluated are `evaluated` in it; without such
   *  parts it is the very object of the AST. The branch of a macro loop evaluates a call of the macro;
   *  that of an `#if` evaluates nothing. */
  readonly expression?: Expression;
  /** The variable whose first value this is. */
  readonly declarator?: Declarator;
  /** The statement it belongs to. */
  readonly statement?: Statement;
  readonly span: Span;
}

/** Why control takes one of several ways. */
export interface Choice {
  /** For a branch: the outcome that leads this way. A macro loop's body is on `true`. */
  readonly when?: boolean;
  /** For the branch of a `switch`. */
  readonly label?: CaseLabel;
  /** For the branch of an `#if`: the condition as written; `else` also where there is no `#else`. */
  readonly condition?: string;
}

/** `case value:`, `case value ... to:`; empty for `default` and for "none of the others". */
export interface CaseLabel {
  readonly value?: Expression;
  readonly to?: Expression;
}

/** A way out of a step that is to be connected to the next one. */
export interface Exit extends Choice {
  readonly from: number;
}

interface GrowingStep extends StepContent {
  readonly edges: (Choice & { readonly to: number })[];
}

/** Where `break` and `continue` lead; the exits collect what leaves this way. */
export interface Jumps {
  readonly breaks?: Exit[];
  readonly continues?: Exit[];
}

export class FlowBuilder {
  readonly steps: GrowingStep[] = [];
  readonly entry: number;
  readonly exit: number;
  jumps: Jumps = {};
  readonly #labels = new Map<string, { step?: number; readonly gotos: Exit[] }>();

  constructor(span: Span) {
    this.entry = this.add({ kind: 'entry', span: { start: span.start, end: span.start } }, []);
    this.exit = this.add({ kind: 'exit', span: { start: span.end, end: span.end } }, []);
  }

  /** Adds a step that `exits` lead to, and returns its number. */
  add(step: StepContent, exits: readonly Exit[]): number {
    this.steps.push({ ...step, edges: [] });
    this.connect(exits, this.steps.length - 1);
    return this.steps.length - 1;
  }

  connect(exits: readonly Exit[], to: number): void {
    for (const { from, ...edge } of exits) this.steps[from]!.edges.push({ ...edge, to });
  }

  /** One way out instead of several: every later step then has one predecessor to be connected to. */
  join(exits: readonly Exit[], at: Omit<StepContent, 'kind'>): readonly Exit[] {
    if (exits.length < 2) return exits;
    return [{ from: this.add({ ...at, kind: 'join' }, exits) }];
  }

  /** Runs `body` with other targets of `break` and `continue`. */
  within<Result>(jumps: Jumps, body: () => Result): Result {
    const outer = this.jumps;
    this.jumps = { ...outer, ...jumps };
    try {
      return body();
    } finally {
      this.jumps = outer;
    }
  }

  setLabel(name: string, step: number): void {
    this.#label(name).step = step;
  }

  addGoto(name: string, exits: readonly Exit[]): void {
    this.#label(name).gotos.push(...exits);
  }

  /** Connects every `goto`, when all labels are known. */
  closeGotos(): void {
    for (const { step, gotos } of this.#labels.values()) this.connect(gotos, step ?? this.exit);
  }

  #label(name: string): { step?: number; readonly gotos: Exit[] } {
    const known = this.#labels.get(name);
    if (known !== undefined) return known;
    const label = { gotos: [] };
    this.#labels.set(name, label);
    return label;
  }
}
