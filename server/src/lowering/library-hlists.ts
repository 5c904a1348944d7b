/**
 * Lists with one end in C of our own, as `include/linux/list.h`, `rculist.h`, `list_bl.h`, `rculist_bl.h` and
 * `llist.h` have them, with which accesses are marked and ordered; debug checks are left out.
 */

/** The lists with one end. */
export const HLISTS = `
struct hlist_node {
  struct hlist_node *next;
  struct hlist_node **pprev;
};

struct hlist_head {
  struct hlist_node *first;
};

#define HLIST_HEAD_INIT { .first = 0 }
#define HLIST_HEAD(name) struct hlist_head name = HLIST_HEAD_INIT
#define INIT_HLIST_HEAD(head) ((head)->first = 0)

static inline void INIT_HLIST_NODE(struct hlist_node *node)
{
  node->next = 0;
  node->pprev = 0;
}

static inline int hlist_unhashed(const struct hlist_node *node)
{
  return !node->pprev;
}

static inline int hlist_unhashed_lockless(const struct hlist_node *node)
{
  return !READ_ONCE(node->pprev);
}

static inline int hlist_empty(const struct hlist_head *head)
{
  return !READ_ONCE(head->first);
}

static inline void __hlist_unlink(struct hlist_node *node)
{
  struct hlist_node *next = node->next;
  struct hlist_node **pprev = node->pprev;

  WRITE_ONCE(*pprev, next);
  if (next)
    WRITE_ONCE(next->pprev, pprev);
}

static inline void hlist_del(struct hlist_node *node)
{
  __hlist_unlink(node);
  node->next = LIST_POISON1;
  node->pprev = LIST_POISON2;
}

static inline void hlist_del_init(struct hlist_node *node)
{
  if (!hlist_unhashed(node)) {
    __hlist_unlink(node);
    INIT_HLIST_NODE(node);
  }
}

static inline void hlist_del_rcu(struct hlist_node *node)
{
  __hlist_unlink(node);
  WRITE_ONCE(node->pprev, LIST_POISON2);
}

static inline void hlist_del_init_rcu(struct hlist_node *node)
{
  if (!hlist_unhashed(node)) {
    __hlist_unlink(node);
    WRITE_ONCE(node->pprev, 0);
  }
}

static inline void hlist_add_head(struct hlist_node *node, struct hlist_head *head)
{
  struct hlist_node *first = head->first;

  WRITE_ONCE(node->next, first);
  if (first)
    WRITE_ONCE(first->pprev, &node->next);
  WRITE_ONCE(head->first, node);
  WRITE_ONCE(node->pprev, &head->first);
}

static inline void hlist_add_before(struct hlist_node *node, struct hlist_node *next)
{
  WRITE_ONCE(node->pprev, next->pprev);
  WRITE_ONCE(node->next, next);
  WRITE_ONCE(next->pprev, &node->next);
  WRITE_ONCE(*(node->pprev), node);
}

static inline void hlist_add_behind(struct hlist_node *node, struct hlist_node *prev)
{
  WRITE_ONCE(node->next, prev->next);
  WRITE_ONCE(prev->next, node);
  WRITE_ONCE(node->pprev, &prev->next);
  if (node->next)
    WRITE_ONCE(node->next->pprev, &node->next);
}

static inline void hlist_add_head_rcu(struct hlist_node *node, struct hlist_head *head)
{
  struct hlist_node *first = head->first;

  node->next = first;
  WRITE_ONCE(node->pprev, &head->first);
  rcu_assign_pointer(head->first, node);
  if (first)
    WRITE_ONCE(first->pprev, &node->next);
}

static inline void hlist_add_before_rcu(struct hlist_node *node, struct hlist_node *next)
{
  WRITE_ONCE(node->pprev, next->pprev);
  node->next = next;
  rcu_assign_pointer(*node->pprev, node);
  WRITE_ONCE(next->pprev, &node->next);
}

static inline void hlist_add_behind_rcu(struct hlist_node *node, struct hlist_node *prev)
{
  node->next = prev->next;
  WRITE_ONCE(node->pprev, &prev->next);
  rcu_assign_pointer(prev->next, node);
  if (node->next)
    WRITE_ONCE(node->next->pprev, &node->next);
}

static inline void hlist_add_tail_rcu(struct hlist_node *node, struct hlist_head *head)
{
  struct hlist_node *at, *last = 0;

  for (at = head->first; at; at = at->next)
    last = at;
  if (last) {
    node->next = last->next;
    WRITE_ONCE(node->pprev, &last->next);
    rcu_assign_pointer(last->next, node);
  } else {
    hlist_add_head_rcu(node, head);
  }
}

static inline void hlist_replace_rcu(struct hlist_node *old, struct hlist_node *node)
{
  struct hlist_node *next = old->next;

  node->next = next;
  WRITE_ONCE(node->pprev, old->pprev);
  rcu_assign_pointer(*node->pprev, node);
  if (next)
    WRITE_ONCE(node->next->pprev, &node->next);
  WRITE_ONCE(old->pprev, LIST_POISON2);
}

#define hlist_entry(pointer, type, member) container_of(pointer, type, member)
#define hlist_entry_safe(pointer, type, member) ({ \\
  typeof(pointer) __node = (pointer); \\
  __node ? container_of(__node, type, member) : 0; })
#define hlist_for_each(pos, head) for (pos = (head)->first; pos; pos = pos->next)
#define hlist_for_each_entry(pos, head, member) \\
  for (pos = hlist_entry_safe((head)->first, typeof(*(pos)), member); \\
       pos; pos = hlist_entry_safe((pos)->member.next, typeof(*(pos)), member))
#define hlist_for_each_entry_from(pos, member) \\
  for (; pos; pos = hlist_entry_safe((pos)->member.next, typeof(*(pos)), member))
#define hlist_for_each_entry_safe(pos, n, head, member) \\
  for (pos = hlist_entry_safe((head)->first, typeof(*(pos)), member); \\
       pos && ({ n = pos->member.next; 1; }); \\
       pos = hlist_entry_safe(n, typeof(*(pos)), member))
#define hlist_for_each_entry_rcu(pos, head, member, ...) \\
  for (pos = hlist_entry_safe(rcu_dereference_raw((head)->first), typeof(*(pos)), member); \\
       pos; pos = hlist_entry_safe(rcu_dereference_raw((pos)->member.next), typeof(*(pos)), member))
#define hlist_for_each_entry_rcu_notrace(pos, head, member) hlist_for_each_entry_rcu(pos, head, member)
#define hlist_for_each_entry_rcu_bh(pos, head, member) hlist_for_each_entry_rcu(pos, head, member)
#define hlist_for_each_entry_srcu(pos, head, member, held) hlist_for_each_entry_rcu(pos, head, member)

struct hlist_bl_node {
  struct hlist_bl_node *next;
  struct hlist_bl_node **pprev;
};

/* The lock is bit 0 of first in the kernel; here it is a lock of its own beside it. */
struct hlist_bl_head {
  struct hlist_bl_node *first;
  spinlock_t bit_lock;
};

#define INIT_HLIST_BL_HEAD(head) ((head)->first = 0)
#define hlist_bl_lock(head) spin_lock(&(head)->bit_lock)
#define hlist_bl_unlock(head) spin_unlock(&(head)->bit_lock)
#define hlist_bl_is_locked(head) spin_is_locked(&(head)->bit_lock)
#define hlist_bl_first(head) ((head)->first)
#define hlist_bl_first_rcu(head) rcu_dereference((head)->first)
#define hlist_bl_set_first_rcu(head, node) rcu_assign_pointer((head)->first, (node))
#define hlist_bl_empty(head) (!READ_ONCE((head)->first))
#define hlist_bl_unhashed(node) (!(node)->pprev)

static inline void INIT_HLIST_BL_NODE(struct hlist_bl_node *node)
{
  node->next = 0;
  node->pprev = 0;
}

static inline void hlist_bl_add_head(struct hlist_bl_node *node, struct hlist_bl_head *head)
{
  struct hlist_bl_node *first = head->first;

  node->next = first;
  if (first)
    first->pprev = &node->next;
  node->pprev = &head->first;
  head->first = node;
}

static inline void hlist_bl_add_head_rcu(struct hlist_bl_node *node, struct hlist_bl_head *head)
{
  struct hlist_bl_node *first = head->first;

  node->next = first;
  if (first)
    first->pprev = &node->next;
  node->pprev = &head->first;
  rcu_assign_pointer(head->first, node);
}

static inline void __hlist_bl_unlink(struct hlist_bl_node *node)
{
  struct hlist_bl_node *next = node->next;
  struct hlist_bl_node **pprev = node->pprev;

  WRITE_ONCE(*pprev, next);
  if (next)
    next->pprev = pprev;
}

static inline void hlist_bl_del(struct hlist_bl_node *node)
{
  __hlist_bl_unlink(node);
  node->next = LIST_POISON1;
  node->pprev = LIST_POISON2;
}

static inline void hlist_bl_del_init(struct hlist_bl_node *node)
{
  if (!hlist_bl_unhashed(node)) {
    __hlist_bl_unlink(node);
    INIT_HLIST_BL_NODE(node);
  }
}

static inline void hlist_bl_del_rcu(struct hlist_bl_node *node)
{
  __hlist_bl_unlink(node);
  node->pprev = LIST_POISON2;
}

#define hlist_bl_entry(pointer, type, member) container_of(pointer, type, member)
#define hlist_bl_for_each_entry(tpos, pos, head, member) \\
  for (pos = hlist_bl_first(head); \\
       pos && ({ tpos = hlist_bl_entry(pos, typeof(*tpos), member); 1; }); \\
       pos = pos->next)
#define hlist_bl_for_each_entry_rcu(tpos, pos, head, member) \\
  for (pos = hlist_bl_first_rcu(head); \\
       pos && ({ tpos = hlist_bl_entry(pos, typeof(*tpos), member); 1; }); \\
       pos = rcu_dereference_raw(pos->next))

struct llist_node {
  struct llist_node *next;
};

struct llist_head {
  struct llist_node *first;
};

#define LLIST_HEAD_INIT(name) { 0 }
#define LLIST_HEAD(name) struct llist_head name = LLIST_HEAD_INIT(name)
#define init_llist_head(list) ((list)->first = 0)
#define llist_entry(pointer, type, member) container_of(pointer, type, member)

static inline int llist_empty(const struct llist_head *head)
{
  return READ_ONCE(head->first) == 0;
}

static inline struct llist_node *llist_next(struct llist_node *node)
{
  return node->next;
}

static inline int llist_add_batch(struct llist_node *new_first, struct llist_node *new_last,
                                  struct llist_head *head)
{
  struct llist_node *first;

  do {
    new_last->next = first = READ_ONCE(head->first);
  } while (!try_cmpxchg(&head->first, &first, new_first));
  return !first;
}

static inline int llist_add(struct llist_node *node, struct llist_head *head)
{
  return llist_add_batch(node, node, head);
}

static inline int __llist_add(struct llist_node *node, struct llist_head *head)
{
  node->next = head->first;
  head->first = node;
  return node->next == 0;
}

static inline struct llist_node *llist_del_all(struct llist_head *head)
{
  return xchg(&head->first, 0);
}

static inline struct llist_node *__llist_del_all(struct llist_head *head)
{
  struct llist_node *first = head->first;

  head->first = 0;
  return first;
}

static inline struct llist_node *llist_del_first(struct llist_head *head)
{
  struct llist_node *entry, *next;

  entry = smp_load_acquire(&head->first);
  do {
    if (entry == 0)
      return 0;
    next = READ_ONCE(entry->next);
  } while (!try_cmpxchg(&head->first, &entry, next));
  return entry;
}

static inline struct llist_node *llist_reverse_order(struct llist_node *head)
{
  struct llist_node *new_head = 0;

  while (head) {
    struct llist_node *node = head;
    head = head->next;
    node->next = new_head;
    new_head = node;
  }
  return new_head;
}

#define llist_for_each(pos, node) for ((pos) = (node); pos; (pos) = (pos)->next)
#define llist_for_each_safe(pos, n, node) \\
  for ((pos) = (node); (pos) && ((n) = (pos)->next, 1); (pos) = (n))
#define llist_for_each_entry(pos, node, member) \\
  for ((pos) = hlist_entry_safe((node), typeof(*(pos)), member); \\
       pos; (pos) = hlist_entry_safe((pos)->member.next, typeof(*(pos)), member))
#define llist_for_each_entry_safe(pos, n, node, member) \\
  for ((pos) = hlist_entry_safe((node), typeof(*(pos)), member); \\
       pos && ({ n = hlist_entry_safe(pos->member.next, typeof(*(n)), member); 1; }); \\
       pos = n)
`;
