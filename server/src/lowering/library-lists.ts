/**
 * Lists in C of our own, as `include/linux/list.h` and `rculist.h` have them, with which accesses are marked and
 * ordered; debug checks are left out.
 */

/** The lists with two ends. */
export const LISTS = `
struct list_head {
  struct list_head *next;
  struct list_head *prev;
};

#define LIST_HEAD_INIT(name) { &(name), &(name) }
#define LIST_HEAD(name) struct list_head name = LIST_HEAD_INIT(name)

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

static inline void list_del_init_careful(struct list_head *entry)
{
  __unlink(entry->prev, entry->next);
  WRITE_ONCE(entry->prev, entry);
  smp_store_release(&entry->next, entry);
}

static inline void list_replace(struct list_head *old, struct list_head *node)
{
  node->next = old->next;
  node->next->prev = node;
  node->prev = old->prev;
  node->prev->next = node;
}

static inline void list_replace_init(struct list_head *old, struct list_head *node)
{
  list_replace(old, node);
  INIT_LIST_HEAD(old);
}

static inline void list_swap(struct list_head *one, struct list_head *other)
{
  struct list_head *before = other->prev;

  __unlink(other->prev, other->next);
  list_replace(one, other);
  if (before == one)
    before = other;
  list_add(one, before);
}

static inline void __join(struct list_head *list, struct list_head *before, struct list_head *after)
{
  struct list_head *first = list->next;
  struct list_head *last = list->prev;

  first->prev = before;
  before->next = first;
  last->next = after;
  after->prev = last;
}

static inline void list_splice(struct list_head *list, struct list_head *head)
{
  if (!list_empty(list))
    __join(list, head, head->next);
}

static inline void list_splice_tail(struct list_head *list, struct list_head *head)
{
  if (!list_empty(list))
    __join(list, head->prev, head);
}

static inline void list_splice_init(struct list_head *list, struct list_head *head)
{
  if (!list_empty(list)) {
    __join(list, head, head->next);
    INIT_LIST_HEAD(list);
  }
}

static inline void list_splice_tail_init(struct list_head *list, struct list_head *head)
{
  if (!list_empty(list)) {
    __join(list, head->prev, head);
    INIT_LIST_HEAD(list);
  }
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

static inline void list_rotate_left(struct list_head *head)
{
  if (!list_empty(head))
    list_move_tail(head->next, head);
}

static inline int list_empty(const struct list_head *head)
{
  return READ_ONCE(head->next) == head;
}

static inline int list_empty_careful(const struct list_head *head)
{
  struct list_head *next = smp_load_acquire(&head->next);

  return next == head && next == READ_ONCE(head->prev);
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
#define list_next_entry(entry, member) container_of((entry)->member.next, typeof(*(entry)), member)
#define list_prev_entry(entry, member) container_of((entry)->member.prev, typeof(*(entry)), member)
#define list_entry_is_head(entry, head, member) (&(entry)->member == (head))
#define list_first_entry_or_null(list, type, member) ({ \\
  struct list_head *__head = (list); \\
  struct list_head *__first = READ_ONCE(__head->next); \\
  __first != __head ? container_of(__first, type, member) : 0; })

#define list_for_each(pos, head) \\
  for (pos = (head)->next; pos != (head); pos = pos->next)
#define list_for_each_entry(pos, head, member) \\
  for (pos = list_first_entry(head, typeof(*(pos)), member); \\
       !list_entry_is_head(pos, head, member); pos = list_next_entry(pos, member))
#define list_for_each_entry_reverse(pos, head, member) \\
  for (pos = list_last_entry(head, typeof(*(pos)), member); \\
       !list_entry_is_head(pos, head, member); pos = list_prev_entry(pos, member))
#define list_for_each_entry_continue(pos, head, member) \\
  for (pos = list_next_entry(pos, member); \\
       !list_entry_is_head(pos, head, member); pos = list_next_entry(pos, member))
#define list_for_each_prev(pos, head) \\
  for (pos = (head)->prev; pos != (head); pos = pos->prev)
#define list_for_each_safe(pos, n, head) \\
  for (pos = (head)->next, n = pos->next; pos != (head); pos = n, n = pos->next)
#define list_for_each_entry_from(pos, head, member) \\
  for (; !list_entry_is_head(pos, head, member); pos = list_next_entry(pos, member))
#define list_for_each_entry_continue_reverse(pos, head, member) \\
  for (pos = list_prev_entry(pos, member); \\
       !list_entry_is_head(pos, head, member); pos = list_prev_entry(pos, member))
#define list_for_each_entry_safe_reverse(pos, n, head, member) \\
  for (pos = list_last_entry(head, typeof(*(pos)), member), n = list_prev_entry(pos, member); \\
       !list_entry_is_head(pos, head, member); pos = n, n = list_prev_entry(n, member))
#define list_for_each_entry_safe(pos, n, head, member) \\
  for (pos = list_first_entry(head, typeof(*(pos)), member), n = list_next_entry(pos, member); \\
       !list_entry_is_head(pos, head, member); pos = n, n = list_next_entry(n, member))
#define list_for_each_entry_safe_from(pos, n, head, member) \\
  for (n = list_next_entry(pos, member); \\
       !list_entry_is_head(pos, head, member); pos = n, n = list_next_entry(n, member))
#define list_for_each_entry_safe_continue(pos, n, head, member) \\
  for (pos = list_next_entry(pos, member), n = list_next_entry(pos, member); \\
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
#define list_for_each_entry_rcu(pos, head, member, ...) \\
  for (pos = list_entry_rcu((head)->next, typeof(*(pos)), member); \\
       &pos->member != (head); pos = list_entry_rcu(pos->member.next, typeof(*(pos)), member))
#define list_for_each_entry_lockless(pos, head, member) \\
  for (pos = list_entry_rcu((head)->next, typeof(*(pos)), member); \\
       &pos->member != (head); pos = list_entry_rcu(pos->member.next, typeof(*(pos)), member))
#define list_entry_lockless(pointer, type, member) container_of(READ_ONCE(pointer), type, member)
#define list_for_each_entry_srcu(pos, head, member, held) \\
  list_for_each_entry_rcu(pos, head, member)
#define list_for_each_entry_from_rcu(pos, head, member) \\
  for (; &(pos)->member != (head); pos = list_entry_rcu(pos->member.next, typeof(*(pos)), member))
#define list_for_each_entry_continue_rcu(pos, head, member) \\
  for (pos = list_entry_rcu(pos->member.next, typeof(*(pos)), member); \\
       &pos->member != (head); pos = list_entry_rcu(pos->member.next, typeof(*(pos)), member))
`;
