/**
 * What the kernel's headers do with memory, as C of our own: the operations on lists, and the macros
 * that kernel code cannot be read without. Every access of a list operation is there, marked and
 * ordered as `include/linux/list.h`, `rculist.h` and `rcupdate.h` have it; debug checks are not.
 * Stubs and sources that define one of these names win over it.
 */

import { ARITHMETIC } from './library-arithmetic.ts';
import { HLISTS } from './library-hlists.ts';
import { LISTS } from './library-lists.ts';
import { LOCKS } from './library-locks.ts';
import { MEMORY } from './library-memory.ts';
import { NET } from './library-net.ts';
import { SEQLOCK } from './library-seqlock.ts';
import { SLEEP } from './library-sleep.ts';
import { XARRAYS } from './library-xarrays.ts';
import type { ActorText, LoweringRequest, SourceText } from './lowering.ts';

const CHECKS = `
#define likely(condition) (!!(condition))
#define unlikely(condition) (!!(condition))
#define __warning(condition) ({ int __is_true = !!(condition); __is_true; })
#define WARN_ON(condition) __warning(condition)
#define WARN_ON_ONCE(condition) __warning(condition)
#define WARN_ON_SMP(condition) __warning(condition)
#define WARN(condition, format, ...) __warning(condition)
#define WARN_ONCE(condition, format, ...) __warning(condition)
#define WARN_TAINT(condition, taint, format, ...) __warning(condition)
#define WARN_TAINT_ONCE(condition, taint, format, ...) __warning(condition)
#define VM_WARN_ON(condition) ((void)(condition))
#define VM_WARN_ON_ONCE(condition) ((void)(condition))
#define VM_BUG_ON(condition) BUG_ON(condition)
#define VM_BUG_ON_PAGE(condition, page) BUG_ON(condition)
#define BUG() __builtin_trap()
#define BUG_ON(condition) ({ if (unlikely(condition)) BUG(); })
#define panic(format, ...) __builtin_trap()
#define unreachable() __builtin_trap()
#define fallthrough ((void)0)
#define do_exit(code) __builtin_trap()
#define kthread_exit(code) __builtin_trap()
#define LIST_POISON1 256
#define LIST_POISON2 290
#define smp_cond_load_relaxed(pointer, condition) ({ \\
  typeof(pointer) __PTR = (pointer); \\
  typeof(*__PTR) VAL; \\
  for (;;) { \\
    VAL = READ_ONCE(*__PTR); \\
    if (condition) \\
      break; \\
    cpu_relax(); \\
  } \\
  VAL; })
#define smp_cond_load_acquire(pointer, condition) ({ \\
  typeof(*(pointer)) __loaded = smp_cond_load_relaxed(pointer, condition); \\
  smp_acquire__after_ctrl_dep(); \\
  __loaded; })
#define atomic_cond_read_relaxed(v, condition) smp_cond_load_relaxed((int *)(v), condition)
#define atomic_cond_read_acquire(v, condition) smp_cond_load_acquire((int *)(v), condition)
#define atomic64_cond_read_relaxed(v, condition) smp_cond_load_relaxed((long *)(v), condition)
#define atomic64_cond_read_acquire(v, condition) smp_cond_load_acquire((long *)(v), condition)
#define atomic_long_cond_read_relaxed(v, condition) smp_cond_load_relaxed((long *)(v), condition)
#define atomic_long_cond_read_acquire(v, condition) smp_cond_load_acquire((long *)(v), condition)
#define data_race(expression) (expression)
#define ATOMIC_INIT(value) (value)
#define ATOMIC64_INIT(value) (value)
#define ATOMIC_LONG_INIT(value) (value)
#define __SPIN_LOCK_UNLOCKED(name) { 0 }
#define __RAW_SPIN_LOCK_UNLOCKED(name) { 0 }
#define __RW_LOCK_UNLOCKED(name) { 0 }
#define __MUTEX_INITIALIZER(name) { 0 }
#define __RWSEM_INITIALIZER(name) { 0 }
#define __SEQLOCK_UNLOCKED(name) { 0 }
#define __WAIT_QUEUE_HEAD_INITIALIZER(name) { 0 }
#define dev_err_probe(device, error, format, ...) (error)

rwlock_t tasklist_lock;
struct percpu_rw_semaphore cpu_hotplug_lock;
#define cpus_read_lock() percpu_down_read(&cpu_hotplug_lock)
#define cpus_read_trylock() percpu_down_read_trylock(&cpu_hotplug_lock)
#define cpus_read_unlock() percpu_up_read(&cpu_hotplug_lock)
#define cpus_write_lock() percpu_down_write(&cpu_hotplug_lock)
#define cpus_write_unlock() percpu_up_write(&cpu_hotplug_lock)
#define get_online_cpus() cpus_read_lock()
#define put_online_cpus() cpus_read_unlock()

#define task_thread_info(task) (&(task)->thread_info)
#define current_thread_info() task_thread_info(current)
#define set_thread_flag(flag) set_tsk_thread_flag(current, flag)
#define clear_thread_flag(flag) clear_tsk_thread_flag(current, flag)
#define test_thread_flag(flag) test_tsk_thread_flag(current, flag)
#define test_and_set_thread_flag(flag) test_and_set_tsk_thread_flag(current, flag)
#define test_and_clear_thread_flag(flag) test_and_clear_tsk_thread_flag(current, flag)
#define klp_patch_pending(task) test_tsk_thread_flag(task, TIF_PATCH_PENDING)

#define rcu_replace_pointer(pointer, value, condition) ({ \\
  typeof(pointer) __replaced = rcu_dereference_protected((pointer), (condition)); \\
  rcu_assign_pointer((pointer), (value)); \\
  __replaced; })
#define smp_read_barrier_depends() ((void)0)
#define read_barrier_depends() ((void)0)

#define EPERM 1
#define ENOENT 2
#define ESRCH 3
#define EINTR 4
#define EIO 5
#define ENXIO 6
#define E2BIG 7
#define EBADF 9
#define ECHILD 10
#define EAGAIN 11
#define EWOULDBLOCK 11
#define ENOMEM 12
#define EACCES 13
#define EFAULT 14
#define EBUSY 16
#define EEXIST 17
#define EXDEV 18
#define ENODEV 19
#define ENOTDIR 20
#define EISDIR 21
#define EINVAL 22
#define ENFILE 23
#define EMFILE 24
#define EFBIG 27
#define ENOSPC 28
#define EROFS 30
#define EPIPE 32
#define EDOM 33
#define ERANGE 34
#define EDEADLK 35
#define ENOSYS 38
#define ENOTEMPTY 39
#define ENODATA 61
#define ETIME 62
#define EOVERFLOW 75
#define EOPNOTSUPP 95
#define EADDRINUSE 98
#define ENOBUFS 105
#define EISCONN 106
#define ENOTCONN 107
#define ETIMEDOUT 110
#define EALREADY 114
#define EINPROGRESS 115
#define ESTALE 116
#define ECANCELED 125
#define ERESTARTSYS 512
#define EPROBE_DEFER 517
`;

