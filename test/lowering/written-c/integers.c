/* Integers: promotions, signs, widths. */

//- scharcmp
int f(void){ char c = 0x80; signed char s = 0xff; unsigned char u = 0xff; return (c < 0)*100 + (s == u)*10 + (s == -1) + (u == 255)*1000; }

//- promcond
int f(void){ u8 a = 200, b = 100; u16 c = 65535; return ((a + b) > 255)*1 + ((u8)(a+b) > 255)*2 + (c + 1 != 0)*4 + (~a < 0)*8 + (-a == -200)*16 + ((c*c) < 0)*32; }

//- cmpmix
int f(void){ int a = -1; unsigned b = 1; long l = -1; u64 u = 1; s16 s = -1; u16 w = 65535; return (a < b)*1 + (l < b)*2 + (l < u)*4 + (s == w)*8 + ((u16)s == w)*16 + (a > 0u)*32 + (sizeof(int) > -1)*64; }

//- ternmix
int f(void){ int x = -1; unsigned u = 0; long r = (1 ? x : u); return r == 4294967295L ? 7 : r == -1 ? 8 : 9; }

//- ovf
int f(void){ int a = 0x7fffffff; int b = a + 1; int c = -b; long l = a; l *= a; l *= 4; return (b < 0) + (c == b)*2 + (b - 1 == a)*4 + (a * 2 == -2)*8 + (l > 0)*16 + ((a + 1) > a)*32; }

//- ovf64
int f(void){ s64 a = 0x7fffffffffffffffLL; u64 u = 0; a++; u--; return (a < 0) + (u == ~0ULL)*2 + ((s64)u == -1)*4 + (a / -1 == a)*8*0 + ((u64)a >> 63)*16 + ((a >> 63) == -1)*32 + (u * u == 1)*64; }

//- shifts
int f(void){ int n = 31; u32 u = 1u << n; int s = 1 << n; u64 q = 1ULL << (n + 5); s8 c = -128; return (u > 0) + (s < 0)*2 + (q == 0x1000000000ULL)*4 + ((c >> 3) == -16)*8 + ((u8)(c << 1) == 0)*16 + ((s >> n) == -1)*32 + ((u >> n) == 1)*64; }

//- shiftprom
int f(void){ u8 b = 0x80; u16 h = 0xffff; return ((b << 1) == 0x100) + ((b << 24) < 0)*2 + ((h << 16) < 0)*4 + (((u64)(h << 16)) == 0xffffffffffff0000ULL)*8 + (sizeof(b << 1ULL) == 4)*16; }

//- modneg
int f(void){ int a = -7, b = 3; u32 u = -7; return a % b + (a / b)*10 + (-a % -b)*100 + (7 / -3)*1000 + (int)(u % 3)*10000 + ((a & 3) == 1)*100000 + (a >> 1)*1000000; }

//- mul64
int f(void){ u32 a = 0x80000000; u64 x = a * 2; u64 y = (u64)a * 2; u64 z = a * 2ULL; s64 w = (s64)-3 * a; return (x == 0) + (y == 0x100000000ULL)*2 + (z == y)*4 + (w == -6442450944LL)*8; }

//- enumexpr
enum { A = 1 << 3, B, C = A | 2, D = sizeof(int) * C, E = -1, F, G = 'a', H = (A > B) ? 5 : 6 };
int f(void){ return A + B*2 + C*3 + D*5 + E*7 + F*11 + G + H; }

//- enumneg
enum e { X = -3, Y }; enum u { P = 1 };
int f(void){ enum e v = X; enum u w = P; return (v < 0) + (w - 2 < 0)*2 + sizeof(enum e)*10; }

//- hexlit
int f(void){ return (0xffffffff > 0) + (0x7fffffff + 1 < 0)*2 + (2147483648 > 0)*4 + (-2147483648 < 0)*8 + (0xffffffff == -1)*16 + (4294967295 == -1)*32 + sizeof(0x80000000)*100 + sizeof(2147483648)*1000 + 010 + 0b101; }

//- charlits
int f(void){ return '\n' + '\0'*2 + '\\' + '\'' + '\x41' + '\101' + 'z' - 'a' + "abc"[1] + sizeof("a\0b"); }

//- compound
int f(void){ u8 a = 250; a += 10; u8 b = 5; b -= 10; s8 c = 100; c *= 2; u16 d = 1; d <<= 16; int e = -9; e >>= 1; u32 g = -9; g /= 2; u8 h = 0xf0; h ^= 0xfff; int i = 7; i %= -4; return a + b + c + d + e + (g == 2147483643u)*1000 + h*10000 + i; }

//- cmpnd2
int f(void){ int a[3] = { 1, 2, 3 }, i = 0; a[i++] += 10; a[i++] *= 5; return a[0]*1000 + a[1]*100 + a[2]*10 + i; }

