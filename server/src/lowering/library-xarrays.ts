/**
 * XArrays, IDRs and radix trees in C of our own, with which accesses are marked and ordered as `lib/xarray.c`,
 * `lib/idr.c` and `lib/radix-tree.c` have it. Each has one entry, which every index finds: which indices are alike is
 * not modelled, and that memory runs out only where an index is asked for.
 */

/** Storing, finding and taking out an entry. */
export const XARRAYS = `
struct xarray {
  spinlock_t xa_lock;
  gfp_t xa_flags;
  void *xa_head;
};
#define radix_tree_root xarray
struct idr {
  struct xarray idr_rt;
  unsigned int idr_base;
  unsigned int idr_next;
};
#define DEFINE_XARRAY(name) struct xarray name
#define DEFINE_XARRAY_ALLOC(name) struct xarray name
#define DEFINE_XARRAY_ALLOC1(name) struct xarray name
#define DEFINE_XARRAY_FLAGS(name, flags) struct xarray name
#define DEFINE_IDR(name) struct idr name
#define RADIX_TREE(name, flags) struct xarray name

static inline void *__xa_put(struct xarray *xa, void *entry)
{
  void *__before = xa->xa_head;

  __any_index();
  rcu_assign_pointer(xa->xa_head, entry);
  return __before;
}

static inline void *__xa_get(struct xarray *xa)
{
  __any_index();
  return rcu_dereference(xa->xa_head);
}

#define __xa_new(xa, entry) ({ \\
  int __failed = any(0, -ENOMEM); \\
  if (!__failed) \\
    __xa_put(xa, entry); \\
  __failed; })
#define __xa_numbered(xa, id, entry) ({ \\
  *(id) = __any_within(0, 0x7fffffff); \\
  __xa_new(xa, entry); })

#define xa_store(xa, index, entry, gfp) __xa_put(xa, entry)
#define xa_store_bh(xa, index, entry, gfp) __xa_put(xa, entry)
#define xa_store_irq(xa, index, entry, gfp) __xa_put(xa, entry)
#define __xa_store(xa, index, entry, gfp) __xa_put(xa, entry)
#define xa_insert(xa, index, entry, gfp) __xa_new(xa, entry)
#define xa_insert_bh(xa, index, entry, gfp) __xa_new(xa, entry)
#define xa_insert_irq(xa, index, entry, gfp) __xa_new(xa, entry)
#define __xa_insert(xa, index, entry, gfp) __xa_new(xa, entry)
#define xa_alloc(xa, id, entry, limit, gfp) __xa_numbered(xa, id, entry)
#define xa_alloc_bh(xa, id, entry, limit, gfp) __xa_numbered(xa, id, entry)
#define xa_alloc_irq(xa, id, entry, limit, gfp) __xa_numbered(xa, id, entry)
#define __xa_alloc(xa, id, entry, limit, gfp) __xa_numbered(xa, id, entry)
#define xa_alloc_cyclic(xa, id, entry, limit, next, gfp) __xa_numbered(xa, id, entry)
#define xa_alloc_cyclic_bh(xa, id, entry, limit, next, gfp) __xa_numbered(xa, id, entry)
#define xa_alloc_cyclic_irq(xa, id, entry, limit, next, gfp) __xa_numbered(xa, id, entry)
#define __xa_alloc_cyclic(xa, id, entry, limit, next, gfp) __xa_numbered(xa, id, entry)
#define xa_load(xa, index) __xa_get(xa)
#define xa_find(xa, index, most, filter) __xa_get(xa)
#define xa_erase(xa, index) __xa_put(xa, 0)
#define xa_erase_bh(xa, index) __xa_put(xa, 0)
#define xa_erase_irq(xa, index) __xa_put(xa, 0)
#define __xa_erase(xa, index) __xa_put(xa, 0)
#define xa_is_err(entry) ((void)(entry), 0)
#define xa_err(entry) ((void)(entry), 0)
#define xa_for_each(xa, index, entry) \\
  for ((index) = __any_within(0, 0x7fffffff), entry = __xa_get(xa); entry; entry = 0)
#define xa_for_each_start(xa, index, entry, start) xa_for_each(xa, index, entry)
#define xa_for_each_range(xa, index, entry, start, last) xa_for_each(xa, index, entry)
#define xa_for_each_marked(xa, index, entry, filter) xa_for_each(xa, index, entry)

#define radix_tree_insert(root, index, item) __xa_new(root, item)
#define radix_tree_lookup(root, index) __xa_get(root)
#define radix_tree_delete(root, index) __xa_put(root, 0)

#define __idr_new(idr, entry) ({ \\
  int __id = any(__any_within(0, 0x7fffffff), -ENOMEM); \\
  if (__id >= 0) \\
    __xa_put(&(idr)->idr_rt, entry); \\
  __id; })
#define idr_alloc(idr, entry, start, end, gfp) __idr_new(idr, entry)
#define idr_alloc_cyclic(idr, entry, start, end, gfp) __idr_new(idr, entry)
#define idr_alloc_u32(idr, entry, id, most, gfp) __xa_numbered(&(idr)->idr_rt, id, entry)
#define idr_replace(idr, entry, id) __xa_put(&(idr)->idr_rt, entry)
#define idr_remove(idr, id) __xa_put(&(idr)->idr_rt, 0)
#define idr_find(idr, id) __xa_get(&(idr)->idr_rt)
#define idr_get_next(idr, id) __xa_get(&(idr)->idr_rt)
#define idr_for_each_entry(idr, entry, id) xa_for_each(&(idr)->idr_rt, id, entry)
#define idr_for_each_entry_continue(idr, entry, id) xa_for_each(&(idr)->idr_rt, id, entry)
`;
