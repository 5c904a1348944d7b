/** Findings of a file that rest on what functions of another file do follow the edits of that one. */

import { expect, test } from 'vitest';
import { edit, hostOf } from './support/check.ts';

const PORT = 'struct port { struct handler { int packets; } __rcu *handler; struct mutex lock; };';
const PIPE = 'struct pipe { int full; wait_queue_head_t readers, writers; };';
const JOB = 'struct job { wait_queue_head_t wait, idle; int done; };';
const SLOT = 'struct slot { unsigned int count; int key; };';

test.each([
  [
    'who clears a pointer',
    'racy-reread',
    `${PORT}
int receive(struct port *port)
{
	int packets = 0;
	rcu_read_lock();
	if (rcu_dereference(port->handler))
		packets = rcu_dereference(port->handler)->packets;
	rcu_read_unlock();
	return packets;
}
`,
    `${PORT}
void detach(struct port *port)
{
	mutex_lock(&port->lock);
	RCU_INIT_POINTER(port->handler, NULL);
	mutex_unlock(&port->lock);
	synchronize_rcu();
}
`,
    'RCU_INIT_POINTER(port->handler, NULL);',
    'forget(port);',
  ],
  [
    'who wakes',
    'lost-wake-up',
    `${PIPE}
void drain(struct pipe *p)
{
	DECLARE_WAITQUEUE(wait, current);
	add_wait_queue(&p->readers, &wait);
	for (;;) {
		if (p->full)
			break;
		set_current_state(TASK_INTERRUPTIBLE);
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	remove_wait_queue(&p->readers, &wait);
}
`,
    `${PIPE}
void fill(struct pipe *p)
{
	p->full = 1;
	wake_up_interruptible(&p->readers);
}
`,
    '&p->readers',
    '&p->writers',
  ],
  [
    'who sleeps',
    'lost-wake-up',
    `${JOB}
void finish(struct job *j)
{
	WRITE_ONCE(j->done, 1);
	if (waitqueue_active(&j->wait))
		wake_up(&j->wait);
}
`,
    `${JOB}
void await(struct job *j)
{
	wait_event(j->wait, READ_ONCE(j->done));
}
`,
    'j->wait',
    'j->idle',
  ],
  [
    'who calls what looks',
    'lost-wake-up',
    `${JOB}
void kick(struct job *j)
{
	if (waitqueue_active(&j->wait))
		wake_up(&j->wait);
}
void await(struct job *j)
{
	wait_event(j->wait, READ_ONCE(j->done));
}
`,
    `${JOB}
void finish(struct job *j)
{
	WRITE_ONCE(j->done, 1);
	kick(j);
}
`,
    'kick(j);',
    'trace(j);',
  ],
  [
    'who stores what a counter vouches for',
    'unordered-recheck',
    `${SLOT}
bool peek(struct slot *s, int *key)
{
	unsigned int before = smp_load_acquire(&s->count);
	*key = s->key;
	return before == smp_load_acquire(&s->count);
}
`,
    `${SLOT}
void fill(struct slot *s, int key)
{
	WRITE_ONCE(s->count, s->count + 1);
	smp_wmb();
	s->key = key;
	smp_store_release(&s->count, s->count + 1);
}
`,
    's->key = key;',
    'trace(key);',
  ],
])('%s', (_, code, here, there, old, text) => {
  const files = Object.entries({ '/k/here.c': here, '/k/there.c': there });
  const host = hostOf(
    files.map(([path, content]) => ({ path, text: content, marks: [] })),
    { inKernel: true },
  );
  const told = () =>
    host
      .snapshot()
      .diagnostics('/k/here.c')
      .map((each) => each.code);
  expect(told()).toContain(code);
  edit(host, '/k/there.c', old, text);
  expect(told()).not.toContain(code);
  edit(host, '/k/there.c', text, old);
  expect(told()).toContain(code);
});
