/** Scratch scenarios of the livepatch transition, to lower the real functions with. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scene } from './lower-c.ts';

/** What the scenarios of both trees need of the world outside. */
const WORLD = `
struct task_struct { int patch_state; };
struct ftrace_ops { int registered; void *func; int flags; };
struct pt_regs { unsigned long ip; };
struct klp_ops ops;
#define for_each_process_thread(g, t) for (t = &task; t; t = NULL)
#define for_each_possible_cpu(cpu) for (cpu = 0; cpu < 0; cpu++)
#define for_each_online_cpu(cpu) for (cpu = 0; cpu < 0; cpu++)
#define kzalloc(size, flags) (&ops)
static int ftrace_set_filter_ip(struct ftrace_ops *ops, unsigned long ip, int remove, int reset) { return 0; }
static int register_ftrace_function(struct ftrace_ops *ops) { smp_store_release(&ops->registered, 1); return 0; }
static int unregister_ftrace_function(struct ftrace_ops *ops) { WRITE_ONCE(ops->registered, 0); synchronize_rcu(); return 0; }
static unsigned long call_patched(void)
{
        struct pt_regs regs = { .ip = 100 };

        if (smp_load_acquire(&ops.fops.registered))
                klp_ftrace_handler(1, 2, &ops.fops, &regs);
        return regs.ip;
}`;

const LATER = `
static unsigned long ftrace_location(unsigned long ip) { return ip; }
static int ftrace_test_recursion_trylock(unsigned long ip, unsigned long parent) { preempt_disable_notrace(); return 0; }
static void ftrace_test_recursion_unlock(int bit) { preempt_enable_notrace(); }
static void ftrace_instruction_pointer_set(struct pt_regs *regs, unsigned long ip) { regs->ip = ip; }
static void klp_synchronize_transition(void) { synchronize_rcu(); }
static bool klp_have_reliable_stack(void) { return true; }
static void klp_free_patch_async(struct klp_patch *patch) { }
static int task_curr(struct task_struct *p) { return 0; }
static int stack_trace_save_tsk_reliable(struct task_struct *p, unsigned long *store, unsigned int size) { return 0; }
static int task_call_func(struct task_struct *p, int (*func)(struct task_struct *, void *), void *arg)
{
        return func(p, arg);
}
static void exit_to_user(void)
{
        if (test_thread_flag(TIF_PATCH_PENDING))
                klp_update_patch_state(current);
}`;

const EARLIER = `
static void klp_arch_set_pc(struct pt_regs *regs, unsigned long ip) { regs->ip = ip; }
static struct rq *task_rq_lock(struct task_struct *p, struct rq_flags *flags) { return 0; }
static void task_rq_unlock(struct rq *rq, struct task_struct *p, struct rq_flags *flags) { }
static int task_running(struct rq *rq, struct task_struct *p) { return 0; }
static int klp_check_stack(struct task_struct *p) { return 0; }
static void exit_to_user(void)
{
        if (test_thread_flag(TIF_PATCH_PENDING))
                klp_patch_task(current);
}`;

/** One tree: its files, what the world outside is for it, and how its state is declared and made. */
export interface Tree {
  readonly files: Readonly<Record<string, string>>;
  readonly stubs: string;
  readonly objects: string;
  readonly setup: string;
}

function filesOf(root: string, paths: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}

/** Linux 6.1, whose objects and funcs are on lists. */
export function laterTree(root: string): Tree {
  const folder = ['core.c', 'patch.c', 'transition.c', 'core.h', 'patch.h', 'transition.h'];
  const paths = folder.map((name) => `kernel/livepatch/${name}`);
  return {
    files: filesOf(root, [...paths, 'include/linux/livepatch.h']),
    stubs: WORLD + LATER,
    objects: `struct klp_func func = { .new_func = (void *)7, .old_func = (void *)5, .old_name = "f", FUNC };
struct klp_object obj = { .funcs = &func, OBJECT };
struct klp_patch patch = { PATCH };`,
    setup: `INIT_LIST_HEAD(&patch.obj_list); list_add(&obj.node, &patch.obj_list);
INIT_LIST_HEAD(&obj.func_list); list_add(&func.node, &obj.func_list);`,
  };
}

/** The sample of RFC v2, whose objects and funcs are arrays. */
export function earlierTree(root: string): Tree {
  const names = ['core.c', 'patch.c', 'transition.c', 'patch.h', 'transition.h', 'livepatch.h'];
  return {
    files: filesOf(root, names),
    stubs: WORLD + EARLIER,
    objects: `struct klp_func func[2] = { { .new_func = (void *)7, .old_addr = 5, .old_name = "f", FUNC } };
struct klp_object objs[2] = { { .funcs = func, OBJECT } };
struct klp_patch patch = { .objs = objs, PATCH };`,
    setup: '',
  };
}

const CALLER = 'v1 = call_patched(); exit_to_user(); v2 = call_patched();';

/** A patch is enabled while a task calls the function, is switched, and calls it again. */
export function enabling({ files, stubs, objects, setup }: Tree): Scene {
  return {
    files,
    stubs,
    state: `${fill(objects, '.transition = false', '.patched = false', '.enabled = false')}
struct task_struct task = { .patch_state = KLP_UNDEFINED };
struct list_head klp_ops = LIST_HEAD_INIT(klp_ops);`,
    setup,
    threads: ['__klp_enable_patch(&patch);', CALLER],
    current: ['', 'task'],
    depth: 16,
  };
}

/** A patch in use is disabled meanwhile. */
export function disabling({ files, stubs, objects, setup }: Tree): Scene {
  return {
    files,
    stubs: stubs.replace('struct klp_ops ops;', ''),
    state: `${fill(objects, '.patched = true', '.patched = true', '.enabled = true')}
struct klp_ops ops = { .fops = { .registered = 1 } };
struct task_struct task = { .patch_state = KLP_UNDEFINED };
struct list_head klp_ops = LIST_HEAD_INIT(klp_ops);`,
    setup: `${setup} struct klp_func *f = ${objects.includes('func[2]') ? 'func' : '&func'};
INIT_LIST_HEAD(&ops.func_stack); list_add(&f->stack_node, &ops.func_stack); list_add(&ops.node, &klp_ops);`,
    threads: ['__klp_disable_patch(&patch);', CALLER],
    current: ['', 'task'],
    depth: 16,
  };
}

/** An enabling that is under way is turned around. */
export function reversing({ files, stubs, objects, setup }: Tree): Scene {
  const running = disabling({ files, stubs, objects, setup });
  return {
    ...running,
    state: `${fill(objects, '.patched = true, .transition = true', '.patched = true', '.enabled = true')}
struct klp_ops ops = { .fops = { .registered = 1 } };
struct task_struct task = { .patch_state = KLP_UNPATCHED };
struct klp_patch *klp_transition_patch = &patch;
int klp_target_state = KLP_PATCHED;
struct list_head klp_ops = LIST_HEAD_INIT(klp_ops);`,
    setup: `${running.setup} set_tsk_thread_flag(&task, TIF_PATCH_PENDING);`,
    threads: ['klp_reverse_transition();', CALLER],
  };
}

function fill(objects: string, func: string, object: string, patch: string): string {
  return objects.replace('FUNC', func).replace('OBJECT', object).replace('PATCH', patch);
}
