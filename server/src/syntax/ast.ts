/**
 * Kernel C as plain data: what the rest of the engine sees of a file. Built from tree-sitter's tree,
 * which it outlives. Spans are offsets into the text as the user wrote it (the pre-pass preserves
 * lengths). What could not be understood is kept as `unknown`, never dropped.
 */

import type { Span } from '../text/span.ts';
import type { ConditionalGroup } from './conditional-groups.ts';
import type { Alignment, LayoutAttributes } from './layout-attributes.ts';
import type { MacroCall } from './macro-token.ts';

/** A C type as far as the engine needs it: the name it ends in and the pointers around it. */
export interface TypeName {
  /** `struct klp_func`, `unsigned long`, `atomic_t`; `typeof(*p)` as written; a struct without a name
   *  that is the type of a field is named after it (`struct box.inner`); empty where it cannot be told. */
  readonly base: string;
  /** How many `*` (and array dimensions count in `arrays`). */
  readonly pointers: number;
  readonly arrays: number;
  /** A function, or a pointer to one: `base` and `pointers` then tell about the result. */
  readonly isFunction?: true;
  /** How pointers, arrays and functions nest around `base`, the outermost first: `int (*a)[2]` is a pointer
   *  to an array. Absent where there are only pointers without qualifiers. */
  readonly derived?: readonly Derivation[];
  /** The struct or union that is defined in place and has no name of its own. */
  readonly definition?: StructDefinition;
  /** Those of `base`. */
  readonly qualifiers?: Qualifiers;
  /** Of what a typedef names: the alignment that it asks for. */
  readonly alignment?: Alignment;
}

/** What makes `const char` another type than `char` where it is pointed to (C11 6.7.3). */
export type Qualifiers = 'const' | 'volatile' | 'const volatile';

/** One step of a declarator. */
export type Derivation =
  | { readonly kind: 'pointer'; readonly qualifiers?: Qualifiers }
  /** Without types where it is not written what it takes: `()`, `(int, ...)`. */
  | { readonly kind: 'function'; readonly takes?: readonly TypeName[] }
  /** Without a length where none is written: `[]`. */
  | { readonly kind: 'array'; readonly length?: Expression };

export type Expression =
  | { readonly kind: 'identifier'; readonly name: string; readonly span: Span }
  /** Also characters, `true`, `false` and `NULL`; `value` is absent where it is no safe integer. */
  | { readonly kind: 'number'; readonly text: string; readonly value?: number; readonly span: Span }
  | { readonly kind: 'string'; readonly text: string; readonly span: Span }
  | {
      readonly kind: 'call';
      readonly callee: Expression;
      readonly arguments: readonly Expression[];
      readonly span: Span;
    }
  | {
      readonly kind: 'field';
      readonly base: Expression;
      readonly arrow: boolean;
      readonly name: string;
      readonly nameSpan: Span;
      readonly span: Span;
    }
  | {
      readonly kind: 'index';
      readonly base: Expression;
      readonly index: Expression;
      readonly span: Span;
    }
  | {
      readonly kind: 'unary';
      readonly operator: '*' | '&' | '-' | '+' | '!' | '~';
      readonly operand: Expression;
      readonly span: Span;
    }
  | {
      readonly kind: 'update';
      readonly operator: '++' | '--';
      readonly prefix: boolean;
      readonly operand: Expression;
      readonly span: Span;
    }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
      /** Whether it stands in parentheses: what looks like an operator of two sides before it may be one of one side, behind a cast. */
      readonly isGrouped?: true;
      readonly span: Span;
    }
  | {
      readonly kind: 'assign';
      readonly operator: string;
      readonly target: Expression;
      readonly value: Expression;
      readonly span: Span;
    }
  /** `c ? a : b`; `consequence` is absent in GNU `c ?: b`. */
  | {
      readonly kind: 'conditional';
      readonly condition: Expression;
      readonly consequence?: Expression;
      readonly alternative: Expression;
      readonly span: Span;
    }
  | {
      readonly kind: 'cast';
      readonly type: TypeName;
      readonly operand: Expression;
      readonly span: Span;
    }
  /** A constant of a type; the operand (a `type`, or an expression) is not evaluated. */
  | {
      readonly kind: 'sizeof';
      readonly of: 'size' | 'alignment';
      readonly operand: Expression;
      readonly span: Span;
    }
  | {
      readonly kind: 'offsetof';
      readonly type: TypeName;
      /** As written: `a.b[2]`. */
      readonly member: string;
      readonly span: Span;
    }
  /** `_Generic`: the value for the type of what is not evaluated; without a type for `default`. */
  | {
      readonly kind: 'generic';
      readonly control: Expression;
      readonly associations: readonly { readonly type?: TypeName; readonly value: Expression }[];
      readonly span: Span;
    }
  | { readonly kind: 'comma'; readonly parts: readonly Expression[]; readonly span: Span }
  | {
      readonly kind: 'statement-expression';
      readonly body: readonly Statement[];
      readonly span: Span;
    }
  /** Braces as a value; `designator` is `.name` or `[index]` as written. */
  | {
      readonly kind: 'initializer';
      readonly type?: TypeName;
      readonly items: readonly InitializerItem[];
      readonly span: Span;
    }
  /** A type where an expression is expected: the argument of `container_of`, `sizeof`, ... */
  | { readonly kind: 'type'; readonly type: TypeName; readonly span: Span }
  /** Only in the steps of a control flow: a part whose evaluation earlier steps have made. */
  | { readonly kind: 'evaluated'; readonly expression: Expression; readonly span: Span }
  | { readonly kind: 'unknown'; readonly text: string; readonly span: Span };

