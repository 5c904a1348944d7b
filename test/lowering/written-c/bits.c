/* Bit-fields, unions and bytes. */

//- bfmix
struct s { u8 a:3; u8 b:5; u16 c:9; int d:7; unsigned e:1; u64 f:40; s8 g:4; };
int f(void){ struct s s = {0}; s.a = 9; s.b = 33; s.c = 0x3ff; s.d = -65; s.e = 3; s.f = ~0ULL; s.g = 9; return s.a + s.b*10 + s.c*100 + s.d*1000 + s.e*7 + (s.f == 0xffffffffffULL)*3 + s.g; }

//- bfincr
struct s { unsigned a:2; int b:3; };
int f(void){ struct s s = { 3, 3 }; int x = s.a++; int y = ++s.b; int z = (s.a -= 1); return x*1000 + y*100 + z*10 + s.b; }

//- bfassignval
struct s { int b:3; unsigned c:4; };
int f(void){ struct s s; int v = (s.b = 5); unsigned w = (s.c = 0x1f); return v*100 + w; }

//- bfpromote
struct s { unsigned a:31; unsigned b:32; };
int f(void){ struct s s = { 0, 0 }; return (s.a - 1 < 0) * 10 + (s.b - 1 < 0); }

//- bflong
struct s { u64 a:33; };
int f(void){ struct s s = { 1 }; return (int)((s.a << 32) >> 32) + sizeof(s.a + 0); }

//- bfwide-wraps
struct s { u64 a:40; s64 b:40; u64 c:33; u64 d:63; };
int f(void){ struct s s; s.a = -1; s.b = 1L << 38; s.c = -1; s.d = -1; return (s.a + 1 == 0) + 2*(s.a << 1 == 0xfffffffffeULL) + 4*(~s.a == 0) + 8*(-s.a == 1) + 16*(s.b * 2 < 0) + 32*(s.c + 1 == 0) + 64*(s.d + 1 == 0) + 128*((s.d << 1) >> 1 == s.d); }

//- bfwide-meets
struct s { u64 a:40; s64 b:40; u64 c:33; s64 d:33; };
int f(void){ struct s s; s.a = -1; s.b = -5; s.c = -1; s.d = -1; return (s.a + 1L == 0) + 2*(s.c + s.a == 0x1fffffffeULL) + 4*(s.b < 0u) + 8*(s.b < s.a) + 16*(s.b < s.c) + 32*(s.d < s.c) + 64*(s.a > -1) + 128*(s.c - s.a > s.c) + 256*(s.b / 2u == -2) + 512*((u64)s.a + 1 == 0) + 1024*(s.b + 0u < 0) + 2048*(s.d + s.c == 0); }

//- bfwide-assigned
struct s { u64 a:40; s64 b:40; };
int f(void){ struct s s; u64 was; s.a = 0; was = s.a--; u64 after = --s.a; s.b = 1L << 38; s64 sum = s.b += s.b; u64 picked = (was ? 1 : s.a) + 1; return (was == 0) + 2*(after == 0xfffffffffeULL) + 4*(sum < 0) + 8*(picked == 0xffffffffffULL) + 16*((s.a, s.a) - s.a - 1 == 0xffffffffffULL) + 32*(int)sizeof(s.a + 1); }

//- bfint-wide
struct s { u64 a:32; s64 b:32; u64 c:31; };
int f(void){ struct s s; s.a = -1; s.b = -5; s.c = 0; return (s.a + 1 == 0) + 2*(s.b < 0u) + 4*(s.b < 0ul) + 8*(s.c - 1 < 0) + 16*(s.a << 1 == 0xfffffffe) + 32*(s.a * s.a == 1); }

//- bfwide-unknown
struct s { u64 a:40; };
static u64 g(int x) { struct s s; s.a = x; s.a -= 3; return s.a + 1; }
int f(void){ int sum = 0; for (int x = 1; x < 4; x++) sum += (int)(g(x) >> 38); return sum; }

//- union1
union u { u32 w; u8 b[4]; struct { u16 lo, hi; }; };
int f(void){ union u x = { .w = 0x11223344 }; x.b[1] = 0xff; x.hi++; return (x.w == 0x1123ff44)*100 + x.lo % 91; }

//- union2
union u { u64 q; struct { u32 a; union { u16 h[2]; u32 c; }; }; };
int f(void){ union u x; x.q = 0x0102030405060708ULL; x.h[1] = 0xbeef; x.a = 7; return (x.q == 0xbeef030400000007ULL) ? (int)(x.c >> 16) : -1; }

//- unionsigned
union u { s8 s; u8 u; int i; };
int f(void){ union u x = { .i = 0 }; x.s = -2; return x.u*10 + (x.i == 254); }

//- unioncopy
union u { u32 w; u8 b[4]; };
int f(void){ union u x = { .w = 0xdeadbeef }, y; y = x; y.b[0] = 0; return (y.w == 0xdeadbe00) + (x.w == 0xdeadbeef)*2; }

