/**
 * What the kernel's headers do with memory, as C of our own: the operations on lists, and the macros
 * that kernel code cannot be read without. Every access of a list operation is there, marked and
 * ordered as `include/linux/list.h`, `rculist.h` and `rcupdate.h` have it; debug checks are not.
 * Stubs and sources that define one of these names win over it.
 */

import type { LoweringRequest, SourceText } from './lowering.ts';

/** The file name under which places in the library are given; no origin of a statement shows it. */
const LIBRARY_FILE = 'library';

const LISTS = `
struct list_head {
  struct list_head *next;
  struct list_head *prev;
};

#define LIST_POISON1 256
#define LIST_POISON2 290
#define LIST_HEAD_INIT(name) { &(name), &(name) }

static inline void INIT_LIST_HEAD(struct list_head *list)
{
  WRITE_ONCE(list->next, list);
  WRITE_ONCE(list->prev, list);
}

static inline void __insert(struct list_head *node, struct list_head *before, struct list_head *after)
{
  after->prev = node;
  node->next = after;
  node->prev = before;
  WRITE_ONCE(before->next, node);
}

static inline void list_add(struct list_head *node, struct list_head *head)
{
  __insert(node, head, head->next);
}

static inline void list_add_tail(struct list_head *node, struct list_head *head)
{
  __insert(node, head->prev, head);
}

static inline void __publish(struct list_head *node, struct list_head *before, struct list_head *after)
{
  node->next = after;
  node->prev = before;
  rcu_assign_pointer(before->next, node);
  after->prev = node;
}

static inline void list_add_rcu(struct list_head *node, struct list_head *head)
{
  __publish(node, head, head->next);
}

static inline void list_add_tail_rcu(struct list_head *node, struct list_head *head)
{
  __publish(node, head->prev, head);
}

static inline void __unlink(struct list_head *before, struct list_head *after)
{
  after->prev = before;
  WRITE_ONCE(before->next, after);
}

static inline void list_del(struct list_head *entry)
{
  __unlink(entry->prev, entry->next);
  entry->next = LIST_POISON1;
  entry->prev = LIST_POISON2;
}

static inline void list_del_rcu(struct list_head *entry)
{
  __unlink(entry->prev, entry->next);
  entry->prev = LIST_POISON2;
}

static inline void list_del_init(struct list_head *entry)
{
  __unlink(entry->prev, entry->next);
  INIT_LIST_HEAD(entry);
}

static inline void list_replace_rcu(struct list_head *old, struct list_head *node)
{
  node->next = old->next;
  node->prev = old->prev;
  rcu_assign_pointer(node->prev->next, node);
  node->next->prev = node;
  old->prev = LIST_POISON2;
}

static inline void list_move(struct list_head *entry, struct list_head *head)
{
  __unlink(entry->prev, entry->next);
  list_add(entry, head);
}

static inline void list_move_tail(struct list_head *entry, struct list_head *head)
{
  __unlink(entry->prev, entry->next);
  list_add_tail(entry, head);
}

static inline int list_empty(const struct list_head *head)
{
  return READ_ONCE(head->next) == head;
}

static inline int list_is_singular(const struct list_head *head)
{
  return !list_empty(head) && head->next == head->prev;
}

static inline int list_is_first(const struct list_head *entry, const struct list_head *head)
{
  return entry->prev == head;
}

static inline int list_is_last(const struct list_head *entry, const struct list_head *head)
{
  return entry->next == head;
}

static inline int list_is_head(const struct list_head *entry, const struct list_head *head)
{
  return entry == head;
}

#define list_entry(pointer, type, member) container_of(pointer, type, member)
#define list_first_entry(head, type, member) container_of((head)->next, type, member)
#define list_last_entry(head, type, member) container_of((head)->prev, type, member)
#define list_next_entry(entry, member) container_of((entry)->member.next, type, member)
#define list_prev_entry(entry, member) container_of((entry)->member.prev, type, member)
#define list_entry_is_head(entry, head, member) (&(entry)->member == (head))
#define list_first_entry_or_null(list, type, member) ({ \\
  struct list_head *__head = (list); \\
  struct list_head *__first = READ_ONCE(__head->next); \\
  __first != __head ? container_of(__first, type, member) : 0; })

#define list_for_each(pos, head) \\
  for (pos = (head)->next; pos != (head); pos = pos->next)
#define list_for_each_entry(pos, head, member) \\
  for (pos = list_first_entry(head, type, member); \\
       !list_entry_is_head(pos, head, member); pos = list_next_entry(pos, member))
#define list_for_each_entry_reverse(pos, head, member) \\
  for (pos = list_last_entry(head, type, member); \\
       !list_entry_is_head(pos, head, member); pos = list_prev_entry(pos, member))
#define list_for_each_entry_continue(pos, head, member) \\
  for (pos = list_next_entry(pos, member); \\
       !list_entry_is_head(pos, head, member); pos = list_next_entry(pos, member))
#define list_for_each_entry_safe(pos, n, head, member) \\
  for (pos = list_first_entry(head, type, member), n = list_next_entry(pos, member); \\
       !list_entry_is_head(pos, head, member); pos = n, n = list_next_entry(n, member))

#define list_next_rcu(list) (*((struct list_head **)(&(list)->next)))
#define list_entry_rcu(pointer, type, member) container_of(rcu_dereference(pointer), type, member)
#define list_first_or_null_rcu(list, type, member) ({ \\
  struct list_head *__head = (list); \\
  struct list_head *__first = rcu_dereference(__head->next); \\
  __first != __head ? container_of(__first, type, member) : 0; })
#define list_next_or_null_rcu(head, entry, type, member) ({ \\
  struct list_head *__head = (head); \\
  struct list_head *__next = rcu_dereference((entry)->next); \\
  __next != __head ? container_of(__next, type, member) : 0; })
#define list_for_each_entry_rcu(pos, head, member) \\
  for (pos = list_entry_rcu((head)->next, type, member); \\
       &pos->member != (head); pos = list_entry_rcu(pos->member.next, type, member))
#define list_for_each_entry_lockless(pos, head, member) \\
  for (pos = list_entry_rcu((head)->next, type, member); \\
       &pos->member != (head); pos = list_entry_rcu(pos->member.next, type, member))
`;

