/* The kernel's operations, by one thread. */

//- cmpxchg8
struct s { u8 a, b; };
int f(void){ struct s s = { 255, 2 }; u8 o = cmpxchg(&s.a, 255, 256); u8 p = cmpxchg(&s.b, 3, 4); return o*100 + s.a*10 + s.b + p; }

//- cmpxchgs8
int f(void){ s8 v = -1; s8 o = cmpxchg(&v, -1, 200); return o*1000 + v; }

//- cmpxchg64
int f(void){ u64 v = 0xffffffff00000000ULL; u64 o = cmpxchg(&v, 0, 5); if (v != 5) o = cmpxchg(&v, 0xffffffff00000000ULL, 6); return v + (o >> 60); }

//- xchgptr
struct n { int v; };
int f(void){ struct n a = { 3 }, b = { 4 }; struct n *p = &a; struct n *o = xchg(&p, &b); struct n *z = xchg(&p, NULL); return o->v*100 + z->v*10 + (p == NULL); }

//- trycmp
int f(void){ int v = 3, old = 5, n = 0; while (!try_cmpxchg(&v, &old, old * 10)) n++; return v*100 + old*10 + n; }

//- atomicwrap_
int f(void){ atomic_t a = ATOMIC_INIT(0x7fffffff); int r = atomic_inc_return(&a) < 0; atomic_set(&a, 0); r = r*10 + atomic_dec_return(&a); r = r*10 + atomic_add_negative(-5, &a); r = r*10 + atomic_inc_not_zero(&a); r = r*10 + atomic_fetch_xor(3, &a); return r*10+atomic_read(&a); }

//- bitwords_
int f(void){ DECLARE_BITMAP(m, 130) = { 0 }; set_bit(63, m); set_bit(64, m); set_bit(129, m); int r = test_and_set_bit(64, m); r += test_and_clear_bit(63, m)*2; r += test_bit(63, m)*4; r+= test_bit(129, m)*8; change_bit(0, m); return r*100 + (m[0] == 1)*10 + (m[1] == 1)*20 + (m[2] == 2)*40 + sizeof(m); }

//- bitvar
static int g(unsigned long *m, int n){ return test_and_change_bit(n, m); }
int f(void){ unsigned long m[2] = { 0, ~0UL }; int r = 0; for (int i = 62; i < 66; i++) r = r*2 + g(m, i); return r*100 + (m[0] >> 62)*10 + (m[1] & 7); }

//- listops
struct it { int v; struct list_head l; };
static LIST_HEAD(head);
static struct it a = { 1 }, b = { 2 }, c = { 3 };
int f(void){ struct it *p, *n; int s = 0; list_add(&a.l, &head); list_add_tail(&b.l, &head); list_add(&c.l, &head); list_for_each_entry(p, &head, l) s = s*10 + p->v; list_move_tail(&c.l, &head); list_for_each_entry_reverse(p, &head, l) s = s*10 + p->v; list_for_each_entry_safe(p, n, &head, l) if (p->v == 2) list_del_init(&p->l); return s*10 + list_first_entry(&head, struct it, l)->v + list_empty(&b.l)*3 + list_is_last(&c.l, &head); }

//- hlist1
struct it { int v; struct hlist_node n; };
int f(void){ struct hlist_head t[2] = { { 0 } }; struct it a = { 5 }, b = { 7 }, c = { 8 }, *p; struct it *all[] = { &a, &b, &c }; int s = 0; for (int i = 0; i < ARRAY_SIZE(all); i++) hlist_add_head(&all[i]->n, &t[all[i]->v % ARRAY_SIZE(t)]); hlist_del_init(&b.n); hlist_for_each_entry(p, &t[1], n) s = s*10 + p->v; hlist_for_each_entry(p, &t[0], n) s = s*10 + p->v; return s*10 + hlist_unhashed(&b.n) + hlist_empty(&t[0]); }

//- refc
struct o { struct kref k; int freed; };
static void rel(struct kref *k){ container_of(k, struct o, k)->freed++; }
int f(void){ struct o o = { .freed = 0 }; kref_init(&o.k); kref_get(&o.k); int r = kref_put(&o.k, rel); r = r*10 + kref_put(&o.k, rel); r = r*10 + o.freed; return r*10 + kref_get_unless_zero(&o.k); }

//- refc2
int f(void){ refcount_t r; refcount_set(&r, 1); int x = refcount_dec_if_one(&r); x = x*10 + refcount_inc_not_zero(&r); refcount_set(&r, 3); x = x*10 + refcount_sub_and_test(2, &r); x = x*10 + refcount_dec_not_one(&r); return x*10 + refcount_read(&r); }

