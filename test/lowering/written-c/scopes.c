/* Types and constants of a block: names that hide those outside. */

//- enumerator hides enumerator
enum { A = 1, B };
static int g(void) { return A * 10 + B; }
int f(void) { int outer = A; { enum { A = 5, B = A + 2 }; outer = outer * 100 + A * 10 + B; } return outer * 100 + A * 10 + B + g() * 10000; }

//- enumerator of a function is none of another
enum { A = 1 };
static int g(void) { enum { A = 7, N }; return A + N; }
int f(void) { return g() * 10 + A; }

//- enumerator hides a variable, a variable an enumerator
enum { K = 3 };
int n = 4;
int f(void) { int r; { enum { n = 9 }; r = n; } { int K = 5; r = r * 10 + K; } return r * 100 + n * 10 + K; }

//- enumerator in a length and in a case
enum { N = 2 };
int f(void) { enum { N = 5, M = N * 2 }; char a[N]; switch (M) { case M: return sizeof(a) * 100 + M; default: return 1; } }

//- typedef hides typedef
typedef unsigned char t;
static int g(void) { t x = 257; return x; }
int f(void) { typedef unsigned short t; t x = 257; return x * 10 + g() + sizeof(t) * 10000; }

//- typedef of an inner block only
typedef signed char t;
int f(void) { int r; { typedef int t; t x = 200; r = x; } t y = 200; return r * 1000 - y; }

//- typedef hides a variable
int t = 3;
int f(void) { int r = t; { typedef unsigned char t; r = r * 1000 + (t)300 + (t)-1; } return r; }

//- variable hides typedef
typedef int t;
int f(void) { int t = 4; int r = t; { typedef long t; r = r * 10 + sizeof(t); } return r * 10 + t; }

//- struct hides struct
struct s { char a; };
static int g(struct s *p) { return sizeof(*p) + p->a; }
int f(void) { struct s x = { 3 }; { struct s { int b; long a; }; struct s y = { 1, 2 }; return g(&x) * 100 + sizeof(y) + y.a + sizeof(struct s); } }

//- struct with members of inner types
typedef char t;
enum { N = 3 };
int f(void) { typedef int t; enum { N = 5 }; struct s { t a[N]; struct { t x; } in; } v; v.in.x = 70000; return sizeof(v) * 100000 + v.in.x; }

//- member of an outer struct is of outer types
typedef unsigned char t;
struct s { t a; t b; };
int f(void) { typedef int t; struct s v; t w = 511; v.a = 511; v.b = 1; return sizeof(v) * 10000 + v.a + w; }

//- enum tag hides enum tag
enum e { P };
int f(void) { int r = (enum e)-1 > 0; { enum e { Q = -1 }; r = r * 10 + ((enum e)-1 > 0); } return r; }

//- union and typedef of a struct without a name
int f(void) { typedef struct { short lo, hi; } half; union u { int w; half h; } x; x.w = 0x30005; return x.h.lo * 10 + x.h.hi + sizeof(half) * 100; }

//- in a statement expression
enum { A = 1 };
int f(void) { int x = ({ enum { A = 6 }; typedef char t; A + (int)sizeof(t); }); return x * 10 + A; }

//- in a loop
int f(void) { int r = 0; for (int i = 0; i < 3; i++) { enum { STEP = 4 }; typedef unsigned char t; t x = 250 + STEP * i; r += x; } return r; }

//- behind a jump
enum { A = 1 };
int f(void) { int r = 0; goto in; { enum { A = 8 }; typedef char t; in: r = A * 10 + sizeof(t); } return r * 10 + A; }

//- in a switch
enum { A = 1 };
int f(void) { int r = A; switch (r) { enum { A = 4 }; typedef short t; case 1: r = A * 10 + sizeof(t); } return r * 10 + A; }

//- typeof of an inner type
typedef char t;
int f(void) { typedef int t; t a = 5; typeof(a) b = 300; __typeof__(t) c = 300; return b + c; }

//- static local of an inner type
struct s { char a; };
static int next(void) { struct s { int a; }; static struct s v = { 500 }; return v.a++; }
int f(void) { next(); return next() * 10 + sizeof(struct s); }

//- a prototype in a block
static int g(int x) { return x + 1; }
int f(void) { int g(int); return g(3); }

//- parameter hides enumerator and type
enum { A = 1 };
typedef char t;
static int g(int A, int t) { return A * 10 + t; }
int f(void) { return g(3, 4) * 10 + A; }

//- members by typeof inside a macro
#define TWICE(x) ({ typedef typeof(x) own_t; own_t v_ = (x); v_ * 2; })
int f(void) { unsigned char c = 200; long l = 70000L * 70000; return TWICE(c) + (TWICE(l) == l * 2); }

//- struct named in a cast
struct s { char a; };
int f(void) { int r = ((struct q { int a; long b; }){ 3, 4 }).b; return r * 10 + sizeof(struct s); }

//- cast to an inner type behind an operator
int f(void) { typedef unsigned char t; int r = 10; r = r * 2 + (t)-1; return r - (t)+257; }

//- a pointer to a function that gives a pointer
int *(*fq)(int *); static int *id(int *p){ return p; } int c[2] = { 1, 5 };
int f(void){ fq = id; return *fq(c + 1); }
