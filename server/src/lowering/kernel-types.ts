/**
 * Types that the kernel's own headers define (`include/linux/types.h`, `include/uapi/linux/types.h`,
 * `include/asm-generic/int-ll64.h`, ...), for scenarios whose sources are without these headers. What the sources define wins.
 */

import {
  type CInteger,
  type CType,
  INT,
  integerOfWords,
  LONG,
  LONG_LONG,
  pointerTo,
  VOID_POINTER,
} from './ctype.ts';

/** Types of the kernel by the C type that they stand for on a 64-bit machine. */
const NAMES: Readonly<Record<string, string>> = {
  'unsigned char': 'u8 __u8 u_char unchar uint8_t u_int8_t blk_status_t',
  'signed char': 's8 __s8 int8_t',
  'unsigned short':
    'u16 __u16 u_short ushort uint16_t u_int16_t umode_t __le16 __be16 __sum16 sa_family_t __kernel_sa_family_t',
  short: 's16 __s16 int16_t',
  'unsigned int':
    'u32 __u32 u_int uint uint32_t u_int32_t __le32 __be32 __wsum gfp_t fmode_t slab_flags_t __poll_t dev_t __kernel_dev_t uid_t gid_t projid_t nlink_t isolate_mode_t vm_fault_t blk_opf_t arch_spinlock_t',
  int: 's32 __s32 int32_t pid_t __kernel_pid_t clockid_t timer_t key_t rwf_t key_serial_t socklen_t',
  'unsigned long':
    'ulong size_t __kernel_size_t __kernel_ulong_t uintptr_t pgoff_t vm_flags_t cpumask_bits_t kernel_ulong_t ino_t pgprotval_t pteval_t u_long arch_rwlock_t',
  long: 'ssize_t __kernel_ssize_t ptrdiff_t intptr_t off_t clock_t __kernel_long_t time_t suseconds_t __kernel_off_t',
  'unsigned long long':
    'u64 __u64 uint64_t u_int64_t __le64 __be64 sector_t blkcnt_t dma_addr_t phys_addr_t resource_size_t timeu64_t __addrpair',
  'long long': 's64 __s64 int64_t loff_t __kernel_loff_t ktime_t time64_t __kernel_time64_t',
};

const INTEGERS: ReadonlyMap<string, CInteger> = new Map(
  Object.entries(NAMES).flatMap(([words, names]) =>
    names.split(' ').map((name) => [name, integerOfWords(words.split(' '))!] as const),
  ),
);

/** Counters: structs of one integer, which is where the struct is (`atomic_t`, `refcount_t`). */
const COUNTERS: ReadonlyMap<string, CInteger> = new Map([
  ['atomic_t', { ...INT, name: 'atomic_t' }],
  ['refcount_t', { ...INT, name: 'refcount_t' }],
  ['atomic64_t', { ...LONG_LONG, name: 'atomic64_t' }],
  ['atomic_long_t', { ...LONG_LONG, name: 'atomic_long_t' }],
  ['local_t', { ...LONG_LONG, name: 'local_t' }],
  ['local64_t', { ...LONG_LONG, name: 'local64_t' }],
]);

/** The members by which the integer of a counter is reached. */
const COUNTER_MEMBERS: ReadonlySet<string> = new Set(['counter', 'refs', 'a']);

export function isCounterMember(member: string): boolean {
  return COUNTER_MEMBERS.has(member);
}

/** Whether a member of a type is its only one, and stands for the whole of it. */
export function isWholeCounter(type: CType, member: string): boolean {
  return type.kind === 'integer' && COUNTERS.has(type.name) && COUNTER_MEMBERS.has(member);
}

/** The type of the values that something of this type holds: of a counter, the integer in it. */
export function valueType(type: CType): CType {
  if (type.kind !== 'integer' || !COUNTERS.has(type.name)) return type;
  return type.type === INT.type ? INT : LONG;
}

/** A counter, which is one whatever headers define of it. */
export function counterType(name: string): CInteger | undefined {
  return COUNTERS.get(name);
}

/** Pointers of the compiler, and of the headers of each architecture (`asm/pgtable_types.h`). */
const POINTERS: ReadonlySet<string> = new Set(['va_list', 'pgtable_t']);

/** The type that the kernel's headers give a name; undefined for any other. */
export function kernelType(name: string): CType | undefined {
  if (POINTERS.has(name)) return VOID_POINTER;
  if (name === 'work_func_t') return pointerTo({ kind: 'function', returns: { kind: 'void' } });
  return INTEGERS.get(name);
}
