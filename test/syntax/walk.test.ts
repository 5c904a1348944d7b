/** Walking C's trees: nothing of a body is missed, and nothing is met twice. */

import { expect, test } from 'vitest';
import { everyExpression, everyStatement, expressionsOf } from '../../server/src/syntax/walk.ts';
import { parseText } from '../support/scenario-tree.ts';

const BODY = `
	int a = n1, b[2] = { n2 };
	if (n3)
		n4();
	else {
		for (n5 = 0; n6; n7++)
			switch (n8) { case n9 ... n10: n11 = ({ n12; }); }
	}
	do { while (n13) n14->x[n15] ? n16 : (n17, *n18); } while (n19);
	list_for_each(n20, n21) { again: if (!n22) goto again; }
	return (long)n23;
`;

test('every name of a body is found once', () => {
  const { parsed } = parseText('walk.c', `void f(void)\n{${BODY}}\n`);
  const names = everyStatement(parsed.functions[0]!.body)
    .flatMap(expressionsOf)
    .flatMap(everyExpression)
    .flatMap((expression) => (expression.kind === 'identifier' ? expression.name : []));
  expect([...names].sort()).toEqual([...BODY.match(/\bn\d+\b/g)!].sort());
});
