/** Runs the analyses once over a text of their own, so that the first file of the user finds them compiled. */

import type { Engine } from './engine.ts';

/** The constructs that kernel code is made of. */
const SAMPLE = `
struct warm_NR { int data; unsigned long flags; struct list_head list; struct warm_NR *next; spinlock_t lock; };
static struct warm_NR *warm_head_NR;
static int warm_publish_NR(struct warm_NR *w, int value)
{
	struct warm_NR *each;
	int err = 0;

	if (!w || (value < 0 && !w->next))
		return -22;
	spin_lock(&w->lock);
	list_for_each_entry(each, &w->list, list) {
		if (each->data == value)
			goto out;
		each->data = value ? value + 1 : 0;
	}
	WRITE_ONCE(w->data, value);
	/* Pairs with smp_rmb() in warm_consume_NR(). */
	smp_wmb();
	set_bit(0, &w->flags);
	rcu_assign_pointer(warm_head_NR, w);
out:
	spin_unlock(&w->lock);
	return err;
}
static int warm_consume_NR(struct warm_NR *w)
{
	struct warm_NR *head = rcu_dereference(warm_head_NR);
	int i, sum = 0;

	for (i = 0; i < 4; i++) {
		switch (READ_ONCE(head->data)) {
		case 0:
			continue;
		case 1:
			sum += warm_publish_NR(head, i);
			break;
		default:
			pr_info("%d\\n", sum);
		}
	}
	while (!test_bit(0, &w->flags))
		cpu_relax();
	/* Pairs with smp_wmb() in warm_publish_NR(). */
	smp_rmb();
	return READ_ONCE(w->data) + sum;
}
`;

/** How many different copies of the sample make a text long enough. */
const COPIES = 12;

/** Analyses and pairs the sample; what comes out is dropped. */
export function warmUp(engine: Engine): void {
  const copies = Array.from({ length: COPIES }, (_, nr) => SAMPLE.replaceAll('NR', String(nr)));
  const index = engine.createIndex();
  index.put(engine.facts('warm-up.c', copies.join(''), []));
  index.result();
}