const REST = `
#define likely(condition) (!!(condition))
#define unlikely(condition) (!!(condition))
#define WARN_ON(condition) (!!(condition))
#define WARN_ON_ONCE(condition) (!!(condition))
#define WARN(condition, format) (!!(condition))
#define WARN_ONCE(condition, format) (!!(condition))
#define VM_WARN_ON(condition) ((void)(condition))
#define BUG_ON(condition) assume(!(condition))
#define BUG() assume(0)
#define ARRAY_SIZE(array) (sizeof(array))
#define BIT(bit) (1 << (bit))
#define min(a, b) ((a) < (b) ? (a) : (b))
#define max(a, b) ((a) > (b) ? (a) : (b))
#define data_race(expression) (expression)
#define ATOMIC_INIT(value) (value)
#define REFCOUNT_INIT(value) (value)

#define set_current_state(state) smp_store_mb(current->__state, (state))
#define __set_current_state(state) WRITE_ONCE(current->__state, (state))
#define get_current_state() READ_ONCE(current->__state)
#define set_thread_flag(flag) set_tsk_thread_flag(current, flag)
#define clear_thread_flag(flag) clear_tsk_thread_flag(current, flag)
#define test_thread_flag(flag) test_tsk_thread_flag(current, flag)
#define test_and_set_thread_flag(flag) test_and_set_tsk_thread_flag(current, flag)
#define test_and_clear_thread_flag(flag) test_and_clear_tsk_thread_flag(current, flag)
#define klp_patch_pending(task) test_tsk_thread_flag(task, TIF_PATCH_PENDING)

#define EPERM 1
#define ENOENT 2
#define EINTR 4
#define EIO 5
#define EAGAIN 11
#define ENOMEM 12
#define EACCES 13
#define EBUSY 16
#define EEXIST 17
#define ENODEV 19
#define EINVAL 22
#define ENOSYS 38
#define ENODATA 61
#define ETIMEDOUT 110
#define EADDRINUSE 98
`;

const parsed = new WeakMap<LoweringRequest['parse'], SourceText>();

/** The library, parsed once for each parser. */
export function libraryText(parse: LoweringRequest['parse']): SourceText {
  const known = parsed.get(parse);
  if (known !== undefined) return known;
  const text = parse(LIBRARY_FILE, LISTS + REST);
  parsed.set(parse, text);
  return text;
}