//- errptr
static void *get(int x){ static int o = 4; if (x < 0) return ERR_PTR(x); return &o; }
int f(void){ int *p = get(-EINVAL); int r = IS_ERR(p) ? PTR_ERR(p) : *p; p = get(0); return r*10 + (IS_ERR(p) ? 1 : *p); }

//- ring1
struct ring { u32 head, tail; int buf[4]; };
static int push(struct ring *r, int v){ if (r->head - r->tail >= 4) return -1; r->buf[r->head++ & 3] = v; return 0; }
static int pop(struct ring *r){ if (r->head == r->tail) return -1; return r->buf[r->tail++ % ARRAY_SIZE(r->buf)]; }
int f(void){ struct ring r = { .head = 0xfffffffe, .tail = 0xfffffffe }; int i, s = 0; for (i = 1; i <= 5; i++) s += push(&r, i); for (i = 0; i < 3; i++) s = s*10 + pop(&r); push(&r, 8); return s*10 + r.buf[1]; }

//- ring2
struct e { u8 k; int v; };
int f(void){ struct e q[3] = {{0}}; unsigned h = 2; int i; for (i = 0; i < 4; i++) { struct e *p = &q[(h + i) % 3]; p->k = i; p->v += i * 10; } return q[0].v*100 + q[2].v + q[1].k; }

//- minmax
int f(void){ int i = 3; int a = min(i++, 5), b = max_t(u8, 300, 3), c = clamp(i, 5, 9); u32 d = min_t(u32, -1, 7); return a*10000 + b*100 + c*10 + d + i; }

//- swaps
int f(void){ u8 a = 1, b = 255; int *p, *q, x = 3, y = 4; p = &x; q = &y; swap(a, b); swap(p, q); return a*10 + b + *p*1000 + *q*10000; }

//- listlocal
struct it { int v; struct list_head l; };
static LIST_HEAD(glob);
int f(void){ LIST_HEAD(h1); struct it a = { 1 }, b = { 2 }, *p; int s = 0; list_add(&a.l, &h1); list_add(&b.l, &glob); list_splice_init(&h1, &glob); list_for_each_entry(p, &glob, l) s = s*10 + p->v; return s*10 + list_empty(&h1); }

//- atomic64init
static atomic64_t g = ATOMIC64_INIT(5);
int f(void){ atomic64_t a = ATOMIC64_INIT(0xffffffff); atomic_long_t l = { 7 }; return (atomic64_inc_return(&a) == 0x100000000LL) + atomic64_read(&g)*10 + atomic_long_read(&l)*100; }

//- offend
struct s { u8 a; struct { u16 b; u64 c; } i; u8 d[3]; };
int f(void){ return offsetofend(struct s, i) + offsetofend(struct s, d)*100; }

//- bitopsint
int f(void){ unsigned long w = 0; __set_bit(3, &w); set_bit(63, &w); clear_bit(3, &w); return (w == 1UL << 63) + test_bit(63, &w)*2 + (int)(w >> 60)*10; }

//- xchgfield
struct s { u8 a, b; u16 c; };
int f(void){ struct s s = { 1, 2, 3 }; u8 o = xchg(&s.b, 0x1ff); u16 p = xchg(&s.c, s.a); return o*10000 + s.b*10 + p + s.c*3 + s.a; }

//- rounding to the closest
int f(void){ u32 z = 0, d = 5; return DIV_ROUND_CLOSEST(-7, 2) + DIV_ROUND_CLOSEST(7, 2)*10 + DIV_ROUND_CLOSEST(z, d)*100 + DIV_ROUND_CLOSEST(-7, -2)*1000 + DIV_ROUND_CLOSEST(12u, d)*10000 + DIV_ROUND_CLOSEST(4L, 3)*100000; }

//- a list that is rotated
struct it { int v; struct list_head l; };
int f(void){ LIST_HEAD(h); struct it a = {1}, b = {2}, c = {3}, *p; list_add(&a.l, &h); list_add(&b.l, &h); list_add(&c.l, &h); list_rotate_left(&h); int s = 0; list_for_each_entry(p, &h, l) s = s*10 + p->v; return s; }

//- divisions and rotations
int f(void){ u64 n = 1000000007ULL * 12; u32 r = do_div(n, 1000); int t = r; t = t*1000 + (int)(n % 997); t += (int)div_s64(-7, 2) + (int)div_u64(100, 7)*3 + (int)(div64_u64(1ULL << 50, 1ULL << 45)); return t + sign_extend32(0xf8, 7) + sign_extend64(0x7f, 6)*100 + rol32(0x80000001, 4) + ror32(1, 1) % 7 + rol32(5, 0); }
