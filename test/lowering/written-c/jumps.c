/* Control that enters statements in their middle: each f() gives here what gcc makes of it. */

//- duff
int f(void){ int n = 7, c = 0, k = (n + 3) / 4; switch (n % 4) { case 0: do { c += 1; case 3: c += 10; case 2: c += 100; case 1: c += 1000; } while (--k > 0); } return c; }

//- duff1
int f(void){ int c = 0, k = 2, n = 3; switch (n) { case 0: do { c += 1; case 3: c += 10; } while (--k > 0); } return c; }

//- duff2
int f(void){ int c = 0, n = 3; switch (n) { case 0: { c += 1; case 3: c += 10; } c += 100; } return c; }

//- duff3
int f(void){ int c = 0, n = 2; switch (n) { case 1: if (c) { c += 1; case 2: c += 10; } else { case 3: c += 100; } c += 1000; } return c; }

//- duff4
int f(void){ int c = 0, n = 2, i = 0; switch (n) { case 1: for (i = 5; i < 8; i++) { c += 1; case 2: c += 10; } c += 1000; } return c + i; }

//- swfall
static int g(int x){ int r = 0; switch (x) { case 1: r += 1; case 2: r += 2; break; default: r += 100; case 4 ... 6: r += 4; if (x == 5) break; r += 8; fallthrough; case 9: r += 16; } return r; }
int f(void){ return g(1) + 3*g(2) + 5*g(4) + 7*g(5) + 11*g(9) + 13*g(77); }

//- swnested
static int g(int x){ switch (x) { case 0: { int y = 4; case 1: y = x + 5; return y; } case 2: if (x) { case 3: return 33; } } return -1; }
int f(void){ return g(0)*10000 + g(1)*1000 + g(2)*10 + g(3); }

//- swloop
int f(void){ int i, n = 0; for (i = 0; i < 6; i++) { switch (i) { case 1: continue; case 3: n += 100; break; case 4: goto out; default: n++; } n += 10; } out: return n; }

//- gotoin
int f(void){ int c = 0, i = 0; goto in; while (i < 3) { c += 1; in: i++; c += 10; } return c; }

//- gotoblock
int f(void){ int c = 0; if (c == 0) goto in; { int z = 4; c += z; in: c += 10; } return c; }

//- gotoclean
static int g(int k){ int r = 0; if (k == 1) goto e1; r = 10; if (k == 2) goto e2; return r; e2: r++; e1: r -= 5; return r; }
int f(void){ return g(0)*10000 + g(1)*100 + g(2); }

//- dowhile0
int f(void){ int r = 1; do { if (r == 1) break; r = 5; } while (0); do { r++; if (r < 4) continue; r += 10; } while (0); return r; }

//- dowhilecont
int f(void){ int i = 0, s = 0; do { i++; if (i == 2) continue; s += i; } while (i < 4); return s*10+i; }

//- stmtexprreturn
static int g(int v){ int r = ({ if (v) return 3; 9; }); return r + 1; }
int f(void){ return g(0)*10 + g(1); }

//- stmtexprbreak
int f(void){ int i, s = 0; for (i = 0; i < 10; i++) s += ({ if (i == 4) break; if (i & 1) continue; i; }); return s*10 + i; }

//- stmtexprnest
int f(void){ int i = 1; return ({ int i = 5; ({ int k = i; i++; k + i; }) * i; }) + i; }

//- nestbreak
int f(void){ int i, j, n = 0; for (i = 0; i < 3; i++) { for (j = 0; j < 3; j++) { if (j == 2) break; if (i == j) continue; n = n*10 + i + j; } if (i == 1) { while (1) { if (n++ > 12) break; } } } return n; }

//- rbrace0
static int g(int x)
{
	if (x) {
		x++;
}
	return x;
}
int f(void){ return g(1)*10 + g(0); }

//- brace0b
int f(void)
{
	int s = 0;
	for (int i = 0; i < 3; i++)
{
	s += i;
}
	return s + 1;
}

//- swlong
static int g(u64 v){ switch (v) { case 0x100000000ULL: return 1; case -1: return 2; case 0 ... 5: return 3; } return 4; }
int f(void){ return g(1ULL<<32)*1000 + g(~0ULL)*100 + g(3)*10 + g(0xffffffff); }

//- swu8
static int g(u8 v){ switch (v) { case -1: return 1; case 255: return 2; case 256: return 3; } return 4; }
int f(void){ return g(255)*10 + g(0); }

//- swneg
static int g(int v){ switch (v) { case -5 ... -3: return 1; case -EINVAL: return 2; default: return 3; case 'a': return 4; } }
int f(void){ return g(-4)*1000 + g(-22)*100 + g(0)*10 + g(97); }

//- swdefmid
static int g(int v){ int r = 0; switch (v) { case 1: r = 1; break; default: r = 5; case 2: r += 2; } return r; }
int f(void){ return g(1)*100 + g(2)*10 + g(7); }

//- swdecl
static int g(int v){ switch (v) { int k; case 0: k = 3; return k; case 1: k = 4; return k * 2; } return 0; }
int f(void){ return g(0)*10 + g(1); }

//- nestedswitch
static int g(int a, int b){ switch (a) { case 0: switch (b) { case 0: return 1; case 1: break; default: return 2; } return 3; case 1: switch (b) { default: a = 7; } break; } return a; }
int f(void){ return g(0,0)*1000 + g(0,1)*100 + g(0,5)*10 + g(1,0); }
