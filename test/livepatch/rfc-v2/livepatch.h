/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A sample for BarrierLens: the per-task consistency model of livepatch as it stood in the second
 * version of its series (April 2016), written anew from a description of its functions, fields,
 * order of operations and barriers. Only what takes part in the transition is here.
 */
#ifndef SAMPLE_LIVEPATCH_H
#define SAMPLE_LIVEPATCH_H

#include <linux/ftrace.h>
#include <linux/list.h>
#include <linux/rculist.h>
#include <linux/sched.h>

#define KLP_UNDEFINED	-1
#define KLP_UNPATCHED	 0
#define KLP_PATCHED	 1

/* One version of one patched function. */
struct klp_func {
	const char *old_name;
	void *new_func;

	unsigned long old_addr;
	struct list_head stack_node;	/* on klp_ops.func_stack */
	bool patched;
	bool transition;		/* in the middle of a transition */
};

struct klp_object {
	const char *name;
	struct klp_func *funcs;
	bool patched;
};

struct klp_patch {
	struct module *mod;
	struct klp_object *objs;
	bool immediate;

	struct list_head list;
	bool enabled;
};

/* All versions of one function, the newest on top, and the ftrace hook that picks one. */
struct klp_ops {
	struct list_head node;
	struct list_head func_stack;
	struct ftrace_ops fops;
};

#define klp_for_each_object(patch, obj) \
	for (obj = (patch)->objs; obj->funcs || obj->name; obj++)

#define klp_for_each_func(obj, func) \
	for (func = (obj)->funcs; func->old_name || func->new_func; func++)

#endif
