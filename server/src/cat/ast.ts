/** The cat language as plain data: expressions over sets and relations of events, and instructions.
 *  (Alglave, Cousot, Maranget, "Syntax and semantics of the weak consistency model specification
 *  language cat", 2016; the part that the kernel's models and herd's library use.) */

import type { SourceSpan } from './source.ts';

/** A name, `_`, or a tuple of them: what a function's argument or a `let` binds. */
export type Pattern = readonly (string | undefined)[];

export interface Binding {
  readonly pattern: Pattern;
  /** A tuple pattern even where it has one element or none: `let f() = ...`. */
  readonly value: Expression;
  readonly span: SourceSpan;
}

export type UnaryOperator = 'complement' | 'star' | 'plus' | 'option' | 'inverse' | 'identity';
export type BinaryOperator =
  | 'union'
  | 'add'
  | 'sequence'
  | 'difference'
  | 'intersection'
  | 'product';

export type Expression = { readonly span: SourceSpan } & (
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'tag'; readonly tag: string }
  /** `0`: the empty relation, and the empty set where a set is wanted. */
  | { readonly kind: 'empty' }
  /** `_`: all events. */
  | { readonly kind: 'universe' }
  | { readonly kind: 'set'; readonly elements: readonly Expression[] }
  | { readonly kind: 'tuple'; readonly elements: readonly Expression[] }
  | { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'apply'; readonly callee: Expression; readonly argument: Expression }
  | { readonly kind: 'function'; readonly parameter: Pattern; readonly body: Expression }
  | {
      readonly kind: 'let';
      readonly recursive: boolean;
      readonly bindings: readonly Binding[];
      readonly body: Expression;
    }
  | { readonly kind: 'try'; readonly attempt: Expression; readonly otherwise: Expression }
  /** `match S with || {} -> empty || e ++ es -> some`. */
  | {
      readonly kind: 'match-set';
      readonly value: Expression;
      readonly empty: Expression;
      readonly element: string | undefined;
      readonly rest: string | undefined;
      readonly some: Expression;
    }
  | {
      readonly kind: 'match-tag';
      readonly value: Expression;
      readonly clauses: readonly { readonly tag: string; readonly body: Expression }[];
      readonly otherwise?: Expression;
    }
);

export interface Test {
  readonly test: 'acyclic' | 'irreflexive' | 'empty';
  readonly negated: boolean;
  readonly value: Expression;
  readonly name?: string;
}

export type Instruction = { readonly span: SourceSpan } & (
  | { readonly kind: 'let'; readonly recursive: boolean; readonly bindings: readonly Binding[] }
  /** `check` forbids the execution where it fails; `flag` only raises the flag where it holds. */
  | ({ readonly kind: 'check' | 'flag' } & Test)
  | { readonly kind: 'include'; readonly file: string }
  | { readonly kind: 'with-from'; readonly name: string; readonly from: Expression }
  | {
      readonly kind: 'procedure';
      readonly name: string;
      readonly parameter: Pattern;
      readonly body: readonly Instruction[];
    }
  | { readonly kind: 'call'; readonly name: string; readonly argument: Expression }
  | {
      readonly kind: 'forall';
      readonly name: string;
      readonly from: Expression;
      readonly body: readonly Instruction[];
    }
  /** The branch that is taken of `if "variant" ... else ... end`. */
  | { readonly kind: 'branch'; readonly body: readonly Instruction[] }
  /** bell: `enum Accesses = 'once || ...`. */
  | { readonly kind: 'enum'; readonly name: string; readonly tags: readonly string[] }
  /** bell: `instructions R[{'once,...}]`; says which tags an instruction may bear. */
  | { readonly kind: 'instructions'; readonly name: string }
  /** `show`, `unshow`: of no effect on what is allowed. */
  | { readonly kind: 'show' }
);

/** A cat or bell file, without its title. */
export interface Model {
  readonly instructions: readonly Instruction[];
}