//- boolincr
int f(void){ bool b = 0; b++; b++; int r = b; b = -b; return r*10 + b; }

//- boolret
static bool t(int f){ return f & 0x100; } static u8 u(int f){ return f & 0x100; }
int f(void){ return t(0x100)*10 + u(0x100); }

//- retconv
static s8 a(int x){ return x; } static u16 b(long x){ return x; } static int c(u64 x){ return x; }
int f(void){ return a(200) + b(-1) + c(0x1ffffffffULL); }

//- argconv
static int a(u8 x, s16 y){ return x + y; }
int f(void){ return a(-1, 40000) + a(257, -1); }

//- casts
int f(void){ long l = 0x1ffffffffL; int i = l; u32 u = l; s8 c = l; void *p = (void *)5; return i + (u == 0xffffffff)*10 + c*100 + (int)(long)p*1000 + ((u64)(s32)0x80000000 == 0xffffffff80000000ULL)*100000; }

//- longcond
int f(void){ u64 v = 1ULL << 40; if (v) v >>= 36; int r = v ? 1 : 2; u64 w = 1ULL << 32; return r*10 + !w + (int)v + !!w; }

//- longintcond
static int has(u64 v){ return v & (1ULL << 35); } static bool hasb(u64 v){ return v & (1ULL << 35); }
int f(void){ return has(~0ULL)*10 + hasb(~0ULL); }

//- cp1
int f(void){ return __builtin_constant_p(5); }

//- loopu
int f(void){ unsigned i; int n = 0; for (i = 2; i < 5; i--) n++; return n*10 + (i == 0xffffffffu); }

//- doublecast
int f(void){ int x = -1; return ((u64)(u32)x == 0xffffffffULL) + ((u64)x == ~0ULL)*2 + ((long)(u16)x == 65535)*4 + ((s64)(u8)x << 1 == 510)*8 + ((int)(u8)(s8)-1 == 255)*16; }

//- casts behind casts, before parentheses
static int g(int x){ return x + 9; }
int f(void){ int x = 5; return ((s64)(int)(x + 3) == 8) + ((s64)(u8)(x + 300) == 49)*2 + ((u8)(s8)(x - 6) == 255)*4 + ((s64)(u8)(s8)(x + 200) + 1 == 206)*8 + (~(u64)(u8)(x) == ~5ULL)*16 + ((s64)(g)(x) == 14)*32 + ((long)(u32)(x - 6) == 0xffffffffL)*64; }

//- incu8
int f(void){ u8 a = 255; s8 b = 127; u16 c = 0; int x = a++ + ++b + c--; return x*1 + (a == 0)*1000 + (b == -128)*2000 + (c == 65535)*4000; }

//- mixassign
int f(void){ u8 a; int b; long c; c = b = a = 0x1ff; s8 d = a; return c + b + d; }

//- precedence
int f(void){ int a = 6; return (a & 3 == 2) + (a | 1 << 2)*10 + (a ^ 2 & 3)*100 + (-a >> 1)*1000 + (~a & 0xf)*10000 + (a << 1 + 1)*100000; }

//- u64div
int f(void){ u64 a = 0xffffffffffffffffULL; s64 b = -7; u32 c = 3; return (a / c == 0x5555555555555555ULL) + (b / c == -2)*2 + (b % (s64)c == -1)*4 + (b / (u64)c > 0)*8 + (-7 / c == 1431655763u)*16; }

//- negative constants without a sign
int f(void) { u32 y = 5; u64 x = -1u; return (-1u == 0xffffffff) + (-1u > 5)*2 + (x == 0xffffffff)*4 + (-0x80000000 > 0)*8 + (y & -4u)*100 + (y > -8U)*1000 + (-5u / 2 > 100)*16; }

//- signs of numbers and of differences
int f(void){ int a = 5, r = 0; r += a-1; r += a -1; r += a- -1; r += a<-1; r=r-1u; r += !-1; r += +-1; r += - -1; r += ~-1; r += a>-1?-1:-2; return r*100-1; }

//- casts of what is all ones
int f(void){ return ((u8)~0 == 255) + (-(u8)1 == -1)*2 + ((unsigned)-1 > 0)*4 + ((long)-1u == 4294967295L)*8 + (~0u == -1u)*16 + ((~0UL >> 1) == LONG_MAX)*32 + ((u16)-1 == 65535)*64 + ((s8)200 == -56)*128 + ((u64)-1 == ~0ULL)*256 + ((u64)-1u == ~0ULL)*512 + ((s64)(u32)-1 == -1)*1024; }

//- labels with signs
static int g(int v){ switch(v){ case-1:return-5; case+2:return+3; case'a'-1:return 4; case ~0 - 1: return 9; case (int)-3u: return 11; } return 0; }
int f(void){ return g(-1)*1000+g(2)*100+g(96)*10+g(-2) + g(-3)*100000; }