/** The CPUs of a scenario: one for each thread. */
const CPUS = `
#define for_each_possible_cpu(cpu) for ((cpu) = 0; (cpu) < __cpus(); (cpu)++)
#define for_each_online_cpu(cpu) for_each_possible_cpu(cpu)
#define for_each_present_cpu(cpu) for_each_possible_cpu(cpu)
#define num_possible_cpus() __cpus()
#define num_online_cpus() __cpus()
#define num_present_cpus() __cpus()
#define nr_cpu_ids __cpus()
`;

/** A part of the library. What few sources use is parsed for those alone that name something of it. */
interface Part {
  readonly file: string;
  readonly text: string;
  readonly isForAll: boolean;
  /** Not for open requests. */
  readonly isForScenarios?: true;
}

/** The part in which functions stand that win over the operation of their row. */
export const LOCKS_FILE = 'library: locks';

const PARTS: readonly Part[] = [
  { file: 'library', text: CHECKS, isForAll: true },
  { file: 'library: arithmetic', text: ARITHMETIC + MEMORY, isForAll: false },
  { file: 'library: lists', text: LISTS, isForAll: false },
  { file: 'library: hlists', text: HLISTS, isForAll: false },
  { file: LOCKS_FILE, text: LOCKS, isForAll: false },
  { file: 'library: sleep', text: SLEEP, isForAll: false },
  { file: 'library: seqlock', text: SEQLOCK, isForAll: false },
  { file: 'library: net', text: NET, isForAll: false },
  { file: 'library: xarrays', text: XARRAYS, isForAll: false },
  { file: 'library: cpus', text: CPUS, isForAll: false, isForScenarios: true },
];

