/** What kernel C means once parsed: statements, types, functions and all that macros make of them. */

import { expect, test } from 'vitest';
import type { FunctionDefinition, SourceFile } from '../../server/src/syntax/ast.ts';
import { parseKernelC } from '../../server/src/syntax/parse.ts';
import { testParser } from '../support/parser.ts';
import { printExpression, printStatements, printType } from './print.ts';

const parser = await testParser();

/** The one function of a file, which must be free of errors. */
function onlyFunction(text: string): FunctionDefinition {
  const { functions } = parseKernelC(parser, text);
  expect(functions.map(({ name, errors }) => ({ name, errors }))).toEqual([
    { name: functions[0]?.name, errors: [] },
  ]);
  return functions[0]!;
}

/** What the statements of a function's body mean. */
function body(text: string): string {
  return printStatements(onlyFunction(`void f(void)\n{\n${text}\n}\n`).body).slice(1, -1);
}

test.each([
  ['a field of a pointer', 'p->a.b = x[1];', '(= p->a.b x[1])'],
  ['a cast to a struct', 'p = (struct box *)q;', '(= p (<struct box*> q))'],
  ['a cast that looks like a call', 'x = (u64)(y);', '(= x (<u64> y))'],
  ['a cast that looks like a subtraction', 'x = (pid_t)-1;', '(= x (<pid_t> (- 1)))'],
  ['no cast of a name before an operator', 'x = (a) + b * 2;', '(= x (+ a (* b 2)))'],
  ['nor of a call', 'x = (f(a)) - b * 2;', '(= x (- (f a) (* b 2)))'],
  ['nor of an element', 'x = (a[1]) & b * 2;', '(= x (& a[1] (* b 2)))'],
  ['nor of a product', 'x = (a * (int)(b)) & 7;', '(= x (& (* a (<int> b)) 7))'],
  ['nor behind a cast', 'x = (int)(a) + b * 2;', '(= x (+ (<int> a) (* b 2)))'],
  ['nor behind one that is returned', 'return (int)(a) + b * 2;', '(return (+ (<int> a) (* b 2)))'],
  ['nor behind one to a type of its own', 'x = (word)(a) + b * 2;', '(= x (+ (word a) (* b 2)))'],
  ['nor of what a function gives', 'x = (a(b)(c)) * d + 2;', '(= x (+ (* ((a b) c) d) 2))'],
  [
    'nor of a choice by types',
    'x = (_Generic(y, int: 1, long: 2)) & b;',
    '(= x (& (_Generic y (int 1) (long 2)) b))',
  ],
  ['but casts of what is spelt as a type', 'x = (u8) - b * 2;', '(= x (* (<u8> (- b)) 2))'],
  ['and of pointers to one', 'x = (box *) &y;', '(= x (<box*> (& y)))'],
  ['a condition before a star', 'if (a) *p = b * 2;', '(if a (= (* p) (* b 2)))'],
  [
    'a choice by types',
    'x = _Generic(y, int: 1, struct box *: z, default: f(a));',
    '(= x (_Generic y (int 1) (struct box* z) (default (f a))))',
  ],
  ['a conditional without its middle', 'x = a ?: b;', '(= x (? a  b))'],
  ['a statement expression', 'x = ({ f(); y; });', '(= x ({(f); y}))'],
  ['numbers', "x = 0x10 + 010 + 'a' + NULL;", "(= x (+ (+ (+ 0x10 010) 'a') NULL))"],
  ['a compound literal', 'p = &(struct box){ .a = 1, .b[2] = 3 };', '(= p (& {.a=1 .b[2]=3}))'],
  [
    'a loop with its own variable',
    'for (int i = 0; i < 3; i++) f(i);',
    '(for (declare int i = 0), (< i 3), (i ++) (f i))',
  ],
  ['an endless loop', 'for (;;) break;', '(for -, -, - (break))'],
  ['a do loop', 'do f(); while (x);', '(do (f) x)'],
  ['else if', 'if (a) f(); else if (b) g(); else h();', '(if a (f) (if b (g) (h)))'],
  ['a jump', 'goto out;\nout:\n\treturn 1;', '(goto out); (out: (return 1))'],
])('%s', (_, text, meaning) => {
  expect(body(text)).toBe(meaning);
});

