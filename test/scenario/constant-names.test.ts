/** Values of fields in executions go by the names that the code has for them. */

import { expect, test } from 'vitest';
import { simulateFiles } from '../support/simulated.ts';

const HEADER = `#define STATE_IDLE -1
enum door { DOOR_OPEN, DOOR_SHUT = 3 };
#define COLOUR_RED 3
#define COLOUR_PINK 3
struct room { int state; enum door door; int colour; int size; int copy; };
`;

const CODE = `void use(struct room *r)
{
	WRITE_ONCE(r->state, 1);
	if (r->state == STATE_IDLE || r->door != DOOR_SHUT)
		r->size = 7;
	r->copy = r->door;
	r->colour = COLOUR_RED;
	if (r->colour == COLOUR_PINK)
		r->size = 8;
}
`;

const SCENARIO = `C room
"A room is looked into."
source: room.h room.c
{ struct room the_room = { .state = -1 }; }
P0 {
	a = READ_ONCE(the_room.state);
	b = READ_ONCE(the_room.door);
	c = READ_ONCE(the_room.colour);
	d = READ_ONCE(the_room.size);
	e = READ_ONCE(the_room.copy);
	f = READ_ONCE(the_room.state);
}
P1 {
	WRITE_ONCE(the_room.door, 3);
	WRITE_ONCE(the_room.colour, 3);
	WRITE_ONCE(the_room.size, 3);
	WRITE_ONCE(the_room.copy, 3);
	WRITE_ONCE(the_room.state, 5);
}
never all "all of it": (P0:a = -1 /\\ P0:b = 3 /\\ P0:c = 3 /\\ P0:d = 3 /\\ P0:e = 3 /\\ P0:f = 5)
`;

test('one constant that a field is compared with or given names its value, several do not', async () => {
  const files = { 'room.h': HEADER, 'room.c': CODE, 't.scenario': SCENARIO };
  const { text } = await simulateFiles(files);
  expect(text).toContain('reads room.state = STATE_IDLE');
  expect(text).toContain('reads room.door = DOOR_SHUT');
  expect(text).toContain('reads room.colour = 3'); // COLOUR_RED or COLOUR_PINK
  expect(text).toContain('reads room.size = 3'); // no constant is meant
  expect(text).toContain('reads room.copy = DOOR_SHUT'); // given the value of a field that has one
  expect(text).toContain('writes room.state = 5'); // no constant has that value
});

test('a name for true or false is no name of the value', async () => {
  const { text } = await simulateFiles({
    'room.h': 'struct room { bool lit; int seen; };\n',
    't.scenario': `C room
source: room.h
{ struct room the_room = { .lit = IS_LIT }; }
stubs {
	#define IS_LIT false
}
P0 { a = READ_ONCE(the_room.lit); }
P1 { WRITE_ONCE(the_room.lit, 1); }
never dark "it is dark": (P0:a = 0)
`,
  });
  expect(text).toContain('reads room.lit = 0');
});

test('a word of flags that is also copied is told by the names of its bits', async () => {
  const { text } = await simulateFiles({
    'lamp.h':
      '#define LAMP_LIT 4\n#define LAMP_HOT 1\nstruct lamp { unsigned long flags; unsigned long copy; };\n',
    'lamp.c': `void light(struct lamp *l)
{
	set_bit(LAMP_LIT, &l->flags);
	set_bit(LAMP_HOT, &l->flags);
}
unsigned long copied(struct lamp *l) { return READ_ONCE(l->flags); }
`,
    't.scenario': `C lamp
"A lamp is lit."
source: lamp.h lamp.c
{ struct lamp the_lamp = { }; }
P0 { light(&the_lamp); }
P1 { a = copied(&the_lamp); }
never hot "it is hot": P1:a = 18
`,
  });
  expect(text).toContain('writes lamp.flags = BIT(LAMP_LIT)');
  expect(text).toContain('reads lamp.flags = BIT(LAMP_HOT) | BIT(LAMP_LIT), from P0');
  expect(text).not.toMatch(/lamp\.flags = (?:16|18)/);
});
