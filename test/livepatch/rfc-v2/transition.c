// SPDX-License-Identifier: GPL-2.0
/* How tasks move, one at a time, from one universe to the other. */

#include <linux/cpu.h>
#include <linux/workqueue.h>
#include "patch.h"
#include "transition.h"

struct klp_patch *klp_transition_patch;
int klp_target_state;

static void klp_transition_work_fn(struct work_struct *work);
static DECLARE_DELAYED_WORK(klp_transition_work, klp_transition_work_fn);

/* Moves @task to the target universe. It runs on its way to user space, idles or sleeps. */
void klp_patch_task(struct task_struct *task)
{
	clear_tsk_thread_flag(task, TIF_PATCH_PENDING);

	/*
	 * Whoever saw TIF_PATCH_PENDING must also see the target it was set for.
	 * The corresponding write barriers are in klp_init_transition() and
	 * klp_reverse_transition().
	 */
	smp_rmb();

	task->patch_state = klp_target_state;
}

/* Prepares a transition to @state: every task starts in the opposite one. */
void klp_init_transition(struct klp_patch *patch, int state)
{
	struct task_struct *g, *task;
	unsigned int cpu;
	struct klp_object *obj;
	struct klp_func *func;
	int initial_state = !state;

	klp_transition_patch = patch;

	if (patch->immediate)
		return;

	read_lock(&tasklist_lock);
	for_each_process_thread(g, task)
		task->patch_state = initial_state;
	read_unlock(&tasklist_lock);

	get_online_cpus();
	for_each_online_cpu(cpu)
		idle_task(cpu)->patch_state = initial_state;
	put_online_cpus();

	/*
	 * The states of the tasks come before the transition flags: a handler
	 * that sees the flag would otherwise go by a state that was left over.
	 * Pairs with the 2nd smp_rmb() in klp_ftrace_handler().
	 */
	smp_wmb();

	klp_for_each_object(patch, obj)
		klp_for_each_func(obj, func)
			func->transition = true;

	klp_target_state = state;

	/*
	 * Enabling: the transition flags come before the funcs appear on the
	 * func_stack. Pairs with the 1st smp_rmb() in klp_ftrace_handler().
	 *
	 * Both ways: the target comes before the TIF_PATCH_PENDING flags that
	 * klp_start_transition() sets. Pairs with the smp_rmb() in
	 * klp_patch_task().
	 */
	smp_wmb();
}

/* Asks every task to move; each does so when it is safe. */
void klp_start_transition(void)
{
	struct task_struct *g, *task;
	unsigned int cpu;

	pr_notice("'%s': %s...\n", klp_transition_patch->mod->name,
		  klp_target_state == KLP_PATCHED ? "patching" : "unpatching");

	if (klp_transition_patch->immediate)
		return;

	read_lock(&tasklist_lock);
	for_each_process_thread(g, task)
		set_tsk_thread_flag(task, TIF_PATCH_PENDING);
	read_unlock(&tasklist_lock);

	get_online_cpus();
	for_each_online_cpu(cpu)
		set_tsk_thread_flag(idle_task(cpu), TIF_PATCH_PENDING);
	put_online_cpus();
}

/* Turns a running transition around. */
void klp_reverse_transition(void)
{
	struct klp_patch *patch = klp_transition_patch;

	klp_target_state = !klp_target_state;

	/*
	 * The new target comes before the TIF_PATCH_PENDING flags that ask for
	 * it. Pairs with the smp_rmb() in klp_patch_task().
	 */
	smp_wmb();

	klp_start_transition();
	klp_try_complete_transition();

	patch->enabled = !patch->enabled;
}

/* Moves a sleeping @task for it, if nothing on its stack forbids that. */
static bool klp_try_switch_task(struct task_struct *task)
{
	struct rq *rq;
	struct rq_flags flags;
	bool success = false;

	if (task->patch_state == klp_target_state)
		return true;

	rq = task_rq_lock(task, &flags);

	if (task_running(rq, task) && task != current)
		goto done;

	if (klp_check_stack(task))
		goto done;

	klp_patch_task(task);
	success = true;
done:
	task_rq_unlock(rq, task, &flags);
	return success;
}

static void klp_complete_transition(void)
{
	struct klp_object *obj;
	struct klp_func *func;

	klp_for_each_object(klp_transition_patch, obj)
		klp_for_each_func(obj, func)
			func->transition = false;

	klp_transition_patch = NULL;
}

/* Ends the transition if all tasks have moved; looks again later if not. */
void klp_try_complete_transition(void)
{
	struct task_struct *g, *task;
	unsigned int cpu;
	bool complete = true;

	if (klp_transition_patch->immediate)
		goto success;

	read_lock(&tasklist_lock);
	for_each_process_thread(g, task)
		if (!klp_try_switch_task(task))
			complete = false;
	read_unlock(&tasklist_lock);

	get_online_cpus();
	for_each_online_cpu(cpu)
		if (!klp_try_switch_task(idle_task(cpu)))
			complete = false;
	put_online_cpus();

	if (!complete) {
		schedule_delayed_work(&klp_transition_work,
				      round_jiffies_relative(HZ));
		return;
	}

success:
	if (klp_target_state == KLP_UNPATCHED) {
		klp_unpatch_objects(klp_transition_patch);

		/*
		 * A handler that still sees a removed func must not see its
		 * transition flag cleared, or it would pick it once more.
		 */
		synchronize_rcu();
	}

	klp_complete_transition();
}

static void klp_transition_work_fn(struct work_struct *work)
{
	mutex_lock(&klp_mutex);

	if (klp_transition_patch)
		klp_try_complete_transition();

	mutex_unlock(&klp_mutex);
}
