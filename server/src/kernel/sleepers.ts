/** What a task that waits can be found by: its `task_struct`, or what it sleeps on of its own (include/linux/wait.h, completion.h,
 *  swait.h). A struct with such a member, on the stack of a function that gives its address away, is known to who wakes it. */

const sleepers: ReadonlySet<string> = new Set([
  'completion',
  'swait_queue',
  'wait_bit_queue_entry',
  'wait_queue_entry',
  'wait_queue_entry_t',
]);

/** Whether a member of a struct makes that one which a task waits with: by the name of its type, without a keyword, and how many
 *  pointers there are to it. */
export function isOfSleeper(type: string, pointers: number): boolean {
  return pointers === 0 ? sleepers.has(type) : pointers === 1 && type === 'task_struct';
}
