/* First values: designators, and structs without a name. */

//- desig
struct in { int a, b[3]; }; struct o { int z; struct in i[2]; u8 t; };
int f(void){ struct o o = { .i[1].b[2] = 5, 6, .i[0] = { 1, .b = { [1] = 2, 3 } }, .z = 9, .i[0].a = 4 }; return o.z*100000 + o.i[0].a*10000 + o.i[0].b[1]*1000 + o.i[0].b[2]*100 + o.i[1].b[2]*10 + o.t; }

//- desigrange
int f(void){ int a[] = { [1 ... 3] = 7, 8, [2] = 1 }; return sizeof(a)/sizeof(a[0])*10000 + a[0]*1000 + a[1]*100 + a[2]*10 + a[4]; }

//- desigflat
struct in { int a, b; }; struct o { struct in i, j; int k; };
int f(void){ struct o o = { 1, 2, 3, 4, 5 }, q = { .j = { 6 }, 7 }; return o.j.a*100 + o.k*10 + q.j.b + q.k*1000 + q.i.a; }

//- anon
struct s { int a; struct { int b; union { int c; u8 d[4]; }; }; struct { int e; } g; };
int f(void){ struct s s = { .a = 1, .b = 2, .c = 0x102, .g.e = 3 }; struct s t = { 1, { 5, { 6 } }, { 7 } }; return s.a + s.b*10 + s.d[1]*100 + s.g.e*1000 + t.c*10000 + t.g.e*100000; }

//- anon1
struct s { int a; struct { int b; union { int c; u8 d[4]; }; }; struct { int e; } g; };
int f(void){ struct s s = { .a = 1, .b = 2, .c = 0x102, .g.e = 3 }; return s.a + s.b*10 + s.d[1]*100 + s.g.e*1000; }

//- anon2
struct s { int a; struct { int b; union { int c; u8 d[4]; }; }; struct { int e; } g; };
int f(void){ struct s t = { 1, { 5, { 6 } }, { 7 } }; return  t.b*1000 + t.c*10000 + t.g.e*100000; }

//- anon3
struct s { int a; struct { int b; union { int c; int d; }; }; };
int f(void){ struct s t = { 1, { 5, { 6 } } }; return  t.b*10 + t.c; }

//- anon4
struct s { int a; struct { int b; int c; }; int d;};
int f(void){ struct s t = { 1, { 5, 6 }, 7 }, u = { 1, 2, 3, 4 }; return  t.a*1000 + t.b*100 + t.c*10 + t.d + u.c*10000 + u.d*100000; }

//- desigcont
struct in { int a, b[3], c; }; struct o { int z; struct in i[2]; u8 t; };
int f(void){ struct o o = { .i[0].b[1] = 5, 6, 7, 8, 9, .z = 1, 2, 3 }; return o.i[0].b[1]*100000 + o.i[0].b[2]*10000 + o.i[0].c*1000 + o.i[1].a*100 + o.i[1].b[0]*10 + o.i[0].a + o.i[0].b[0]*1000000; }

//- desiganon
struct s { int a; struct { int b; int c; }; int d; };
int f(void){ struct s t = { .b = 1, 2, 3 }, u = { .c = 5, 6 }, v = { .d = 7, .a = 8, 9 }; return t.b*100000 + t.c*10000 + t.d*1000 + u.c*100 + u.d*10 + v.d + v.a*3 + v.b*7; }

//- desigunion
struct s { int a; union { int b; u8 c; }; int d; }; union u { int x; struct { int y, z; } w; };
int f(void){ struct s t = { .c = 1, 2 }, s = { 1, 2, 3 }, r = { 1, { .c = 9 }, 4 }; union u v = { .w = { 3, 4 } }, w = { 5 }; return t.b*10000 + t.d*1000 + s.b*100 + s.d*10 + r.b + r.d + v.w.z*100000 + w.x*1000000; }

//- desigover
struct p { int x, y; };
int f(void){ struct p a[3] = { [1] = { 1, 2 }, { 3 }, [0].y = 4, [1].x = 9 }; int m[2][2] = { 1, 2, 3 }, n[2][2] = { [1] = { 5 }, [0][1] = 6, 7 }; return a[0].y*1000 + a[1].x*100 + a[1].y*10 + a[2].x + m[1][0]*10000 + n[1][0]*100000 + n[0][1]*1000000; }

//- flatdesig
struct q { struct { int a, b; } p; int c; };
int f(void){ struct q x = { .p.a = 1, 2, 3 }, y[2] = { 1, 2, 3, 4, 5, 6 }; return x.p.a*100 + x.p.b*10 + x.c + y[1].p.b*1000 + y[1].c*10000; }