//- unionptr
union u { u32 w; u8 b[4]; };
static void set(u8 *p, int n){ while (n--) *p++ = n; }
int f(void){ union u x = {0}; set(x.b, 4); return x.w; }

//- packeds
struct s { u8 a; u32 b; u16 c; } __packed;
int f(void){ struct s s = { 1, 0x01020304, 5 }; u8 *p = (u8 *)&s; return p[1]*1000 + p[4]*100 + p[5]*10 + sizeof(s); }

//- bytesof
int f(void){ u32 v = 0xa1b2c3d4; u8 *p = (u8 *)&v; p[2] = 0; return (v == 0xa100c3d4) + (p[0] == 0xd4)*2 + (*(u16 *)(p + 2) == 0xa100)*4; }

//- readonce8
struct s { u8 a; u8 b; u16 c; };
int f(void){ struct s s = { 1, 2, 3 }; WRITE_ONCE(s.b, 0x1ff); WRITE_ONCE(s.c, -1); u8 v = READ_ONCE(s.b); return v + READ_ONCE(s.a)*1000 + (READ_ONCE(s.c) == 65535)*10000; }

//- readoncecast
int f(void){ u32 w = 0x01020304; u8 b = READ_ONCE(*(u8 *)&w); u16 h = READ_ONCE(*((u16 *)&w + 1)); WRITE_ONCE(*((u8 *)&w + 3), 9); return b*1000 + h + (w >> 24)*100000; }

//- memcpypart
struct s { u8 a; u16 b; u32 c; };
int f(void){ struct s x = { 1, 2, 3 }, y = { 9, 8, 7 }; memcpy(&y.b, &x.b, sizeof(x) - offsetof(struct s, b)); memcpy((char *)&y.c + 1, "\x05", 1); return y.a*100000 + y.b*10000 + y.c; }

//- memsetpart
int f(void){ u32 a[3] = { 1, 2, 3 }; memset((u8 *)a + 3, 0xff, 6); return (a[0] == 0xff000001)*100 + (a[1] == 0xffffffff)*10 + (a[2] == 0xff); }

//- bfunion
union u { u32 w; struct { u32 a:8, b:16, c:8; }; };
int f(void){ union u x = { .w = 0xdeadbeef }; x.b++; x.c += 0x30; return (x.w == 0x0eadbfef)*1 + x.a + (x.b == 0xadbf)*1000; }

//- bfsignedcmp
struct s { int a:1; unsigned b:1; int c:2; };
int f(void){ struct s s = { 1, 1, 2 }; return (s.a == 1)*1 + (s.a == -1)*2 + (s.b == 1)*4 + (s.c < 0)*8 + (s.a < s.b)*16; }

//- bfcopy
struct s { unsigned a:3, b:5; u8 t; };
int f(void){ struct s x = { 5, 17, 9 }, y = x, z; z = y; z.b = 40; return x.a + x.b*10 + y.t*1000 + z.b*10000 + z.a*100000; }

//- bfbool
struct s { bool a:1; bool b:1; u8 c:6; };
int f(void){ struct s s = { 0 }; s.a = 2; s.b = !s.a; s.c = 65; return s.a*100 + s.b*10 + s.c; }

//- bfternary
struct s { unsigned a:3; };
int f(void){ struct s s = { 7 }; return (s.a << 30) / 2 + (s.a > -1 ? 100 : 200) + (1 ? s.a : -1); }

//- unionbf2
union { u64 q; struct { u64 lo:12, hi:52; }; } x;
int f(void){ x.q = 0x123456789abcdef0ULL; x.lo = 0x1fff; return (x.hi == 0x123456789abcdULL) + (x.q == 0x123456789abcdfffULL)*2; }

//- ptrcast
struct a { int x; u16 y, z; }; struct b { u32 x; u8 y[4]; };
int f(void){ struct a a = { -1, 0x102, 0x304 }; struct b *b = (void *)&a; b->y[0] = 9; return (b->x == 0xffffffff) + b->y[1]*10 + b->y[2]*100 + a.y; }

//- bitfieldpack
struct s { u8 a:4, b:4; u16 c:12; u8 d:3; } __packed;
int f(void){ struct s s = { 1, 2, 0xabc, 5 }; u8 *p = (u8 *)&s; return sizeof(s)*100000 + p[0] + p[1]*10; }

//- offsetptr
struct s { int a; u16 b; u64 c; };
int f(void){ struct s s = { 1, 2, 3 }; char *p = (char *)&s; *(u64 *)(p + offsetof(struct s, c)) = 77; *(u16 *)(p + 4) += 5; return s.c*10 + s.b; }

//- bp4
struct s { u8 a:4, b:4; u16 c:12; u8 d:3; };
int f(void){ struct s s = { 1, 2, 0xabc, 5 }; u8 *p = (u8 *)&s; return sizeof(s)*1000000+ p[0] + p[2]*1000+p[3]*100000+p[1]; }
