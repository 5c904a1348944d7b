/** The control flow of statements. */

import type { Expression, Statement, SwitchCase } from './ast.ts';
import type { CaseLabel, Exit, FlowBuilder } from './flow-builder.ts';
import { branchOn, evaluate, type Place, takeApart, type Ways } from './flow-expression.ts';

type Exits = readonly Exit[];
type Of<Kind extends Statement['kind']> = Extract<Statement, { kind: Kind }>;

/** The flow of statements one after the other: from `exits` to the ways out of the last. */
export function flowOfStatements(
  builder: FlowBuilder,
  body: readonly Statement[],
  exits: Exits,
): Exits {
  return body.reduce<Exits>((ways, statement) => flowOf(builder, statement, ways), exits);
}

function placeOf(statement: Statement): Place {
  return { statement, statements: flowOfStatements };
}

function flowOf(builder: FlowBuilder, statement: Statement, exits: Exits): Exits {
  switch (statement.kind) {
    case 'expression':
      return evaluate(builder, statement.expression, exits, placeOf(statement));
    case 'declaration':
      return flowOfDeclaration(builder, statement, exits);
    case 'block':
      return flowOfStatements(builder, statement.body, exits);
    case 'if':
      return flowOfIf(builder, statement, exits);
    case 'while':
      return flowOfLoop(builder, statement, exits, conditionOf(statement, statement.condition));
    case 'do':
      return flowOfDo(builder, statement, exits);
    case 'for':
      return flowOfFor(builder, statement, exits);
    case 'macro-loop':
      return flowOfLoop(builder, statement, exits, (from, ways) =>
        macroHead(from, statement, ways),
      );
    case 'switch':
      return flowOfSwitch(builder, statement, exits);
    case 'goto':
      builder.addGoto(statement.label, mark(builder, 'evaluate', statement, exits));
      return [];
    case 'label':
      return flowOfLabel(builder, statement, exits);
    case 'return':
      builder.connect(flowOfReturn(builder, statement, exits), builder.exit);
      return [];
    case 'break':
      return leave(builder, statement, builder.jumps.breaks, exits);
    case 'continue':
      return leave(builder, statement, builder.jumps.continues, exits);
    case 'asm':
      return mark(builder, 'evaluate', statement, exits);
    case 'empty':
      return exits;
    case 'preprocessor-if':
      return flowOfAlternatives(builder, statement, exits);
    case 'unknown':
      return mark(builder, 'unknown', statement, exits);
  }
}

/** A step without expression that stands for the whole statement. */
function mark(
  builder: FlowBuilder,
  kind: 'evaluate' | 'unknown' | 'join',
  statement: Statement,
  exits: Exits,
): Exits {
  return [{ from: builder.add({ kind, statement, span: statement.span }, exits) }];
}

function flowOfDeclaration(
  builder: FlowBuilder,
  statement: Of<'declaration'>,
  exits: Exits,
): Exits {
  let ways = exits;
  for (const declarator of statement.declarators) {
    if (declarator.initial === undefined) continue;
    const { rest, exits: after } = takeApart(builder, declarator.initial, ways, placeOf(statement));
    const step = {
      kind: 'evaluate',
      expression: rest,
      declarator,
      statement,
      span: declarator.span,
    } as const;
    ways = [{ from: builder.add(step, after) }];
  }
  return ways;
}

function flowOfIf(builder: FlowBuilder, statement: Of<'if'>, exits: Exits): Exits {
  const { whenTrue, whenFalse } = branchOn(builder, statement.condition, exits, placeOf(statement));
  const then = flowOf(builder, statement.then, whenTrue);
  const otherwise =
    statement.otherwise === undefined ? whenFalse : flowOf(builder, statement.otherwise, whenFalse);
  return builder.join([...then, ...otherwise], { statement, span: statement.span });
}

/** Evaluates a loop's condition, on the ways that lead to it. */
type Head = (builder: FlowBuilder, exits: Exits) => Ways;

function conditionOf(statement: Statement, condition: Expression): Head {
  return (builder, exits) => branchOn(builder, condition, exits, placeOf(statement));
}

/** The head of a macro's loop is evaluated before each turn, and may let none happen. */
function macroHead(builder: FlowBuilder, statement: Of<'macro-loop'>, exits: Exits): Ways {
  const callee: Expression = {
    kind: 'identifier',
    name: statement.macro,
    span: statement.macroSpan,
  };
  const end = statement.arguments.at(-1)?.span.end ?? statement.macroSpan.end;
  const span = { start: statement.macroSpan.start, end };
  const call: Expression = { kind: 'call', callee, arguments: statement.arguments, span };
  const { rest, exits: after } = takeApart(builder, call, exits, placeOf(statement));
  const from = builder.add({ kind: 'branch', expression: rest, statement, span }, after);
  return { whenTrue: [{ from, when: true }], whenFalse: [{ from, when: false }] };
}

