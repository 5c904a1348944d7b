/**
 * Memory, bitmaps and sums that are checked in C of our own, as `lib/string.c`, `lib/bitmap.c`, `lib/find_bit.c`,
 * `include/linux/bitops.h` and `include/linux/overflow.h` have them, and the exchanges of per-CPU variables (`percpu-defs.h`),
 * which are atomic towards interrupts on the CPU itself alone.
 */

/** For sums that are checked the operands and the result are of one kind, as the kernel's macros ask for. */
const ONE_KIND =
  'sizeof(a) == sizeof(*(d)) && sizeof(b) == sizeof(*(d)) && ((typeof(a))-1 < 0) == ((typeof(*(d)))-1 < 0) && ((typeof(b))-1 < 0) == ((typeof(*(d)))-1 < 0)';

/** `overflows` says of `__a`, `__b` and their wrapped result `__r` whether it is another number. */
function checked(name: string, operator: string, overflows: string): string {
  return `
#define __builtin_${name}_overflow(a, b, d) ({ \\
  typeof(a) __a = (a); \\
  typeof(b) __b = (b); \\
  typeof(*(d)) __r = (typeof(*(d)))(__a ${operator} __b); \\
  *(d) = __r; \\
  (${ONE_KIND}) ? (${overflows}) : __operands_of_several_types; })
#define check_${name}_overflow(a, b, d) __builtin_${name}_overflow(a, b, d)`;
}

export const MEMORY = `
static inline int memcmp(const void *left, const void *right, size_t count)
{
  const unsigned char *one = left, *other = right;
  for (size_t at = 0; at < count; at++) {
    int difference = one[at] - other[at];
    if (difference)
      return difference;
  }
  return 0;
}
#define __builtin_memcmp(left, right, count) memcmp(left, right, count)

static inline void assign_bit(long nr, unsigned long *addr, bool value)
{
  if (value)
    set_bit(nr, addr);
  else
    clear_bit(nr, addr);
}
static inline void __assign_bit(long nr, unsigned long *addr, bool value)
{
  if (value)
    __set_bit(nr, addr);
  else
    __clear_bit(nr, addr);
}
static inline unsigned long __find_from(const unsigned long *addr, unsigned long size, unsigned long from, unsigned long flipped)
{
  unsigned long mask = ~0UL << from % 64;
  if (from >= size)
    return size;
  for (unsigned long at = from / 64; at * 64 < size; at++) {
    unsigned long word = (addr[at] ^ flipped) & mask;
    if (word) {
      unsigned long bit = at * 64 + __ffs(word);
      return bit < size ? bit : size;
    }
    mask = ~0UL;
  }
  return size;
}
#define find_next_bit(addr, size, from) __find_from((addr), (size), (from), 0)
#define find_next_zero_bit(addr, size, from) __find_from((addr), (size), (from), ~0UL)
#define find_first_bit(addr, size) find_next_bit((addr), (size), 0)
#define find_first_zero_bit(addr, size) find_next_zero_bit((addr), (size), 0)
#define _find_next_bit(addr, size, from) find_next_bit((addr), (size), (from))
#define _find_next_zero_bit(addr, size, from) find_next_zero_bit((addr), (size), (from))
#define _find_first_bit(addr, size) find_first_bit((addr), (size))
#define _find_first_zero_bit(addr, size) find_first_zero_bit((addr), (size))
#define bitmap_empty(map, nbits) (find_first_bit((map), (nbits)) == (nbits))
#define bitmap_full(map, nbits) (find_first_zero_bit((map), (nbits)) == (nbits))
#define for_each_set_bit_from(bit, addr, size) \\
  for (; (bit) = find_next_bit((addr), (size), (bit)), (bit) < (size); (bit)++)
#define for_each_clear_bit_from(bit, addr, size) \\
  for (; (bit) = find_next_zero_bit((addr), (size), (bit)), (bit) < (size); (bit)++)
#define for_each_set_bit(bit, addr, size) \\
  for ((bit) = 0; (bit) = find_next_bit((addr), (size), (bit)), (bit) < (size); (bit)++)
#define for_each_clear_bit(bit, addr, size) \\
  for ((bit) = 0; (bit) = find_next_zero_bit((addr), (size), (bit)), (bit) < (size); (bit)++)
static inline unsigned long __bits_of_word(unsigned int start, unsigned int end, unsigned int at)
{
  unsigned int from = start > at * 64 ? start - at * 64 : 0;
  unsigned int to = end < at * 64 + 64 ? end - at * 64 : 64;
  return (~0UL >> (64 - (to - from))) << from;
}
static inline void bitmap_set(unsigned long *map, unsigned int start, unsigned int nbits)
{
  for (unsigned int at = start / 64; nbits && at * 64 < start + nbits; at++)
    map[at] |= __bits_of_word(start, start + nbits, at);
}
static inline void bitmap_clear(unsigned long *map, unsigned int start, unsigned int nbits)
{
  for (unsigned int at = start / 64; nbits && at * 64 < start + nbits; at++)
    map[at] &= ~__bits_of_word(start, start + nbits, at);
}
${checked('add', '+', '__b < 0 ? __r > __a : __r < __a')}
${checked('sub', '-', '__b < 0 ? __r < __a : __r > __a')}

#define this_cpu_xchg(pcp, value) ({ \\
  typeof(pcp) __new = (value); \\
  typeof(pcp) __old = this_cpu_read(pcp); \\
  this_cpu_write(pcp, __new); \\
  __old; })
#define this_cpu_cmpxchg(pcp, expected, value) ({ \\
  typeof(pcp) __expected = (expected); \\
  typeof(pcp) __new = (value); \\
  typeof(pcp) __old = this_cpu_read(pcp); \\
  if (__old == __expected) \\
    this_cpu_write(pcp, __new); \\
  __old; })
`;