test.each([
  [
    'with braces',
    'list_for_each_entry(p, &head, node) {\n\t\tf(p);\n\t}',
    '(loop list_for_each_entry p (& head) node {(f p)})',
  ],
  [
    'with one statement',
    'klp_for_each_object(patch, obj)\n\t\tif (obj)\n\t\t\tf(obj);\n\tg();',
    '(loop klp_for_each_object patch obj (if obj (f obj))); (g)',
  ],
  [
    'inside another',
    'for_each_a(a)\n\t\tfor_each_b(b) {\n\t\t\tf();\n\t\t}',
    '(loop for_each_a a (loop for_each_b b {(f)}))',
  ],
  ['without arguments', 'forever() {\n\t\tf();\n\t}', '(loop forever {(f)})'],
  ['with a short name', 'each(a) {\n\t\tf();\n\t}', '(loop each a {(f)})'],
  [
    'with a type',
    'for_each_item(struct box, b, list) {\n\t}',
    '(loop for_each_item <struct box> b list {})',
  ],
  [
    'after if',
    'if (x)\n\t\tfor_each(a)\n\t\t\tf(a);\n\telse\n\t\tg();',
    '(if x (loop for_each a (f a)) (g))',
  ],
  [
    'that ends a do',
    'do {\n\t\tf(t);\n\t} while_each_thread(g, t);',
    '(do {(f t)} (while_each_thread g t))',
  ],
])('a loop that a macro makes, %s', (_, text, meaning) => {
  expect(body(`\t${text}`)).toBe(meaning);
});

test.each([
  [
    'a struct',
    'f = container_of(p, struct box, node);',
    '(= f (container_of p <struct box> node))',
  ],
  ['a pointer', 'x = va_arg(ap, char *);', '(= x (va_arg ap <char*>))'],
  ['a type name with a pointer', 'x = get(ap, foo_t *);', '(= x (get ap <foo_t*>))'],
  ['typeof', 'x = list_entry(p, typeof(*x), node);', '(= x (list_entry p <typeof(*x)> node))'],
  ['an operator', 'ASSERTCMP(a, >=, b);', '(ASSERTCMP a ?>=? b)'],
  ['nothing', 'f(a, , b);', '(f a ?? b)'],
  ['a statement', 'g(a, return -1);', '(g a ?return -1?)'],
  ['what is pasted', 'x = flag(p, 5701_PLUS);', '(= x (flag p ?5701_PLUS?))'],
  ['a member path', 'x = offsetof(struct box, a.b[0]);', '(= x sizeof)'],
])('an argument that is no expression: %s', (_, text, meaning) => {
  expect(body(text)).toBe(meaning);
});

test.each([
  [
    'annotations of pointers',
    'struct box __user *p; void __iomem *q = (void __force __iomem *)r;',
    '(declare struct box* p); (declare void* q = (<void*> r))',
  ],
  [
    'annotations of variables',
    'int x __maybe_unused = 1; foo_t y __aligned(8);',
    '(declare int x = 1); (declare foo_t y)',
  ],
  [
    'several names',
    'struct box *p, **q, r[3];',
    '(declare struct box* p struct box** q struct box[] r)',
  ],
  ['typeof', 'typeof(*p) q = *p;', '(declare typeof(*p) q = (* p))'],
  ['a function pointer', 'int (*fn)(struct box *, int) = g;', '(declare int() fn = g)'],
  ['a definition made by a macro', 'static DEFINE_MUTEX(lock);', '(DEFINE_MUTEX lock)'],
  ['a macro with first values', 'DECLARE_BITMAP(seen, 64) = { 0 };', '(DECLARE_BITMAP seen 64)'],
  ['an auto type', '__auto_type x = f();', '(declare __auto_type x = (f))'],
])('declarations: %s', (_, text, meaning) => {
  expect(body(text)).toBe(meaning);
});

