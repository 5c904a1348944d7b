/** A pointer that is tested by one read and followed by another one is offered to be read once. */

import { expect, test } from 'vitest';
import { fixesIn, hostOf, make } from '../support/check.ts';
import { readFixture } from '../support/fixture.ts';

const CODE = 'racy-reread';

/** What is offered for the reads of `receive()`, and its code after that; undefined where nothing is. */
async function fixed(code: string) {
  const path = '/main.c';
  const host = hostOf(
    readFixture(`
struct handler { int packets; };
struct port {
	struct mutex lock;
	struct handler __rcu *handler;
};
void detach(struct port *port)
{
	mutex_lock(&port->lock);
	WRITE_ONCE(port->handler, NULL);
	mutex_unlock(&port->lock);
}
int receive(struct port *port)
{
${code}
}
`),
    { inKernel: true },
  );
  const found = () =>
    host
      .snapshot()
      .diagnostics(path)
      .filter((each) => each.code === CODE);
  expect(found()).toHaveLength(1);
  const offered = await fixesIn(host, path, found()[0]!.span);
  const fixes = offered.filter((each) => each.fixes === CODE);
  if (fixes.length === 0) return undefined;
  expect(fixes).toHaveLength(1);
  make(host, fixes[0]!);
  expect(found()).toEqual([]);
  const text = host.snapshot().moment.textOf(path)!;
  const body = text.slice(text.indexOf('int receive')).split('\n').slice(2, -2).join('\n');
  return { title: fixes[0]!.title, body };
}

test('into the variable that takes the second read', async () => {
  const found = await fixed(`	struct handler *h;

	rcu_read_lock();
	if (!rcu_access_pointer(port->handler))
		goto out;
	h = rcu_dereference(port->handler);
	use(h->packets);
out:
	rcu_read_unlock();
	return 0;`);
  expect(found).toEqual({
    title: 'Read it once, into h',
    body: `	struct handler *h;

	rcu_read_lock();
	h = rcu_dereference(port->handler);
	if (!h)
		goto out;
	use(h->packets);
out:
	rcu_read_unlock();
	return 0;`,
  });
});

test('into a new variable, of the type that the member has', async () => {
  const found = await fixed(`	int packets = 0;

	rcu_read_lock();
	if (rcu_dereference(port->handler))
		packets = rcu_dereference(port->handler)->packets;
	rcu_read_unlock();
	return packets;`);
  expect(found).toEqual({
    title: 'Read it once, into handler',
    body: `	struct handler *handler;
	int packets = 0;

	rcu_read_lock();
	handler = rcu_dereference(port->handler);
	if (handler)
		packets = handler->packets;
	rcu_read_unlock();
	return packets;`,
  });
});

test('not out of the section that keeps it alive', async () =>
  expect(
    await fixed(`	struct handler *h;

	if (!rcu_access_pointer(port->handler))
		return 0;
	rcu_read_lock();
	h = rcu_dereference(port->handler);
	use(h->packets);
	rcu_read_unlock();
	return 0;`),
  ).toBe(undefined));

test('not where the variable has another value until then', async () =>
  expect(
    await fixed(`	struct handler *h = other();

	rcu_read_lock();
	if (rcu_access_pointer(port->handler)) {
		use(h->packets);
		h = rcu_dereference(port->handler);
		use(h->packets);
	}
	rcu_read_unlock();
	return 0;`),
  ).toBe(undefined));
