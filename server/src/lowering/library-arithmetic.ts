/**
 * Arithmetic in C of our own, as `include/linux/minmax.h`, `math.h`, `bits.h`, `bitops.h`, `bitfield.h`, `limits.h`, `jiffies.h` and
 * the little-endian byte orders have it, and GCC's built-in functions on bits.
 */

/** Arithmetic, each argument evaluated once. */
export const ARITHMETIC = `
#define min(x, y) ({ typeof(x) __x = (x); typeof(y) __y = (y); __x < __y ? __x : __y; })
#define max(x, y) ({ typeof(x) __x = (x); typeof(y) __y = (y); __x > __y ? __x : __y; })
#define min_t(type, x, y) ({ type __x = (x); type __y = (y); __x < __y ? __x : __y; })
#define max_t(type, x, y) ({ type __x = (x); type __y = (y); __x > __y ? __x : __y; })
#define min3(x, y, z) min((typeof(x))min(x, y), z)
#define max3(x, y, z) max((typeof(x))max(x, y), z)
#define min_not_zero(x, y) ({ \\
  typeof(x) __first = (x); \\
  typeof(y) __second = (y); \\
  __first == 0 ? __second : (__second == 0 ? __first : min(__first, __second)); })
#define clamp(value, low, high) ({ \\
  typeof(value) __value = (value); \\
  typeof(low) __low = (low); \\
  typeof(high) __high = (high); \\
  __value <= __low ? __low : (__value >= __high ? __high : __value); })
#define clamp_t(type, value, low, high) ({ \\
  type __value = (value); \\
  type __low = (low); \\
  type __high = (high); \\
  __value <= __low ? __low : (__value >= __high ? __high : __value); })
#define clamp_val(value, low, high) clamp_t(typeof(value), value, low, high)
#define swap(a, b) do { typeof(a) __swapped = (a); (a) = (b); (b) = __swapped; } while (0)
#define abs(x) ({ typeof(x) __signed = (x); __signed < 0 ? -__signed : __signed; })

#define DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))
#define DIV_ROUND_CLOSEST(n, d) ({ \\
  typeof(n) __n = (n); \\
  typeof(d) __d = (d); \\
  (typeof(n))-1 > 0 || (typeof(d))-1 > 0 || (__n > 0) == (__d > 0) ? \\
    (__n + __d / 2) / __d : (__n - __d / 2) / __d; })
#define DIV_ROUND_UP_ULL(n, d) (((unsigned long long)(n) + (d) - 1) / (d))
#define DIV_ROUND_DOWN_ULL(n, d) ((unsigned long long)(n) / (d))
#define do_div(n, base) ({ \\
  unsigned int __base = (base); \\
  unsigned int __rest = (unsigned long long)(n) % __base; \\
  (n) = (unsigned long long)(n) / __base; \\
  __rest; })
#define mult_frac(x, numerator, denominator) ({ \\
  typeof(x) __quotient = (x) / (denominator); \\
  typeof(x) __rest = (x) % (denominator); \\
  __quotient * (numerator) + __rest * (numerator) / (denominator); })
#define struct_size(pointer, member, count) (sizeof(*(pointer)) + sizeof(*(pointer)->member) * (count))
#define flex_array_size(pointer, member, count) (sizeof(*(pointer)->member) * (count))
#define array_size(a, b) ((unsigned long)(a) * (b))
#define typeof_member(type, member) typeof(((type *)0)->member)
#define rounddown(x, y) ({ typeof(x) __x = (x); __x - (__x % (y)); })
#define roundup(x, y) ({ typeof(y) __y = (y); (((x) + (__y - 1)) / __y) * __y; })
#define __round_mask(x, y) ((typeof(x))((y) - 1))
#define round_up(x, y) ((((x) - 1) | __round_mask(x, y)) + 1)
#define round_down(x, y) ((x) & ~__round_mask(x, y))
#define ALIGN(x, a) (((x) + ((typeof(x))(a) - 1)) & ~((typeof(x))(a) - 1))
#define ALIGN_DOWN(x, a) ((x) & ~((typeof(x))(a) - 1))
#define IS_ALIGNED(x, a) (((x) & ((typeof(x))(a) - 1)) == 0)
#define upper_32_bits(n) ((unsigned int)(((n) >> 16) >> 16))
#define lower_32_bits(n) ((unsigned int)((n) & 0xffffffff))
#define array_index_nospec(index, size) ({ \\
  typeof(index) __index = (index); \\
  (typeof(index))(__index * (__index < (size))); })

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define sizeof_field(type, member) sizeof((((type *)0)->member))
#define offsetofend(type, member) (offsetof(type, member) + sizeof_field(type, member))
#define BITS_PER_BYTE 8
#define BIT(bit) (1UL << (bit))
#define BIT_ULL(bit) (1ULL << (bit))
#define BIT_MASK(bit) (1UL << ((bit) % 64))
#define BIT_WORD(bit) ((bit) / 64)
#define GENMASK(high, low) ((~0UL - (1UL << (low)) + 1) & (~0UL >> (63 - (high))))
#define GENMASK_ULL(high, low) ((~0ULL - (1ULL << (low)) + 1) & (~0ULL >> (63 - (high))))

static inline void __set_bit(unsigned long nr, unsigned long *addr)
{
  addr[nr / 64] |= 1UL << (nr % 64);
}

static inline void __clear_bit(unsigned long nr, unsigned long *addr)
{
  addr[nr / 64] &= ~(1UL << (nr % 64));
}

static inline void __change_bit(unsigned long nr, unsigned long *addr)
{
  addr[nr / 64] ^= 1UL << (nr % 64);
}

static inline int __test_and_set_bit(unsigned long nr, unsigned long *addr)
{
  unsigned long old = addr[nr / 64];

  addr[nr / 64] = old | 1UL << (nr % 64);
  return old >> (nr % 64) & 1;
}

static inline int __test_and_clear_bit(unsigned long nr, unsigned long *addr)
{
  unsigned long old = addr[nr / 64];

  addr[nr / 64] = old & ~(1UL << (nr % 64));
  return old >> (nr % 64) & 1;
}

static inline int __test_and_change_bit(unsigned long nr, unsigned long *addr)
{
  unsigned long old = addr[nr / 64];

  addr[nr / 64] = old ^ 1UL << (nr % 64);
  return old >> (nr % 64) & 1;
}

static inline unsigned long long div_u64(unsigned long long n, unsigned int d) { return n / d; }
static inline long long div_s64(long long n, int d) { return n / d; }
static inline unsigned long long div64_u64(unsigned long long n, unsigned long long d) { return n / d; }
static inline long long div64_s64(long long n, long long d) { return n / d; }

static inline unsigned int rol32(unsigned int word, unsigned int shift)
{
  return (word << (shift & 31)) | (word >> (-shift & 31));
}

static inline unsigned int ror32(unsigned int word, unsigned int shift)
{
  return (word >> (shift & 31)) | (word << (-shift & 31));
}

static inline unsigned long long rol64(unsigned long long word, unsigned int shift)
{
  return (word << (shift & 63)) | (word >> (-shift & 63));
}

static inline unsigned long long ror64(unsigned long long word, unsigned int shift)
{
  return (word >> (shift & 63)) | (word << (-shift & 63));
}

static inline int sign_extend32(unsigned int value, int index)
{
  return (int)(value << (31 - index)) >> (31 - index);
}

static inline long long sign_extend64(unsigned long long value, int index)
{
  return (long long)(value << (63 - index)) >> (63 - index);
}

static inline int is_power_of_2(unsigned long n)
{
  return n != 0 && (n & (n - 1)) == 0;
}

/* One more than the number of the highest bit that is set; 0 for 0. */
static inline int fls64(unsigned long long x)
{
  int r = 0;

  if (x >> 32) { r += 32; x >>= 32; }
  if (x >> 16) { r += 16; x >>= 16; }
  if (x >> 8) { r += 8; x >>= 8; }
  if (x >> 4) { r += 4; x >>= 4; }
  if (x >> 2) { r += 2; x >>= 2; }
  if (x >> 1) { r += 1; x >>= 1; }
  return r + (int)x;
}

static inline int fls(unsigned int x)
{
  return fls64(x);
}

static inline int fls_long(unsigned long x)
{
  return fls64(x);
}

static inline unsigned long __fls(unsigned long x)
{
  return fls64(x) - 1;
}

static inline unsigned long __ffs(unsigned long x)
{
  return fls64(x & -x) - 1;
}

static inline int ffs(int x)
{
  return fls64((unsigned int)x & -(unsigned int)x);
}

static inline unsigned int hweight64(unsigned long long x)
{
  x -= (x >> 1) & 0x5555555555555555ULL;
  x = (x & 0x3333333333333333ULL) + ((x >> 2) & 0x3333333333333333ULL);
  x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fULL;
  return (x * 0x0101010101010101ULL) >> 56;
}

static inline unsigned int hweight32(unsigned int x)
{
  return hweight64(x);
}

#define __builtin_ctz(x) ((int)__ffs((unsigned int)(x)))
#define __builtin_ctzl(x) ((int)__ffs(x))
#define __builtin_ctzll(x) ((int)__ffs(x))
#define __builtin_clz(x) (32 - fls(x))
#define __builtin_clzl(x) (64 - fls64(x))
#define __builtin_clzll(x) (64 - fls64(x))
#define __builtin_ffs(x) ffs(x)
#define __builtin_ffsl(x) __builtin_ffsll(x)
#define __builtin_ffsll(x) ({ unsigned long __word = (x); fls64(__word & -__word); })
#define __builtin_popcount(x) ((int)hweight32(x))
#define __builtin_popcountl(x) ((int)hweight64(x))
#define __builtin_popcountll(x) ((int)hweight64(x))
#define __builtin_bswap16(x) ({ unsigned short __half = (x); (unsigned short)(__half << 8 | __half >> 8); })
#define __builtin_bswap32(x) ({ unsigned int __word = (x); \\
  __word << 24 | (__word & 0xff00) << 8 | (__word >> 8 & 0xff00) | __word >> 24; })
#define __builtin_bswap64(x) ({ unsigned long long __long = (x); \\
  (unsigned long long)__builtin_bswap32(__long) << 32 | __builtin_bswap32(__long >> 32); })
#define FIELD_GET(mask, value) ((typeof(mask))(((value) & (mask)) >> (__builtin_ffsll(mask) - 1)))
#define FIELD_PREP(mask, value) (((typeof(mask))(value) << (__builtin_ffsll(mask) - 1)) & (mask))
#define FIELD_MAX(mask) ((typeof(mask))((mask) >> (__builtin_ffsll(mask) - 1)))

#define cpu_to_le16(x) ((unsigned short)(x))
#define cpu_to_le32(x) ((unsigned int)(x))
#define cpu_to_le64(x) ((unsigned long long)(x))
#define le16_to_cpu(x) ((unsigned short)(x))
#define le32_to_cpu(x) ((unsigned int)(x))
#define le64_to_cpu(x) ((unsigned long long)(x))
#define cpu_to_be16(x) __builtin_bswap16(x)
#define cpu_to_be32(x) __builtin_bswap32(x)
#define cpu_to_be64(x) __builtin_bswap64(x)
#define be16_to_cpu(x) __builtin_bswap16(x)
#define be32_to_cpu(x) __builtin_bswap32(x)
#define be64_to_cpu(x) __builtin_bswap64(x)
#define swab16(x) __builtin_bswap16(x)
#define swab32(x) __builtin_bswap32(x)
#define swab64(x) __builtin_bswap64(x)

#define CHAR_BIT 8
#define SHRT_MAX 32767
#define SHRT_MIN (-32768)
#define USHRT_MAX 65535
#define INT_MAX 2147483647
#define INT_MIN (-INT_MAX - 1)
#define UINT_MAX 4294967295U
#define LONG_MAX 9223372036854775807L
#define LONG_MIN (-LONG_MAX - 1)
#define ULONG_MAX 18446744073709551615UL
#define LLONG_MAX 9223372036854775807LL
#define LLONG_MIN (-LLONG_MAX - 1)
#define ULLONG_MAX 18446744073709551615ULL
#define SIZE_MAX ULONG_MAX
#define SSIZE_MAX LONG_MAX
#define UINTPTR_MAX ULONG_MAX
#define U8_MAX ((unsigned char)255)
#define S8_MAX ((signed char)127)
#define S8_MIN ((signed char)-128)
#define U16_MAX ((unsigned short)65535)
#define S16_MAX ((short)32767)
#define S16_MIN ((short)-32768)
#define U32_MAX UINT_MAX
#define U32_MIN 0U
#define S32_MAX INT_MAX
#define S32_MIN INT_MIN
#define U64_MAX ULLONG_MAX
#define S64_MAX LLONG_MAX
#define S64_MIN LLONG_MIN

#define BITS_TO_LONGS(bits) (((bits) + 63) / 64)
#define DECLARE_BITMAP(name, bits) unsigned long name[BITS_TO_LONGS(bits)]

#define ffz(x) __ffs(~(x))
#define hweight_long(x) hweight64(x)
#define hweight16(x) hweight64((x) & 0xffff)
#define hweight8(x) hweight64((x) & 0xff)
#define ilog2(n) (fls64(n) - 1)
#define roundup_pow_of_two(n) (1UL << fls64((n) - 1))
#define rounddown_pow_of_two(n) (1UL << (fls64(n) - 1))

#define time_after(a, b) ((long)((unsigned long)(b) - (unsigned long)(a)) < 0)
#define time_before(a, b) time_after(b, a)
#define time_after_eq(a, b) ((long)((unsigned long)(a) - (unsigned long)(b)) >= 0)
#define time_before_eq(a, b) time_after_eq(b, a)

#define MAX_ERRNO 4095
#define IS_ERR(pointer) ((long)(pointer) < 0 && (long)(pointer) >= -MAX_ERRNO)
#define IS_ERR_OR_NULL(pointer) (!(pointer) || IS_ERR(pointer))
#define ERR_PTR(error) ((void *)(long)(error))
#define PTR_ERR(pointer) ((long)(pointer))
#define ERR_CAST(pointer) ((void *)(pointer))
#define PTR_ERR_OR_ZERO(pointer) (IS_ERR(pointer) ? (int)PTR_ERR(pointer) : 0)
`;