//- complit
struct p { int x, y; };
static int sum(struct p p){ return p.x*10 + p.y; }
static int sump(const struct p *p){ return p->x*10 + p->y; }
int f(void){ struct p *q = &(struct p){ .y = 3, .x = 4 }; q->x++; return sum((struct p){ 1, 2 })*10000 + sump(&(struct p){ .y = 7 })*100 + sump(q) + ((int[]){ 5, 6, 7 })[1]; }

//- initorder
int f(void){ int a = 2, b = a * 3, c[] = { a, b, a + b }; struct { int x, y; } s = { .y = c[2], .x = c[1] }; return s.x*10 + s.y; }

//- structarr
struct p { int x, y; };
int f(void){ struct p t[3] = { { 1, 2 }, { 3 } }, *p = t; t[2] = t[0]; p[1] = *(p + 2); t[0].y = 8; return t[1].x*1000 + t[1].y*100 + t[2].y*10 + t[0].y; }

//- const2d
static const s8 m[2][3] = { { 1, -2, 3 }, { [1] = 7 } };
int f(void){ int s = 0; for (int i = 0; i < 2; i++) for (int j = 0; j < 3; j++) s = s*3 + m[i][j]; return s + sizeof(m); }

//- ptrptr
static void adv(const char **p, int n){ *p += n; }
int f(void){ const char s[] = "hello"; const char *p = s; const char **q = &p; adv(q, 2); (*q)++; return *p*10 + (p - s) + **q; }

//- chararrinit
int f(void){ char b[8] = "xy", c[2] = "ab", d[] = "q"; return b[1] + b[5] + c[1]*2 + sizeof(d)*1000; }

//- chararrstruct
struct s { char n[4]; int v; };
int f(void){ struct s s = { "ab", 3 }, t[] = { { .n = "xyz" }, { "q", 5 } }; return s.n[0] + s.n[2] + s.n[3] + t[0].n[2]*2 + t[0].v + t[1].v*1000; }

//- constfold
enum { A = 5 }; static const int k = A * 2; static int arr[A]; static int *const p = &arr[2]; static u8 tab[] = { [A] = 1 };
int f(void){ *p = 7; return k + arr[2]*10 + sizeof(tab)*100; }

//- strings behind one another
static const char s[] = "a\tb" "\x41" "B";
int f(void){ return sizeof(s)*1000 + s[1] + s[3]*10 + s[4]*100; }

//- a string behind that of a macro
#define P "pre-"
static const char s[] = P "mid";
int f(void){ return sizeof(s)*1000 + s[7] + s[5]*10; }

//- an array without a name
int f(void){ int *a = (int[]){ 4, 5, 6 }; return a[2]; }

//- arrays without a name by a macro
static int sum(const int *p, int n){ int s = 0; while (n--) s = s*10 + *p++; return s; }
#define SUM(...) sum((int[]){ __VA_ARGS__ }, ARRAY_SIZE(((int[]){ __VA_ARGS__ })))
int f(void){ return SUM(1,2,3)*10 + SUM(4); }

//- a scalar without a name
int f(void){ return (int){5} + (u8){ 300 }; }

//- the address of a scalar without a name
int f(void){ int *p = &(int){ 7 }; (*p)++; return *p; }

//- an array without a name and with a length
int f(void){ int *p = (int[2]){4,5}; return p[1]; }

//- a string in braces
static int g(const char *s){ return s[1]; }
int f(void){ char *p = (char[]){ "xyz" }; p[1] = 'q'; return g(p) + sizeof((char[]){ "ab" "c" }); }

//- anew
struct in { int x, y; }; struct o { struct in i; int a[3]; int z; }; union u { int a; u8 b[4]; struct { u16 c, d; }; };
static struct in g[2] = { [0 ... 1] = { 1, 2 }, [1] = { 3 } };
long f(void){ struct in a[3] = { [1] = { 5, 6 }, [0].y = 2, { 7 } }; struct o o = { { 1, 2 }, { 1, 2, 3 }, 4, .i = { .y = 5 }, .a = { 9 } };
 union u u = { .a = 0x01020304, .b = { 9 } }, v = { .a = 0x01020304, .b[1] = 9, .b[2] = 1 }, w = { .b = { 1, 2, 3, 4 }, .d = 5, .c = 7 };
 return a[0].y + a[1].x*10 + a[1].y*100 + o.i.x*1000 + o.i.y*10000 + o.a[0]*100000 + o.a[1]*1000000 + o.z*10000000 + g[0].y*100000000L + g[1].x*1000000000L + g[1].y*10000000000L + u.a*100000000000L + v.a*3 + w.a*7; }

//- anewpart
struct in { int x, y; }; struct o { struct in i; int z; };
int f(void){ struct o o = { .i = { 1, 2 }, .z = 3, .i.y = 4 }; struct in i = { .y = 1 }; i = (struct in){ .x = i.y }; return o.i.x*1000 + o.i.y*100 + i.x*10 + i.y; }
