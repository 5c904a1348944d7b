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
//- a cast to a type of the file before an operator that may have two sides, beside others
typedef unsigned char octet;
typedef unsigned long word;
long f(void)
{
	int x = 3, n = 1000, *p = &x;
	long sum = 0;
	sum = sum * 7 + ((word)&x != 0);
	sum = sum * 7 + ((word)&x == (word)&x);
	sum = sum * 31 + (octet)-1 * 3;
	sum = sum * 31 + (octet)-(1 * 3);
	sum = sum * 31 + n / (octet)-1 * 3;
	sum = sum * 31 + n % (octet)-1 * 3 + 2;
	sum = sum * 31 + (n - (octet)-x * 2);
	sum = sum * 31 + (octet)*p * 200;
	sum = sum * 31 + (octet)+x * 200 - (octet)-x;
	sum = sum * 31 + ((octet)-x << 2 | 1);
	sum = sum * 31 + (n == (octet)-24 * 4 + 72);
	return sum;
}
//- a cast to a type that is spelt as one before an operator that may have two sides, beside others
long f(void)
{
	int x = 3, n = 1000, *p = &x;
	long sum = 0;
	sum = sum * 7 + ((u64)&x != 0);
	sum = sum * 7 + ((u64)&x == (u64)&x);
	sum = sum * 31 + (u8)-1 * 3;
	sum = sum * 31 + (u8)-(1 * 3);
	sum = sum * 31 + n / (u8)-1 * 3;
	sum = sum * 31 + -(u8)-1 * 3;
	sum = sum * 31 + (u8)*p * 200;
	sum = sum * 31 + ((u8)-x << 2 | 1);
	sum = sum * 31 + ((u8)-x % 7 == 1 ? 5 : 6);
	return sum;
}
