/* Types of what is not evaluated. */

//- null pointer constants in a conditional
int f(void) { int i = 4; char c = 1; void *v = &i; return sizeof(*(1 ? &i : v))*1 + sizeof(*(1 ? &i : (void *)0))*10 + sizeof(*(0 ? 0 : &i))*100 + sizeof(*(1 ? (void *)0 : &c))*1000; }

//- __is_constexpr
#define __is_constexpr(x) (sizeof(int) == sizeof(*(8 ? ((void *)((long)(x) * 0l)) : (int *)8)))
int f(void) { int v = 3; return __is_constexpr(5)*1 + __is_constexpr(v)*2 + __is_constexpr(sizeof(v))*4 + __is_constexpr(v*0)*8 + __is_constexpr('a')*16 + __is_constexpr(v-v)*32; }

//- __is_constexpr of what is constant, and of what is only known
#define __is_constexpr(x) (sizeof(int) == sizeof(*(8 ? ((void *)((long)(x) * 0l)) : (int *)8)))
enum { E = 4 };
static const int cst = 5;
int f(void) { int a[3]; return __is_constexpr(E + sizeof(a))*1 + __is_constexpr(cst)*2 + __is_constexpr(1 ? 2 : 3)*4 + __is_constexpr((1, 2))*8 + __is_constexpr((u8)300)*16 + __is_constexpr(!5)*32 + __is_constexpr(ARRAY_SIZE(a))*64 + __is_constexpr(offsetof(struct list_head, prev))*128; }

//- a choice by __is_constexpr
#define __is_constexpr(x) (sizeof(int) == sizeof(*(8 ? ((void *)((long)(x) * 0l)) : (int *)8)))
#define const_min(a, b) __builtin_choose_expr(__is_constexpr((a)) && __is_constexpr((b)), ((a) < (b) ? (a) : (b)), ({ typeof(a) _a = (a); typeof(b) _b = (b); _a < _b ? _a : _b; }))
static int n;
static int se(int v) { n++; return v; }
int f(void) { int x = 4; int r = const_min(3, 5); r = r*10 + const_min(se(x), 2); r = r*10 + const_min(x, se(9)); return r*10 + n; }