test.each([
  ['ranges', "case 'a' ... 'z': f(); break;", "((switch x ('a'..'z' {(f); (break)})))"],
  [
    'falling through',
    'case 1:\n\t\tf();\n\t\tfallthrough;\n\tdefault:\n\t\tg();',
    '((switch x (1 {(f); fallthrough}) (default {(g)})))',
  ],
  [
    'an #if inside a case',
    'case 1:\n#ifdef A\n\t\tf();\n#endif\n\t\tg();\n\t\tbreak;',
    '((switch x (1 {(#ifdef A {(f)}); (g); (break)})))',
  ],
  [
    'an #if around a case',
    'case 1:\n\t\tbreak;\n#ifdef A\n\tcase 2:\n\t\tf();\n#endif\n\tdefault:\n\t\tg();',
    '((switch x (1 {(break)}) (2 {(f)}) (default {(g)})))',
  ],
  [
    'a label at the end',
    'default:\n\t\tf();\n\tout:\n\t',
    '((switch x (default {(f); (out: (empty))})))',
  ],
])('switch: %s', (_, text, meaning) => {
  expect(`(${body(`\tswitch (x) {\n\t${text}\n\t}`)})`).toBe(meaning);
});

test.each([
  [
    'around statements',
    '#ifdef CONFIG_SMP\n\tf();\n#else\n\tg();\n#endif\n\th();',
    '(#ifdef CONFIG_SMP {(f)} #else {(g)}); (h)',
  ],
  [
    'with several conditions',
    '#if defined(A) && B > 2\n\tf();\n#elif C\n\tg();\n#endif',
    '(#if defined(A) && B > 2 {(f)} #elif C {(g)})',
  ],
  ['inside an expression', '\tx = a\n#ifdef A\n\t\t+ b\n#endif\n\t\t;', '(= x (+ a b))'],
  ['splitting an else', '#ifdef A\n\tif (x)\n\t\tf();\n\telse\n#endif\n\t\tg();', '(if x (f) (g))'],
  [
    'choosing a condition',
    '#ifdef A\n\tif (x) {\n#else\n\tif (y) {\n#endif\n\t\tf();\n\t}',
    '(if x {(f)})',
  ],
  ['before an else', '#ifdef A\n\tif (x)\n\t\tf();\n#endif\n\telse\n\t\tg();', '(if x (f) (g))'],
  ['for assembly', '#ifdef __ASSEMBLY__\n\tmov %r1\n#else\n\tf();\n#endif', '(f)'],
  ['not for assembly', '#ifndef __ASSEMBLY__\n\tf();\n#else\n\tmov %r1\n#endif', '(f)'],
  ['never compiled', '#if 0\n\tthis is no C\n#else\n\tf();\n#endif', '(f)'],
])('#if %s', (_, text, meaning) => {
  expect(body(text)).toBe(meaning);
});

test('of an #if that splits a statement, what is left out is said', () => {
  const text =
    'void f(void)\n{\n#ifdef A\n\tif (x) {\n#else\n\tif (y) {\n#endif\n\t\tg();\n\t}\n}\n';
  const { omitted } = onlyFunction(text);
  expect(omitted.map(({ start, end }) => text.slice(start, end).trim())).toEqual(['if (y) {']);
});

test.each([
  ['a call without semicolon', 'STAT_INC(x)\n\tf();', '(STAT_INC x); (f)'],
  [
    'strings with macros between',
    'pr_info(KERN_INFO "a" PRIu64 "b" fmt(c) "d", x);',
    '(pr_info "a" x)',
  ],
  ['assembler', 'asm volatile(TEMPLATE("nop", %0) : "=r" (x) : : "memory");\n\tf();', '(asm); (f)'],
  ['a computed jump', 'goto *table[i];', '?goto *table[i];?'],
  [
    'a statement as argument of a macro',
    'wait_event_cmd(wq, done, unlock(), lock());',
    '(wait_event_cmd wq done (unlock) (lock))',
  ],
])('macros: %s', (_, text, meaning) => {
  expect(body(`\t${text}`)).toBe(meaning);
});

test.each([
  [
    'static __always_inline notrace struct box *get(struct box __rcu **slot, int n)',
    'get',
    'struct box*',
    ['struct box** slot', 'int n'],
  ],
  ['asmlinkage __visible void __init start_kernel(void)', 'start_kernel', 'void', []],
  ['static int take(struct box *b)\n\t__acquires(&b->lock)', 'take', 'int', ['struct box* b']],
  ['u64 noinstr_x clock(const char name[16])', 'clock', 'u64', ['char[] name']],
  ['__printf(1, 2)\nvoid say(const char *fmt, ...)', 'say', 'void', ['char* fmt']],
  ['static irqreturn_t FN(handler)(int irq)', 'FN', 'irqreturn_t', ['int irq']],
  [
    'unsigned long long big(unsigned int (*pick)(int), foo_t)',
    'big',
    'unsigned long long',
    ['unsigned int() pick', 'foo_t '],
  ],
])('the function of %s', (header, name, returns, parameters) => {
  const found = onlyFunction(`${header}\n{\n\tf();\n}\n`);
  expect(found.name).toBe(name);
  expect(printType(found.returns)).toBe(returns);
  expect(
    found.parameters.map((parameter) => `${printType(parameter.type)} ${parameter.name}`),
  ).toEqual(parameters);
  expect(printStatements(found.body)).toBe('{(f)}');
});

