/* What the kernel has and gcc has not, for programs of one thread. */
#include <stdio.h>
#include <stddef.h>
#include <string.h>
#include <stdint.h>
#include <stdbool.h>
typedef unsigned char u8; typedef unsigned short u16; typedef unsigned int u32; typedef unsigned long long u64;
typedef signed char s8; typedef short s16; typedef int s32; typedef long long s64;
#define READ_ONCE(x) (*(const volatile typeof(x)*)&(x))
#define WRITE_ONCE(x,v) do { *(volatile typeof(x)*)&(x) = (v); } while(0)
#define xchg(p,v) ({ typeof(p) _p=(p); typeof(*_p) _n=(typeof(*_p))(v), _o=*_p; *_p=_n; _o; })
#define cmpxchg(p,o,n) ({ typeof(p) _p=(p); typeof(*_p) _ol=(typeof(*_p))(o),_n=(typeof(*_p))(n), _c=*_p; if(_c==_ol)*_p=_n; _c; })
#define try_cmpxchg(p,op,n) ({ typeof(p) _p2=(p); typeof(op) _op=(op); typeof(*_p2) _o2=*_op; typeof(*_p2) _r=cmpxchg(_p2,_o2,n); if(_r!=_o2)*_op=_r; _r==_o2; })
typedef struct { int counter; } atomic_t; typedef struct { s64 counter; } atomic64_t; typedef struct {long counter;} atomic_long_t;
#define ATOMIC_INIT(i) {(i)}
#define ATOMIC64_INIT(i) {(i)}
#define A(N,T,V) static V N##_read(const T*v){return v->counter;} static void N##_set(T*v,V i){v->counter=i;} \
static void N##_add(V i,T*v){v->counter+=i;} static void N##_sub(V i,T*v){v->counter-=i;} static void N##_inc(T*v){v->counter++;} static void N##_dec(T*v){v->counter--;} \
static V N##_add_return(V i,T*v){return v->counter+=i;} static V N##_sub_return(V i,T*v){return v->counter-=i;} static V N##_inc_return(T*v){return ++v->counter;} static V N##_dec_return(T*v){return --v->counter;} \
static V N##_fetch_add(V i,T*v){V o=v->counter;v->counter+=i;return o;} static V N##_fetch_sub(V i,T*v){V o=v->counter;v->counter-=i;return o;} static V N##_fetch_or(V i,T*v){V o=v->counter;v->counter|=i;return o;} static V N##_fetch_and(V i,T*v){V o=v->counter;v->counter&=i;return o;} static V N##_fetch_xor(V i,T*v){V o=v->counter;v->counter^=i;return o;} static V N##_fetch_andnot(V i,T*v){V o=v->counter;v->counter&=~i;return o;}\
static void N##_or(V i,T*v){v->counter|=i;} static void N##_and(V i,T*v){v->counter&=i;} static void N##_xor(V i,T*v){v->counter^=i;} static void N##_andnot(V i,T*v){v->counter&=~i;}\
static V N##_xchg(T*v,V n){V o=v->counter;v->counter=n;return o;} static V N##_cmpxchg(T*v,V o,V n){V c=v->counter;if(c==o)v->counter=n;return c;} static bool N##_try_cmpxchg(T*v,V*o,V n){V c=v->counter;if(c==*o){v->counter=n;return true;}*o=c;return false;}\
static bool N##_dec_and_test(T*v){return --v->counter==0;} static bool N##_inc_and_test(T*v){return ++v->counter==0;} static bool N##_sub_and_test(V i,T*v){return (v->counter-=i)==0;} static bool N##_add_negative(V i,T*v){return (v->counter+=i)<0;}\
static V N##_fetch_add_unless(T*v,V a,V u){V c=v->counter;if(c!=u)v->counter+=a;return c;} static bool N##_add_unless(T*v,V a,V u){return N##_fetch_add_unless(v,a,u)!=u;} static bool N##_inc_not_zero(T*v){return N##_add_unless(v,1,0);} static V N##_dec_if_positive(T*v){V d=v->counter-1;if(d>=0)v->counter=d;return d;} static bool N##_inc_unless_negative(T*v){if(v->counter<0)return false;v->counter++;return true;} static bool N##_dec_unless_positive(T*v){if(v->counter>0)return false;v->counter--;return true;}
A(atomic,atomic_t,int) A(atomic64,atomic64_t,s64) A(atomic_long,atomic_long_t,long)
#define BITS_PER_LONG 64
#define BIT(n) (1UL<<(n))
#define BIT_ULL(n) (1ULL<<(n))
#define BIT_MASK(nr) (1UL<<((nr)%64))
#define BIT_WORD(nr) ((nr)/64)
#define GENMASK(h,l) (((~0UL) - (1UL << (l)) + 1) & (~0UL >> (63 - (h))))
#define DIV_ROUND_UP(n,d) (((n)+(d)-1)/(d))
#define BITS_TO_LONGS(n) DIV_ROUND_UP(n,64)
#define DECLARE_BITMAP(name,bits) unsigned long name[BITS_TO_LONGS(bits)]
static void set_bit(long n,unsigned long*p){p[n/64]|=1UL<<(n%64);} static void clear_bit(long n,unsigned long*p){p[n/64]&=~(1UL<<(n%64));} static void change_bit(long n,unsigned long*p){p[n/64]^=1UL<<(n%64);}
static bool test_bit(long n,const unsigned long*p){return p[n/64]>>(n%64)&1;}
#define __set_bit set_bit
#define __clear_bit clear_bit
static bool test_and_set_bit(long n,unsigned long*p){bool o=test_bit(n,p);set_bit(n,p);return o;} static bool test_and_clear_bit(long n,unsigned long*p){bool o=test_bit(n,p);clear_bit(n,p);return o;} static bool test_and_change_bit(long n,unsigned long*p){bool o=test_bit(n,p);change_bit(n,p);return o;}
#define __test_and_set_bit test_and_set_bit
#define ARRAY_SIZE(a) (sizeof(a)/sizeof((a)[0]))
#define container_of(p,t,m) ((t*)((char*)(p)-offsetof(t,m)))
#define min(a,b) ({typeof(a) _a=(a);typeof(b) _b=(b);_a<_b?_a:_b;})
#define max(a,b) ({typeof(a) _a=(a);typeof(b) _b=(b);_a>_b?_a:_b;})
#define min_t(t,a,b) ({t _a=(a);t _b=(b);_a<_b?_a:_b;})
#define max_t(t,a,b) ({t _a=(a);t _b=(b);_a>_b?_a:_b;})
#define clamp(v,l,h) min(max(v,l),h)
#define clamp_t(t,v,l,h) min_t(t,max_t(t,v,l),h)
#define swap(a,b) do{typeof(a) _t=(a);(a)=(b);(b)=_t;}while(0)
#define likely(x) (!!(x))
#define unlikely(x) (!!(x))
#define round_up(x,y) ((((x)-1)|((typeof(x))((y)-1)))+1)
#define round_down(x,y) ((x)&~((typeof(x))((y)-1)))
#define ALIGN(x,a) (((x)+((typeof(x))(a)-1))&~((typeof(x))(a)-1))
#define IS_ALIGNED(x,a) (((x)&((typeof(x))(a)-1))==0)
#define upper_32_bits(n) ((u32)(((n)>>16)>>16))
#define lower_32_bits(n) ((u32)((n)&0xffffffff))
#define U8_MAX 255
#define U16_MAX 65535
#define U32_MAX ((u32)~0U)
#define S32_MAX ((s32)(U32_MAX>>1))
#define S32_MIN ((s32)(-S32_MAX-1))
#define INT_MAX 2147483647
#define INT_MIN (-INT_MAX-1)
#define LONG_MAX 0x7fffffffffffffffL
#define LONG_MIN (-LONG_MAX-1)
#define ULONG_MAX (~0UL)
#define UINT_MAX (~0U)
#define fallthrough __attribute__((__fallthrough__))
#define __always_inline inline __attribute__((always_inline))
#define noinline
#define __packed __attribute__((packed))
#define __aligned(x) __attribute__((aligned(x)))
static bool is_power_of_2(unsigned long n){return n&&!(n&(n-1));}
static int fls(unsigned x){return x?32-__builtin_clz(x):0;} static int ffs_(int x){return __builtin_ffs(x);} static int fls64(u64 x){return x?64-__builtin_clzll(x):0;} static unsigned long __ffs(unsigned long x){return __builtin_ctzl(x);} static unsigned long __fls(unsigned long x){return 63-__builtin_clzl(x);}
#define ilog2(n) (fls64(n)-1)
#define hweight32 __builtin_popcount
#define hweight64 __builtin_popcountll
#define IS_ERR(p) ((unsigned long)(p)>=(unsigned long)-4095)
#define PTR_ERR(p) ((long)(p))
#define ERR_PTR(e) ((void*)(long)(e))
#define EINVAL 22
#define ENOMEM 12
#define EAGAIN 11
#define EBUSY 16
struct list_head{struct list_head*next,*prev;}; struct hlist_head{struct hlist_node*first;}; struct hlist_node{struct hlist_node*next,**pprev;};
#define LIST_HEAD_INIT(n) {&(n),&(n)}
#define LIST_HEAD(n) struct list_head n=LIST_HEAD_INIT(n)
#define HLIST_HEAD(n) struct hlist_head n={0}
static void INIT_LIST_HEAD(struct list_head*l){l->next=l->prev=l;} static void INIT_HLIST_NODE(struct hlist_node*h){h->next=0;h->pprev=0;}
static void __ladd(struct list_head*n,struct list_head*p,struct list_head*x){x->prev=n;n->next=x;n->prev=p;p->next=n;}
static void list_add(struct list_head*n,struct list_head*h){__ladd(n,h,h->next);} static void list_add_tail(struct list_head*n,struct list_head*h){__ladd(n,h->prev,h);}
static void __ldel(struct list_head*p,struct list_head*n){n->prev=p;p->next=n;} static void list_del_init(struct list_head*e){__ldel(e->prev,e->next);INIT_LIST_HEAD(e);} static void list_del(struct list_head*e){__ldel(e->prev,e->next);e->next=(void*)256;e->prev=(void*)290;}
static void list_move(struct list_head*l,struct list_head*h){__ldel(l->prev,l->next);list_add(l,h);} static void list_move_tail(struct list_head*l,struct list_head*h){__ldel(l->prev,l->next);list_add_tail(l,h);}
static bool list_empty(const struct list_head*h){return h->next==h;} static bool list_is_singular(const struct list_head*h){return !list_empty(h)&&h->next==h->prev;} static bool list_is_last(const struct list_head*l,const struct list_head*h){return l->next==h;}
static void list_splice_init(struct list_head*l,struct list_head*h){if(!list_empty(l)){struct list_head*f=l->next,*x=l->prev,*at=h->next;f->prev=h;h->next=f;x->next=at;at->prev=x;INIT_LIST_HEAD(l);}}
static void list_splice_tail_init(struct list_head*l,struct list_head*h){if(!list_empty(l)){struct list_head*f=l->next,*x=l->prev,*p=h->prev;f->prev=p;p->next=f;x->next=h;h->prev=x;INIT_LIST_HEAD(l);}}
#define list_entry(p,t,m) container_of(p,t,m)
#define list_first_entry(p,t,m) list_entry((p)->next,t,m)
#define list_last_entry(p,t,m) list_entry((p)->prev,t,m)
#define list_first_entry_or_null(p,t,m) (list_empty(p)?NULL:list_first_entry(p,t,m))
#define list_next_entry(p,m) list_entry((p)->m.next,typeof(*(p)),m)
#define list_prev_entry(p,m) list_entry((p)->m.prev,typeof(*(p)),m)
#define list_for_each(p,h) for(p=(h)->next;p!=(h);p=p->next)
#define list_for_each_entry(p,h,m) for(p=list_first_entry(h,typeof(*p),m);&p->m!=(h);p=list_next_entry(p,m))
#define list_for_each_entry_reverse(p,h,m) for(p=list_last_entry(h,typeof(*p),m);&p->m!=(h);p=list_prev_entry(p,m))
#define list_for_each_entry_safe(p,n,h,m) for(p=list_first_entry(h,typeof(*p),m),n=list_next_entry(p,m);&p->m!=(h);p=n,n=list_next_entry(n,m))
static void hlist_add_head(struct hlist_node*n,struct hlist_head*h){struct hlist_node*f=h->first;n->next=f;if(f)f->pprev=&n->next;h->first=n;n->pprev=&h->first;} static void hlist_del_init(struct hlist_node*n){if(n->pprev){struct hlist_node*x=n->next,**pp=n->pprev;*pp=x;if(x)x->pprev=pp;INIT_HLIST_NODE(n);}} static bool hlist_unhashed(const struct hlist_node*h){return !h->pprev;} static bool hlist_empty(const struct hlist_head*h){return !h->first;} static void hlist_add_behind(struct hlist_node*n,struct hlist_node*p){n->next=p->next;p->next=n;n->pprev=&p->next;if(n->next)n->next->pprev=&n->next;} static void hlist_add_before(struct hlist_node*n,struct hlist_node*x){n->pprev=x->pprev;n->next=x;x->pprev=&n->next;*(n->pprev)=n;}
#define hlist_entry_safe(p,t,m) ({typeof(p)__p=(p);__p?container_of(__p,t,m):NULL;})
#define hlist_for_each_entry(p,h,m) for(p=hlist_entry_safe((h)->first,typeof(*(p)),m);p;p=hlist_entry_safe((p)->m.next,typeof(*(p)),m))
#define hlist_for_each_entry_safe(p,n,h,m) for(p=hlist_entry_safe((h)->first,typeof(*p),m);p&&({n=p->m.next;1;});p=hlist_entry_safe(n,typeof(*p),m))
typedef struct { atomic_t refs; } refcount_t;
#define REFCOUNT_INIT(n) {.refs=ATOMIC_INIT(n)}
static void refcount_set(refcount_t*r,int n){r->refs.counter=n;} static unsigned refcount_read(refcount_t*r){return r->refs.counter;} static void refcount_inc(refcount_t*r){r->refs.counter++;} static bool refcount_dec_and_test(refcount_t*r){return --r->refs.counter==0;} static bool refcount_inc_not_zero(refcount_t*r){if(!r->refs.counter)return false;r->refs.counter++;return true;} static bool refcount_sub_and_test(int i,refcount_t*r){return (r->refs.counter-=i)==0;} static void refcount_add(int i,refcount_t*r){r->refs.counter+=i;} static bool refcount_dec_if_one(refcount_t*r){if(r->refs.counter==1){r->refs.counter=0;return true;}return false;} static bool refcount_dec_not_one(refcount_t*r){if(r->refs.counter==1)return false;r->refs.counter--;return true;}
struct kref{refcount_t refcount;}; static void kref_init(struct kref*k){refcount_set(&k->refcount,1);} static void kref_get(struct kref*k){refcount_inc(&k->refcount);} static int kref_put(struct kref*k,void(*r)(struct kref*)){if(refcount_dec_and_test(&k->refcount)){r(k);return 1;}return 0;} static int kref_get_unless_zero(struct kref*k){return refcount_inc_not_zero(&k->refcount);} static unsigned kref_read(struct kref*k){return refcount_read(&k->refcount);}
#define smp_mb() __sync_synchronize()
#define smp_wmb() smp_mb()
#define smp_rmb() smp_mb()
#define smp_store_release(p,v) do{*(p)=(v);}while(0)
#define smp_load_acquire(p) (*(p))
#define BUILD_BUG_ON(x) ((void)sizeof(char[1-2*!!(x)]))
#define offsetofend(T,M) (offsetof(T,M)+sizeof(((T*)0)->M))
#define sizeof_field(T,M) sizeof(((T*)0)->M)
#define struct_size(p,m,n) (sizeof(*(p))+sizeof((p)->m[0])*(n))
#define FIELD_PREP(m,v) (((typeof(m))(v)<<__builtin_ctzll(m))&(m))
#define FIELD_GET(m,r) ((typeof(m))(((r)&(m))>>__builtin_ctzll(m)))
#define roundup_pow_of_two(n) ((n)==1?1UL:1UL<<(fls64((n)-1)))
static u32 rol32(u32 w,unsigned s){return (w<<(s&31))|(w>>((-s)&31));} static u32 ror32(u32 w,unsigned s){return (w>>(s&31))|(w<<((-s)&31));}
static u16 swab16(u16 x){return __builtin_bswap16(x);} static u32 swab32(u32 x){return __builtin_bswap32(x);}
#define time_after(a,b) ((long)((b)-(a))<0)
#define time_before(a,b) time_after(b,a)
#define array_index_nospec(i,s) ((i)<(s)?(i):0)
#define check_add_overflow(a,b,d) __builtin_add_overflow(a,b,d)
#define check_sub_overflow(a,b,d) __builtin_sub_overflow(a,b,d)
#define check_mul_overflow(a,b,d) __builtin_mul_overflow(a,b,d)
#define check_sub_overflow(a,b,d) __builtin_sub_overflow(a,b,d)
#define abs(x) __builtin_abs(x)
#define EXPORT_SYMBOL_GPL(x)
#define __init
#define __read_mostly
#define ACCESS_ONCE READ_ONCE
static void list_rotate_left(struct list_head*h){if(!list_empty(h)){list_move_tail(h->next,h);}}
#define do_div(n,b) ({u32 b_=(b);u32 r_=(u64)(n)%b_;(n)=(u64)(n)/b_;r_;})
static u64 div_u64(u64 a,u32 b){return a/b;} static u64 div64_u64(u64 a,u64 b){return a/b;} static s64 div_s64(s64 a,s32 b){return a/b;} 
#define DIV_ROUND_CLOSEST(x,d) ({typeof(x) x_=x;typeof(d) d_=d;(((typeof(x))-1)>0||((typeof(d))-1)>0||(((x_)>0)==((d_)>0)))?(((x_)+((d_)/2))/(d_)):(((x_)-((d_)/2))/(d_));})
static s32 sign_extend32(u32 v,int i){u8 s=31-i;return (s32)(v<<s)>>s;} static s64 sign_extend64(u64 v,int i){u8 s=63-i;return (s64)(v<<s)>>s;}
static inline void assign_bit(long nr, unsigned long *a, bool v) { if (v) a[nr / 64] |= 1UL << nr % 64; else a[nr / 64] &= ~(1UL << nr % 64); }
#define __assign_bit assign_bit
static inline unsigned long find_first_bit(const unsigned long *a, unsigned long n) { for (unsigned long i = 0; i < n; i++) if (a[i / 64] >> i % 64 & 1) return i; return n; }
static inline unsigned long find_first_zero_bit(const unsigned long *a, unsigned long n) { for (unsigned long i = 0; i < n; i++) if (!(a[i / 64] >> i % 64 & 1)) return i; return n; }
static inline void bitmap_set(unsigned long *a, unsigned int at, unsigned int n) { for (; n-- > 0; at++) a[at / 64] |= 1UL << at % 64; }
static inline void bitmap_clear(unsigned long *a, unsigned int at, unsigned int n) { for (; n-- > 0; at++) a[at / 64] &= ~(1UL << at % 64); }