export interface InitializerItem {
  readonly designator?: string;
  readonly value: Expression;
}

export interface Declarator {
  readonly name: string;
  readonly nameSpan: Span;
  readonly type: TypeName;
  readonly isStatic: boolean;
  /** Declared here, and defined elsewhere unless it has a value. */
  readonly isExtern?: true;
  readonly initial?: Expression;
  readonly span: Span;
}

export interface SwitchCase {
  /** Absent for `default`. */
  readonly value?: Expression;
  /** No case: what stands before the first one, where only a label inside of it is jumped to. */
  readonly isBefore?: true;
  /** The end of a GNU range `case a ... b`. */
  readonly to?: Expression;
  readonly body: readonly Statement[];
  readonly span: Span;
}

/** A case that stands inside a statement of the switch: it is a label there. */
export interface InnerCase extends Omit<SwitchCase, 'body' | 'span' | 'isBefore'> {
  readonly label: string;
}

export type Statement =
  | { readonly kind: 'expression'; readonly expression: Expression; readonly span: Span }
  | {
      readonly kind: 'declaration';
      readonly declarators: readonly Declarator[];
      /** What it defines beside them, for the rest of the block. */
      readonly types?: DefinedTypes;
      readonly span: Span;
    }
  | { readonly kind: 'block'; readonly body: readonly Statement[]; readonly span: Span }
  | {
      readonly kind: 'if';
      readonly condition: Expression;
      readonly then: Statement;
      readonly otherwise?: Statement;
      readonly span: Span;
    }
  | {
      readonly kind: 'while';
      readonly condition: Expression;
      readonly body: Statement;
      readonly span: Span;
    }
  | {
      readonly kind: 'do';
      readonly body: Statement;
      readonly condition: Expression;
      readonly span: Span;
    }
  | {
      readonly kind: 'for';
      readonly initial?: Statement;
      readonly condition?: Expression;
      readonly update?: Expression;
      readonly body: Statement;
      readonly span: Span;
    }
  /** A loop made by a macro: `list_for_each_entry(pos, head, member) body`. */
  | {
      readonly kind: 'macro-loop';
      readonly macro: string;
      readonly macroSpan: Span;
      readonly arguments: readonly Expression[];
      readonly body: Statement;
      readonly span: Span;
    }
  /** Cases in text order; control falls from one into the next without `break`. What stands before
   *  the first case, or where the body is no block, is not kept: it cannot be reached, or is unknown. */
  | {
      readonly kind: 'switch';
      readonly value: Expression;
      readonly cases: readonly SwitchCase[];
      readonly inner?: readonly InnerCase[];
      readonly span: Span;
    }
  | { readonly kind: 'goto'; readonly label: string; readonly span: Span }
  | {
      readonly kind: 'label';
      readonly label: string;
      readonly statement?: Statement;
      readonly span: Span;
    }
  | { readonly kind: 'return'; readonly value?: Expression; readonly span: Span }
  | { readonly kind: 'break'; readonly span: Span }
  | { readonly kind: 'continue'; readonly span: Span }
  | { readonly kind: 'asm'; readonly text: string; readonly span: Span }
  | { readonly kind: 'empty'; readonly span: Span }
  /** `#if`/`#ifdef` among statements: the alternatives, each with its condition as written. */
  | {
      readonly kind: 'preprocessor-if';
      readonly branches: readonly {
        readonly condition: string;
        readonly body: readonly Statement[];
      }[];
      readonly span: Span;
    }
  | { readonly kind: 'unknown'; readonly text: string; readonly span: Span };

export interface Parameter {
  readonly name: string;
  readonly type: TypeName;
  readonly span: Span;
}