/** `while`, and what is like it: head, body, and back to the head. */
function flowOfLoop(
  builder: FlowBuilder,
  statement: Of<'while' | 'macro-loop'>,
  exits: Exits,
  head: Head,
): Exits {
  const start = mark(builder, 'join', statement, exits);
  const ways = head(builder, start);
  const breaks: Exit[] = [];
  const continues: Exit[] = [];
  const after = builder.within({ breaks, continues }, () =>
    flowOf(builder, statement.body, ways.whenTrue),
  );
  builder.connect([...after, ...continues], start[0]!.from);
  return builder.join([...ways.whenFalse, ...breaks], { statement, span: endOf(statement) });
}

function endOf({ span }: Statement): { readonly start: number; readonly end: number } {
  return { start: span.end, end: span.end };
}

function flowOfDo(builder: FlowBuilder, statement: Of<'do'>, exits: Exits): Exits {
  const start = mark(builder, 'join', statement, exits);
  const breaks: Exit[] = [];
  const continues: Exit[] = [];
  const after = builder.within({ breaks, continues }, () => flowOf(builder, statement.body, start));
  const ways = branchOn(builder, statement.condition, [...after, ...continues], placeOf(statement));
  builder.connect(ways.whenTrue, start[0]!.from);
  return builder.join([...ways.whenFalse, ...breaks], { statement, span: endOf(statement) });
}

function flowOfFor(builder: FlowBuilder, statement: Of<'for'>, exits: Exits): Exits {
  const { initial, condition, update, body } = statement;
  const place = placeOf(statement);
  const first = initial === undefined ? exits : flowOf(builder, initial, exits);
  const start = mark(builder, 'join', statement, first);
  const always: Ways = { whenTrue: start, whenFalse: [] };
  const ways = condition === undefined ? always : branchOn(builder, condition, start, place);
  const breaks: Exit[] = [];
  const continues: Exit[] = [];
  const after = builder.within({ breaks, continues }, () => flowOf(builder, body, ways.whenTrue));
  const again = [...after, ...continues];
  const turned =
    update === undefined || again.length === 0 ? again : evaluate(builder, update, again, place);
  builder.connect(turned, start[0]!.from);
  return builder.join([...ways.whenFalse, ...breaks], { statement, span: endOf(statement) });
}

function flowOfSwitch(builder: FlowBuilder, statement: Of<'switch'>, exits: Exits): Exits {
  const { rest, exits: after } = takeApart(builder, statement.value, exits, placeOf(statement));
  const from = builder.add(
    { kind: 'branch', expression: rest, statement, span: statement.value.span },
    after,
  );
  const breaks: Exit[] = [];
  const fallen = builder.within({ breaks }, () => {
    let ways: Exits = [];
    for (const { body, ...head } of statement.cases) {
      const entering = head.isBefore ? ways : [...ways, { from, label: labelOf(head) }];
      const entered = builder.join(entering, { statement, span: head.span });
      ways = flowOfStatements(builder, body, entered);
    }
    return ways;
  });
  const inner = statement.inner ?? [];
  for (const { label, ...head } of inner) builder.addGoto(label, [{ from, label: labelOf(head) }]);
  const hasDefault =
    statement.cases.some(({ value, isBefore }) => value === undefined && !isBefore) ||
    inner.some(({ value }) => value === undefined);
  const none: Exits = hasDefault ? [] : [{ from, label: {} }];
  return builder.join([...fallen, ...breaks, ...none], { statement, span: endOf(statement) });
}

function labelOf({ value, to }: Pick<SwitchCase, 'value' | 'to'>): CaseLabel {
  if (value === undefined) return {};
  return to === undefined ? { value } : { value, to };
}

function flowOfLabel(builder: FlowBuilder, statement: Of<'label'>, exits: Exits): Exits {
  const here = mark(builder, 'join', statement, exits);
  builder.setLabel(statement.label, here[0]!.from);
  return statement.statement === undefined ? here : flowOf(builder, statement.statement, here);
}

function flowOfReturn(builder: FlowBuilder, statement: Of<'return'>, exits: Exits): Exits {
  if (statement.value === undefined) return mark(builder, 'evaluate', statement, exits);
  const { rest, exits: after } = takeApart(builder, statement.value, exits, placeOf(statement));
  return [
    {
      from: builder.add(
        { kind: 'evaluate', expression: rest, statement, span: statement.span },
        after,
      ),
    },
  ];
}

/** `break` and `continue`; outside of all loops they are not understood. */
function leave(
  builder: FlowBuilder,
  statement: Statement,
  target: Exit[] | undefined,
  exits: Exits,
): Exits {
  if (target === undefined) return mark(builder, 'unknown', statement, exits);
  target.push(...mark(builder, 'evaluate', statement, exits));
  return [];
}

/** One of the alternatives of an `#if` is compiled: each is a way, and where there is no `#else`, none is. */
function flowOfAlternatives(
  builder: FlowBuilder,
  statement: Of<'preprocessor-if'>,
  exits: Exits,
): Exits {
  const from = builder.add({ kind: 'branch', statement, span: statement.span }, exits);
  const ways = statement.branches.flatMap(({ condition, body }) =>
    flowOfStatements(builder, body, [{ from, condition }]),
  );
  const hasElse = statement.branches.at(-1)?.condition === 'else';
  const past: Exits = hasElse ? [] : [{ from, condition: 'else' }];
  return builder.join([...ways, ...past], { statement, span: endOf(statement) });
}
