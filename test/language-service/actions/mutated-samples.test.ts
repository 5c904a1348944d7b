/** What holds of every fix holds of it in code that is written in any way: samples with a fault each, changed at random where C does
 *  not mind. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DiagnosticCode } from '../../../server/src/language-service/diagnostic.ts';
import { checkOfferedFixes } from '../support/offered-fixes.ts';

const BOX = 'struct box { int size; int data; int flag; };';
const READER = `int consume(struct box *b)
{
	if (!READ_ONCE(b->flag))
		return -1;
	/* Pairs with smp_wmb() in publish(). */
	smp_rmb();
	return READ_ONCE(b->data);
}`;

/** A fault for each rule that has a fix. */
const SAMPLES: Readonly<Partial<Record<DiagnosticCode, string>>> = {
  'broken-pairing': `${BOX}
void publish(struct box *b)
{
	/* Pairs with smp_rmb() in consume(). */
	smp_wmb();
	WRITE_ONCE(b->data, 1);
	WRITE_ONCE(b->flag, 1);
}
${READER}`,
  'unresolved-claim': `${BOX}
void publish(struct box *b)
{
	WRITE_ONCE(b->data, 1);
	WRITE_ONCE(b->flag, 1);
}
${READER}`,
  'misplaced-access': `${BOX}
void publish(struct box *b, int size)
{
	b->data = 1;
	smp_store_release(&b->flag, 1);
	b->size = size;
}
int consume(struct box *b)
{
	if (!smp_load_acquire(&b->flag))
		return -1;
	return b->size + b->data;
}`,
  'lost-wake-up': `struct job { wait_queue_head_t wait; int done; };
void await(struct job *j)
{
	wait_event(j->wait, READ_ONCE(j->done));
}
void finish(struct job *j)
{
	WRITE_ONCE(j->done, 1);
	if (waitqueue_active(&j->wait))
		wake_up(&j->wait);
}`,
  'racy-reread': `struct handler { int packets; };
struct port { struct handler *handler; };
void detach(struct port *port)
{
	WRITE_ONCE(port->handler, NULL);
}
int receive(struct port *port)
{
	struct handler *h;
	int packets = 0;
	if (!READ_ONCE(port->handler))
		return 0;
	h = READ_ONCE(port->handler);
	packets = h->packets;
	return packets;
}`,
  'barrier-without-atomic': `${BOX}
int swap(struct box *b)
{
	WRITE_ONCE(b->data, 1);
	smp_mb__after_atomic();
	return READ_ONCE(b->flag);
}`,
};

/** What may stand between two lines. */
const NOISE = [
  '',
  '',
  '',
  '\n',
  '\t/* a remark; { */\n',
  '\ttrace("; }");\n',
  '#ifdef DEBUG\n#endif\n',
];

/** The sample with something between some of its statements, and with blanks for tabs, where a number says so. */
function written(sample: string, choices: readonly number[]): string {
  const [first = 0, ...others] = choices;
  const lines = sample.split('\n').map((line, at) => {
    const noise = NOISE[(others[at % others.length] ?? 0) % NOISE.length]!;
    return /^\t\S.*;$/.test(line) && !/return|wake_up/.test(line)
      ? `${line}\n${noise}`
      : `${line}\n`;
  });
  const text = lines.join('');
  return first % 2 === 0 ? text : text.replaceAll('\t', '        ');
}

describe('a fix that is offered mends', () => {
  test.each(Object.entries(SAMPLES))('%s', async (code, sample) => {
    let offered = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 99 }), { minLength: 8, maxLength: 8 }),
        async (choices) => {
          const text = written(sample, choices);
          const codes = await checkOfferedFixes([{ path: '/main.c', text, marks: [] }]);
          if (codes.includes(code as DiagnosticCode)) offered++;
        },
      ),
      { numRuns: 12, seed: 11 },
    );
    expect(offered).toBeGreaterThan(6);
  });
});