export interface FunctionDefinition {
  readonly name: string;
  readonly nameSpan: Span;
  readonly returns: TypeName;
  readonly parameters: readonly Parameter[];
  readonly isStatic: boolean;
  readonly isInline: boolean;
  /** The macro that makes the function (`SYSCALL_DEFINE3`), where one does. */
  readonly madeBy?: string;
  readonly body: readonly Statement[];
  readonly span: Span;
  /** Where the parser could not follow, inside this function. Empty is what a function should be. */
  readonly errors: readonly Span[];
  /** Alternatives of an `#if` that splits a statement: only one can be read, these were left out. */
  readonly omitted: readonly Span[];
  /** The uses of macros that were replaced before it was read: what they brought has their spans. */
  readonly replaced?: readonly MacroCall[];
  /** Where, those replaced, variables are made that a function cleans up (gcc's attribute `cleanup`). */
  readonly cleanups?: readonly Span[];
}

export interface StructDefinition {
  /** With its keyword: `struct klp_func`, `union u`; a typedef name stands alone. */
  readonly name: string;
  readonly isUnion: boolean;
  /** Members of members without a name are among its own, as in C. */
  readonly fields: readonly {
    readonly name: string;
    readonly type: TypeName;
    readonly span: Span;
  }[];
  /** The same as they are laid out. */
  readonly members: readonly Member[];
  readonly attributes: LayoutAttributes;
  readonly span: Span;
}

/** What a struct or union consists of. */
export type Member =
  | {
      readonly kind: 'field';
      /** Empty for a bit-field without a name, which only takes room. */
      readonly name: string;
      readonly type: TypeName;
      /** The width of a bit-field. */
      readonly bits?: Expression;
      readonly attributes: LayoutAttributes;
    }
  /** A struct or union without a name, whose members are the outer one's too. */
  | {
      readonly kind: 'nested';
      readonly isUnion: boolean;
      readonly members: readonly Member[];
      readonly attributes: LayoutAttributes;
    }
  /** `#if` among members: the alternatives, each with its condition as written. */
  | {
      readonly kind: 'alternatives';
      readonly branches: readonly {
        readonly condition: string;
        readonly members: readonly Member[];
      }[];
    };

/** `#define NAME body` or `#define NAME(parameters) body`; the body with continuations as written. */
export interface MacroDefinition {
  readonly name: string;
  readonly parameters?: readonly string[];
  readonly body: string;
  readonly bodyStart: number;
  readonly span: Span;
}

/** A macro used at file scope as a definition or declaration: `DEFINE_SPINLOCK(lock);`. */
export interface MacroUse {
  readonly macro: string;
  /** As written, trimmed. */
  readonly arguments: readonly string[];
  readonly span: Span;
}

export interface Comment {
  readonly text: string;
  readonly span: Span;
}

export interface Enumerator {
  readonly name: string;
  /** Where it is a number, or follows one. */
  readonly value?: number;
  /** What it is said to be. */
  readonly written?: Expression;
  /** The enumerator before it, where nothing is written: it is one more. */
  readonly after?: string;
  /** The type that it is of: `enum box_state`; without a tag it is called after its first enumerator. */
  readonly of?: string;
  readonly span: Span;
}

/** A name for a type. */
export interface Typedef {
  readonly name: string;
  readonly type: TypeName;
  readonly span: Span;
}

/** Types and constants that a text defines, in text order. */
export interface DefinedTypes {
  readonly structs: readonly StructDefinition[];
  readonly typedefs: readonly Typedef[];
  readonly enumerators: readonly Enumerator[];
}

/** One parsed file. */
export interface SourceFile extends DefinedTypes {
  readonly functions: readonly FunctionDefinition[];
  readonly globals: readonly Declarator[];
  /** All that are defined anywhere in the file, in text order; likewise those that are taken back. */
  readonly macros: readonly MacroDefinition[];
  readonly undefinedMacros: readonly { readonly name: string; readonly span: Span }[];
  readonly conditionals: readonly ConditionalGroup[];
  readonly macroUses: readonly MacroUse[];
  readonly includes: readonly string[];
  readonly comments: readonly Comment[];
  /** Functions declared, not defined, here: name and type of the result. */
  readonly prototypes: readonly {
    readonly name: string;
    readonly returns: TypeName;
    readonly span: Span;
  }[];
  /** Where the parser could not follow, outside of functions. */
  readonly errors: readonly Span[];
  /** Alternatives of an `#if` that splits something at file scope: left out, as in a function. */
  readonly omitted: readonly Span[];
  /** Text under `#if 0`, or for assembly only: in no configuration part of the program, and not read. */
  readonly neverCompiled: readonly Span[];
}
