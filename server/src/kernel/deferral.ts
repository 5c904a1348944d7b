/** What has a function run that was given beforehand: work, tasklets, interrupt handlers, threads. */

import type { Source } from './primitive.ts';

/** A call that lets a function run from then on; positions of arguments are counted from 0. */
export interface Start {
  /** What the function is given: a member of the object (`&dev->work`), or the object itself. */
  readonly given: number;
  /** The function itself, where it stands in the call; of a member it was told before. */
  readonly runs?: number;
  readonly returns: Returned;
  readonly source: Source;
}

/** What the call returns: whether it was the first to ask, 0 or an error, with which nothing runs, or the thread. */
export type Returned = 'truth' | 'error' | 'task';

/** "stores preceding the call to queue_work() in the program order will be visible from the CPU which will execute @work" (above `queue_work()`). */
const WORK: Source = {
  document: 'include/linux/workqueue.h',
  section: 'Memory-ordering properties',
};
const TASKLET: Source = { document: 'include/linux/interrupt.h', section: 'Tasklets' };
const INTERRUPT: Source = { document: 'kernel/irq/manage.c', section: 'request_threaded_irq' };
const THREAD: Source = { document: 'include/linux/kthread.h', section: 'kthread_run' };

/** By name. What runs only after some time has passed (timers, delayed work) is not among them. */
export const starts: ReadonlyMap<string, Start> = new Map<string, Start>([
  ['queue_work', { given: 1, returns: 'truth', source: WORK }],
  ['queue_work_on', { given: 2, returns: 'truth', source: WORK }],
  ['schedule_work', { given: 0, returns: 'truth', source: WORK }],
  ['schedule_work_on', { given: 1, returns: 'truth', source: WORK }],
  ['tasklet_schedule', { given: 0, returns: 'truth', source: TASKLET }],
  ['tasklet_hi_schedule', { given: 0, returns: 'truth', source: TASKLET }],
  ['request_irq', { given: 4, runs: 1, returns: 'error', source: INTERRUPT }],
  ['request_threaded_irq', { given: 5, runs: 1, returns: 'error', source: INTERRUPT }],
  ['devm_request_irq', { given: 5, runs: 2, returns: 'error', source: INTERRUPT }],
  ['devm_request_threaded_irq', { given: 6, runs: 2, returns: 'error', source: INTERRUPT }],
  ['kthread_run', { given: 1, runs: 0, returns: 'task', source: THREAD }],
]);

/** The calls that tell which function a member runs: positions of the member and of the function. */
export const runners: ReadonlyMap<string, { readonly member: number; readonly runs: number }> =
  new Map(
    ['INIT_WORK', 'INIT_WORK_ONSTACK', 'tasklet_setup'].map((name) => [
      name,
      { member: 0, runs: 1 },
    ]),
  );
