/* Macros. */

//- tokpaste
#define CAT(a,b) a##b
#define XCAT(a,b) CAT(a,b)
#define N 3
#define var(n) XCAT(v_, n)
int f(void){ int v_3 = 5, v_N = 9; return var(N)*10 + CAT(v_, N); }

//- tokpaste2
#define DEF(T,n,op) static T fn_##T##_##n(T a, T b){ return a op b; }
DEF(int, add, +)
DEF(u8, sub, -)
int f(void){ return fn_int_add(2,3)*1000 + fn_u8_sub(1,2); }

//- strlen
#define S(x) #x
#define XS(x) S(x)
#define V 12 + 3
int f(void){ return sizeof(S(V))*100 + sizeof(XS(V)); }

//- xmacro
#define LIST(X) X(A,5) X(B,7) X(C,9)
#define E(n,v) n = v,
enum e { LIST(E) LASTE };
#define SUM(n,v) + n*v
int f(void){ return 0 LIST(SUM) + LASTE; }

//- vamacro
#define CNT(...) CNT_(__VA_ARGS__, 4,3,2,1)
#define CNT_(a,b,c,d,n,...) n
#define SUM3(a, ...) ((a) + ADD(__VA_ARGS__))
#define ADD(x,y) ((x)*(y))
int f(void){ return CNT(x,y,z)*100 + SUM3(1,2,3); }

//- vacomma
static int g(int n, int a, int b){ return n*100+a*10+b; }
#define G(n, ...) g(n, ##__VA_ARGS__, 1)
int f(void){ return G(3, 4); }

//- macroselfref
int x = 3;
#define x (x + 1)
int f(void){ return x * 2; }

//- macrofnname
static int foo(int a){ return a + 1; }
#define foo(a) foo((a) * 10)
int f(void){ return foo(2) + (foo)(2); }

//- macroside
#define SQ(x) ((x)*(x))
int f(void){ int i = 3; int r = SQ(i++); return r*0 + i; }

//- macroprec
#define DBL(x) x + x
int f(void){ return DBL(3) * 2; }

//- macroundef
#define K 1
static int a(void){ return K; }
#undef K
#define K 2
int f(void){ return a()*10 + K; }

//- sizeofside
int f(void){ int i = 1; int s = sizeof(i++) + sizeof(i = 7); return s*10 + i; }
