/** A function that is being typed puts no warning on another one, wherever the mistake is. */

import { expect, test } from 'vitest';
import { createHost } from '../../server/src/language-service/host.ts';
import { createEngine } from '../../server/src/language-service/node-engine.ts';

const BEFORE = '#include <linux/kernel.h>\nstruct s { int a, b; };\n';
const WRITER = `void w(struct s *p)
{
	if (p) {
		p->a = 1;
		/* Pairs with smp_rmb() in r(). */
		smp_wmb();
		p->b = 1;
	}
}
`;
const READER = `int r(struct s *p)
{
	int x = p->b;
	/* Pairs with smp_wmb() in w(). */
	smp_rmb();
	return x + p->a;
}
void w2(struct s *p)
{
	p->a = 2;
}
`;

const engine = await createEngine();

/** What is said of the reader when the writer is edited to this; nothing counts where it is C after all, and says
 *  something else. */
function saidOfReader(
  writer: string,
  isInOrder: boolean,
  isBarrierGone = false,
): readonly string[] {
  const host = createHost({ engine });
  const [first, last] = isInOrder ? ['', READER] : [READER, ''];
  const path = '/k/a.c';
  host.apply([{ kind: 'coverage', coverage: { extent: 'tree', elsewhere: new Set() } }]);
  host.apply([{ kind: 'disk', path, text: BEFORE + first + WRITER + last }]);
  const text = BEFORE + first + writer + last;
  host.apply([{ kind: 'buffer', path, text }]);
  while (host.work(new Set([path])) !== undefined);
  const isC = host.snapshot().facts(path)?.problems.length === 0;
  if (isC && writer !== WRITER && !isBarrierGone) return [];
  const reader = text.indexOf(READER);
  return host
    .snapshot()
    .diagnostics(path)
    .filter(({ span }) => span.start >= reader && span.start < reader + READER.length)
    .map(({ message }) => message);
}

const PLACES = Array.from({ length: WRITER.length + 1 }, (_, at) => at);

test('without a mistake nothing is said', () => {
  expect(saidOfReader(WRITER, true)).toEqual([]);
  expect(saidOfReader(WRITER, false)).toEqual([]);
});

test('a barrier that is taken out is missed', () => {
  expect(saidOfReader(WRITER.replace('smp_wmb()', ''), true, true)).toHaveLength(1);
});

test.each(['}', '{', ')', '(', '"', "'", '/*', '}\n', ';', '#', '}}'])('%j too many', (mistake) => {
  for (const isInOrder of [true, false]) {
    const told = PLACES.flatMap((at) =>
      saidOfReader(WRITER.slice(0, at) + mistake + WRITER.slice(at), isInOrder).map(
        (message) => `${at}: ${message}`,
      ),
    );
    expect(told).toEqual([]);
  }
});