let members: ReadonlySet<string> | undefined;

/** Whether the library accesses a member of that name anywhere, also in parts that no source needs. */
export function isMemberInLibrary(name: string): boolean {
  members ??= new Set(
    PARTS.flatMap(({ text }) => [...text.matchAll(MEMBER)].map(([, member = '']) => member)),
  );
  return members.has(name);
}

const MEMBER = /(?:\.|->)([A-Za-z_]\w*)/g;

const parsed = new WeakMap<LoweringRequest['parse'], Map<Part, SourceText>>();

/** The parts of the library that a request can need, each parsed once for each parser. */
export function libraryTexts(request: LoweringRequest): readonly SourceText[] {
  const { parse, sources, stubs, state, actors, setup, asked, open } = request;
  const named = new Set<Part>();
  for (const text of [...sources, ...stubs, state, ...actors, ...(setup ? [setup] : [])])
    for (const part of partsNamedIn(text)) named.add(part);
  if (asked !== undefined) for (const part of partsWith(asked)) named.add(part);
  const known = parsed.get(parse) ?? new Map<Part, SourceText>();
  parsed.set(parse, known);
  const isNeeded = (part: Part) =>
    part.isForScenarios && open !== undefined ? false : part.isForAll || named.has(part);
  return PARTS.filter(isNeeded).map((part) => {
    const text = known.get(part) ?? parse(part.file, part.text);
    known.set(part, text);
    return text;
  });
}

const definedIn = new Map<Part, readonly string[]>();

/** What a part defines. */
function namesIn(part: Part): readonly string[] {
  const known = definedIn.get(part) ?? [
    ...new Set(part.text.split('\n').flatMap((line) => nameDefined(line) ?? [])),
  ];
  definedIn.set(part, known);
  return known;
}

/** The name that a line defines: of a macro, a function, a struct, a type or an object. */
function nameDefined(line: string): string | undefined {
  if (line.startsWith('#define ')) return line.slice('#define '.length).match(WORD)?.[0];
  if (line.startsWith('static inline '))
    return line.slice(0, line.indexOf('(')).match(WORD)?.at(-1);
  const isWhole = line.endsWith(';') && !line.startsWith(' ');
  const opensStruct = line.startsWith('struct ') && line.endsWith(' {');
  return isWhole || opensStruct ? line.match(WORD)?.at(-1) : undefined;
}

const namedIn = new WeakMap<object, readonly Part[]>();

/** The parts of which a text has a name. */
function partsNamedIn(text: SourceText | ActorText): readonly Part[] {
  const before = namedIn.get(text);
  if (before !== undefined) return before;
  const words = new Set('text' in text ? text.text.match(WORD) : text.body.match(WORD));
  const named = partsWith(words);
  namedIn.set(text, named);
  return named;
}

function partsWith(words: ReadonlySet<string>): readonly Part[] {
  return PARTS.filter((part) => namesIn(part).some((name) => words.has(name)));
}

const WORD = /[A-Za-z_]\w*/g;