test.each([
  [
    'SYSCALL_DEFINE2(dup2, unsigned int, oldfd, struct file __user *, file)',
    'dup2',
    ['unsigned int oldfd', 'struct file* file'],
  ],
  ['BPF_CALL_1(bpf_get, struct bpf_map *, map)', 'bpf_get', ['struct bpf_map* map']],
  ['static DEFINE_HANDLER(on_irq, struct regs *regs)', 'on_irq', ['struct regs* regs']],
  ['DEFINE_IDTENTRY(exc_divide)', 'exc_divide', []],
])('a function made by a macro: %s', (header, name, parameters) => {
  const found = onlyFunction(`${header}\n{\n\tsmp_mb();\n}\n`);
  expect([found.name, found.madeBy]).toEqual([name, /[A-Z]\w+(?=\()/.exec(header)?.[0]]);
  expect(found.isStatic).toBe(header.startsWith('static'));
  expect(
    found.parameters.map((parameter) => `${printType(parameter.type)} ${parameter.name}`),
  ).toEqual(parameters);
  expect(printStatements(found.body)).toBe('{(smp_mb)}');
});

test('a function with one header per configuration takes the first', () => {
  const found = onlyFunction(
    '#ifdef A\nstatic int f(int a)\n#else\nstatic int f(void)\n#endif\n{\n\tg();\n}\n',
  );
  expect(found.parameters.map(({ name }) => name)).toEqual(['a']);
});

test('functions of all alternatives of an #if are there', () => {
  const { functions } = parseKernelC(
    parser,
    '#ifdef A\nvoid f(void) { g(); }\n#else\nvoid f(void) { }\n#endif\n',
  );
  expect(functions.map(({ name, body: statements }) => [name, statements.length])).toEqual([
    ['f', 1],
    ['f', 0],
  ]);
});

const FILE = `
#include <linux/module.h>
#include "box.h"
#define BOX(b) \\
	((b)->inner)
#define EMPTY
/* A comment. */
struct box {
	int a __aligned(8), *b; // and another
	struct { long c; } inner;
	union { u32 d; struct { u8 e[4]; }; };
	DECLARE_BITMAP(seen, 64);
	struct_group(pair, int f; int g;);
	int (*open)(struct box *, int) __cold;
#ifdef CONFIG_SMP
	spinlock_t lock;
#endif
} __packed;
typedef struct { int counter; } atomic_t;
enum state { OFF, ON = 5, NEXT, LAST = -1 };
static struct box *first __read_mostly, table[4] = { { .a = 1 }, };
static DEFINE_MUTEX(box_mutex);
DEFINE_PER_CPU(struct box *, current_box);
EXPORT_SYMBOL_GPL(box_open)
extern struct box *box_open(const char *name) __must_check;
int late(void) { return 1; }
MODULE_LICENSE("GPL");
`;

function fileOf(text: string): SourceFile {
  const file = parseKernelC(parser, text);
  expect(file.errors).toEqual([]);
  return file;
}

test('a file: structs with the members that their macros make', () => {
  const { structs, typedefs } = fileOf(FILE);
  const members = structs.map(({ name, fields }) => [
    name,
    fields.map((field) => `${printType(field.type)} ${field.name}`.trim()),
  ]);
  expect(Object.fromEntries(members)).toEqual({
    atomic_t: ['int counter'],
    'struct box.inner': ['long c'],
    'struct box': [
      'int a',
      'int* b',
      'struct box.inner inner',
      'u32 d',
      'u8[] e',
      'seen',
      'int f',
      'int g',
      'int() open',
      'spinlock_t lock',
    ],
  });
  expect(typedefs.map(({ name }) => name)).toEqual(['atomic_t']);
});

test('a file: globals, prototypes, enumerators, macros and what else there is', () => {
  const file = fileOf(FILE);
  expect(file.globals.map(({ name, type, isStatic }) => [name, printType(type), isStatic])).toEqual(
    [
      ['first', 'struct box*', true],
      ['table', 'struct box[]', true],
    ],
  );
  expect(printExpression(file.globals[1]!.initial!)).toBe('{{.a=1}}');
  expect(file.macroUses.map(({ macro, arguments: given }) => [macro, ...given])).toEqual([
    ['DEFINE_MUTEX', 'box_mutex'],
    ['DEFINE_PER_CPU', 'struct box *', 'current_box'],
    ['EXPORT_SYMBOL_GPL', 'box_open'],
    ['MODULE_LICENSE', '"GPL"'],
  ]);
  expect(file.prototypes.map(({ name, returns }) => [name, printType(returns)])).toEqual([
    ['box_open', 'struct box*'],
  ]);
  expect(file.enumerators.map(({ name, value }) => [name, value])).toEqual([
    ['OFF', 0],
    ['ON', 5],
    ['NEXT', 6],
    ['LAST', -1],
  ]);
  expect(file.macros.map(({ name, parameters }) => [name, parameters])).toEqual([
    ['BOX', ['b']],
    ['EMPTY', undefined],
  ]);
  expect(file.macros[0]!.body).toBe('\\\n\t((b)->inner)');
  expect(file.includes).toEqual(['linux/module.h', 'box.h']);
  expect(file.comments.map(({ text }) => text)).toEqual(['/* A comment. */', '// and another']);
  expect(file.functions.map(({ name }) => name)).toEqual(['late']);
});

test('spans are offsets into the text as it was written', () => {
  const text =
    'static notrace void f(struct box __user *b)\n{\n\tfor_each(x, b) /* ! */\n\t\tg(b->field);\n}\n';
  const { span, nameSpan, body: statements, parameters } = onlyFunction(text);
  const at = (place: { start: number; end: number }) => text.slice(place.start, place.end);
  expect([at(span), at(nameSpan)]).toEqual([text.trim(), 'f']);
  expect(parameters.map((parameter) => at(parameter.span))).toEqual(['struct box __user *b']);
  const [loop] = statements;
  expect(loop?.kind === 'macro-loop' && [at(loop.macroSpan), at(loop.span)]).toEqual([
    'for_each',
    'for_each(x, b) /* ! */\n\t\tg(b->field);',
  ]);
});

test('types that a block defines stand in it, and in nothing outside', () => {
  const { structs, enumerators, globals, functions } = fileOf(
    'int before;\nvoid f(void)\n{\n\tstruct inner { int a; } x;\n\tenum { ON = 3 };\n\ttypedef int t;\n\tx.a = ON;\n}\nint after;\n',
  );
  expect([structs, enumerators]).toEqual([[], []]);
  expect(globals.map(({ name }) => name)).toEqual(['before', 'after']);
  expect(functions.map(({ name, errors }) => [name, errors])).toEqual([['f', []]]);
  const types = functions[0]!.body.map((each) =>
    each.kind === 'declaration' ? each.types : undefined,
  );
  expect(types[0]!.structs.map(({ name }) => name)).toEqual(['struct inner']);
  expect(types[1]!.enumerators.map(({ name, value }) => [name, value])).toEqual([['ON', 3]]);
  expect(types[2]!.typedefs.map(({ name, type }) => [name, type.base])).toEqual([['t', 'int']]);
});

test('a function is parsed when it is looked into, and once', () => {
  const parsed: string[] = [];
  const tree = (text: string) => {
    parsed.push(text.trim());
    return parser.tree(text);
  };
  const text = 'int x;\nvoid f(void) { a(); }\nvoid g(void) { b(); }\n';
  const { functions } = parseKernelC({ ...parser, tree }, text);
  const [f] = functions;
  expect(functions.map(({ name }) => name)).toEqual(['f', 'g']);
  expect(parsed.filter((each) => /[ab]\(\)/.test(each))).toEqual([]);
  expect([f!.body.length, f!.returns.base, f!.body]).toEqual([1, 'void', f!.body]);
  expect(parsed.filter((each) => /[ab]\(\)/.test(each))).toEqual(['void f(void) { a(); }']);
});