//- constants with and without a sign
int f(void){ return (-1 >> 1 == -1) + (-1u >> 31 == 1)*2 + ((-1 < 0u) == 0)*4 + (-1L < 0u)*8 + (1 - 2u > 0)*16 + (-5 % 3 == -2)*32 + (-5 / 2u > 100)*64 + (5u - 6 > 0)*128 + (0 - 1UL == ULONG_MAX)*256 + (-2147483647 - 1 == INT_MIN)*512 + (0xffffffffffffffff == -1)*1024; }

//- first values that are converted
static const s8 t[] = { -1, 200, 0x80, 'a' - 98, -128 }; static u8 w[] = { -1, 256 + 3, ~0 }; static const u32 m = -1, n = -5u; static s64 q = -1u; static u64 z = -1;
int f(void){ return (t[0] == -1) + (t[1] == -56)*2 + (t[2] == -128)*4 + (t[3] == -1)*8 + w[0] + w[1]*1000 + w[2]*10000 + (m == 0xffffffff)*16 + (n > 5)*32 + (q > 0)*64 + (z == ~0ULL)*128; }

//- arguments that are converted
static int g(u32 a, s64 b, u8 c, s8 d){ return (a == -1) + (b == -1)*2 + (b == 4294967295)*4 + (c == 255)*8 + (d == -1)*16; }
int f(void){ return g(-1, -1, -1, -1) + g(-1u, -1u, -1u, -1u)*100; }

//- results that are converted
static u8 a(void){ return -1; } static s64 b(void){ return -1u; } static u32 c(void){ return -1; } static bool d(void){ return -0; } static long e(void){ return (int)-1u; }
int f(void){ return a() + (b() > 0)*1000 + (c() > 0)*2000 + d()*4000 + (e() < 0)*8000; }

//- an enumerator above int
enum { F = 1U << 31, G = 0xf0000000 };
int f(void){ return (-1 > F) + (F << 1)*2 + (~F > 0)*4 + sizeof(F)*10 + (F - G > 5)*8 + (F + F == 0)*100 + (-F == F)*200; }

//- an enumerator above 32 bits
enum { F = 1ULL << 40, S = 5 };
int f(void){ return (F > 0) + sizeof(F)*10 + sizeof(S)*100 + ((F >> 40) == 1)*2 + (-1 < F)*4; }

//- an enumerator below and one above int
enum { M = -1, F = 0x80000000 };
int f(void){ return sizeof(F)*10 + sizeof(M)*100 + (M < F) + (F << 1 == 0x100000000)*2; }

//- an enumeration without a sign
enum big { F = 1U << 31 };
int f(void){ enum big x = F; return (x > 0) + (x == F)*2 + (-1 > x)*4 + sizeof(x)*10; }

//- enumerations without a tag
typedef enum { A = -1, B } t; typedef enum { C, D } u;
int f(void){ t x = A; u y = C; y--; return (x < 0) + (y > 0)*2 + sizeof(t)*10 + B*100 + D*1000; }

//- enumerators from negative constants without a sign
enum { A = -1u, B = -(5u), C = -0x80000000, D };
int f(void){ return (A > 0) + (B > 5)*2 + (C > 0)*4 + (D > 0)*8 + sizeof(A)*10; }

//- an enumeration above 32 bits
enum big { F = 1ULL << 40, G };
struct s { enum big b; };
int f(void){ enum big x = F; struct s s = { G }; return (x == F) + sizeof(x)*10 + ((s.b - F) == 1)*2 + sizeof(s)*100; }

//- an enumerator behind one above int
enum { LO = 0xfffffffe, HI };
int f(void){ return (HI == -1u) + (HI > 0)*2 + (LO + 1 == HI)*4 + sizeof(HI)*10; }

//- plainchar
struct s { char c; }; static char at(const char *t, int i){ return t[i]; }
int f(void){ char c = 200, d[2] = { -1, 'a' }; struct s s = { '\xf0' }; c += 3; return c + (c > 100)*1000 + d[0]*3 + (d[0] == -1)*2000 + s.c*5 + at("a\x80", 1)*7 + ("\377"[0] < 0)*4000 + (c >> 2)*11 + sizeof(char); }

//- charcodes
int f(void){ return '\x80' + '\377'*2 + '\x7f'*3 + ('\xff' == -1)*1000 + ((char)200 == 200)*2000 + sizeof('\x80'); }

//- charsofone
int f(void){ return 'ab' + 'é' + u'\x80' + (u'\xffff' > 0)*3 + sizeof(u'a')*5 + (U'\xffffffff' > 0)*7 + sizeof(U'a')*11; }

//- widechar
int f(void){ return L'\x80' + (L'\xff' > 0)*2 + L'é'*3; }
