/** A misspelt name in a scenario, of every kind: told once, with its line and the name that is meant. */

import { expect, test } from 'vitest';
import { simulateFiles } from '../support/simulated.ts';

const FILES = {
  'mail/letter.h': `enum letter_state { LETTER_OPEN, LETTER_SEALED = 4, LETTER_SENT };
#define LETTER_LATE (1 << 3)
#define STAMP(price) ((price) << 8)
struct stamp { int price; };
struct letter { int state; int text; struct stamp stamp, *paid; struct letter *next; int pages[4]; };
typedef struct { int depth; struct letter *first; } mailbox_t;
`,
  'mail/post.c': `void letter_write(struct letter *l, int text)
{
	mailbox_lock();
	l->text = text;
	smp_wmb();
	WRITE_ONCE(l->state, LETTER_SEALED);
	mailbox_unlock();
}
int letter_read(struct letter *l)
{
	if (READ_ONCE(l->state) != LETTER_SEALED)
		return -1;
	smp_rmb();
	return l->text;
}
void postman_walks(void) { current->walked_streets = 1; }
`,
};

const SCENARIO = `C mail
"A letter is written while somebody reads it."

source: mail/letter.h mail/post.c
applies: letter_write letter_read

{
	struct letter the_letter = { .state = LETTER_OPEN, .stamp = { .price = STAMP(2) } };
	struct letter other_letter = { .next = &the_letter, .stamp.price = 1 };
	struct task_struct postman = { .walked_streets = 0 };
	mailbox_t the_mailbox = { .first = &the_letter };
	int weather = any(LETTER_OPEN, LETTER_SENT);
}

setup {
	other_letter.pages[1] = 3;
	letter_write(&other_letter, 1);
}

stubs {
	/* Nobody else has the mailbox. */
	void mailbox_lock(void) { the_mailbox.depth = 1; }
	void mailbox_unlock(void) { the_mailbox.depth = 0; }
	int deliver(struct letter *l) { return letter_read(l); }
}

P0 as postman {
	struct letter *mine = &the_letter;

	letter_write(mine, 7);
	current->walked_streets = mine->stamp.price;
}
P1 {
	seen = deliver(&the_letter);
	tried = READ_ONCE(the_letter.state) == LETTER_SENT;
}

filter: (P1:tried = 0 \\/ weather = LETTER_SENT)

never unwritten "a sealed letter without its text":
	(P1:seen = 0 /\\ the_letter.state = LETTER_SEALED)
remark letter_read smp_rmb: "the review: needed"
remark letter_write smp_wmb: "the writer, too"
never late "a letter that is late": (other_letter.paid = &other_letter.stamp)
never heavy "a letter of many pages": (other_letter.pages[1] = LETTER_LATE - 1)

suppose careless "the writer does not wait" {
	void letter_write(struct letter *l, int text) { l->text = text; l->state = LETTER_SEALED; }
}
suppose hasty with careless "and the reader does not, either" {
	#define smp_rmb() do { } while (0)
}
`;

test('the scenario without a mistake has answers', async () => {
  const { code, warnings } = await simulateFiles({ ...FILES, 't.scenario': SCENARIO }, '--suppose');
  expect(warnings).toEqual([]);
  expect(code).toBe(0);
});

/** What is written instead of what, and what is told: with the nearest name where there is one. */
type Mistake = readonly [from: string, to: string, message: string];

const MISTAKES: readonly Mistake[] = [
  ['letter_write(mine, 7);', 'letter_write(mine, 7)', 'there is no ";" behind letter_write()'],
  ['letter_write(mine, 7);\n', 'letter_write(mine, 7) ', 'there is no ";" behind letter_write()'],
  ['remark letter_read', 'remark letter_raed', 'there is no function letter_raed; letter_read?'],
  ['smp_rmb: "the', 'smp_rnb: "the', 'there is no function smp_rnb; smp_rmb?'],
  ['source: mail', 'sorce: mail', 'there is no header "sorce:"; source:?'],
  ['mail/post.c', 'mail/pots.c', 'the tree has no file "mail/pots.c"; mail/post.c?'],
  [
    'letter_write letter_read',
    'letter_write letter_raed',
    'left out: the tree does not define letter_raed; letter_read?',
  ],
  [
    'struct letter the_letter',
    'struct lettr the_letter',
    'there is no struct lettr; struct letter?',
  ],
  ['.state = LETTER_OPEN', '.sate = LETTER_OPEN', 'no member sate of struct letter; state?'],
  ['.state = LETTER_OPEN', '.state = LETTER_OPN', 'nothing is called LETTER_OPN; LETTER_OPEN?'],
  ['{ .price = STAMP(2) }', '{ .prize = STAMP(2) }', 'no member prize of struct stamp; price?'],
  ['= STAMP(2)', '= STMP(2)', 'STMP() is defined nowhere; STAMP()?'],
  ['.next = &the_letter', '.nxt = &the_letter', 'no member nxt of struct letter; next?'],
  ['.next = &the_letter', '.next = &the_lettr', 'nothing is called the_lettr; the_letter?'],
  ['.stamp.price = 1', '.stanp.price = 1', 'no member stanp of struct letter; stamp?'],
  ['.stamp.price = 1', '.stamp.prce = 1', 'no member prce of struct stamp; price?'],
  [
    'postman = { .walked_streets',
    'postman = { .walkd_streets',
    'nothing else has a member walkd_streets; walked_streets?',
  ],
  ['mailbox_t the', 'malbox_t the', 'there is no type malbox_t; mailbox_t?'],
  ['.first =', '.frist =', 'no member frist of struct mailbox_t; first?'],
  [
    'any(LETTER_OPEN, LETTER_SENT)',
    'any(LETTER_OPEN, LETTER_SNET)',
    'nothing is called LETTER_SNET; LETTER_SENT?',
  ],
  [
    'other_letter.pages[1] = 3',
    'othr_letter.pages[1] = 3',
    'nothing is called othr_letter; other_letter?',
  ],
  [
    'other_letter.pages[1] = 3',
    'other_letter.paegs[1] = 3',
    'no member paegs of struct letter; pages?',
  ],
  [
    'letter_write(&other',
    'letter_wriet(&other',
    'letter_wriet() is defined nowhere; letter_write()?',
  ],
  ['void mailbox_lock', 'void mailbox_lok', 'nothing calls mailbox_lok(); mailbox_lock()?'],
  ['the_mailbox.depth = 1', 'the_malbox.depth = 1', 'nothing is called the_malbox; the_mailbox?'],
  ['the_mailbox.depth = 1', 'the_mailbox.dept = 1', 'no member dept of struct mailbox_t; depth?'],
  [
    'return letter_read(l)',
    'return leter_read(l)',
    'leter_read() is defined nowhere; letter_read()?',
  ],
  ['P0 as postman', 'P0 as postmn', 'there is no object postmn; postman?'],
  [
    'struct letter *mine = &the_letter',
    'struct leter *mine = &the_letter',
    'there is no struct leter; struct letter?',
  ],
  [
    'letter_write(mine, 7)',
    'letter_wrte(mine, 7)',
    'letter_wrte() is defined nowhere; letter_write()?',
  ],
  ['letter_write(mine, 7)', 'letter_write(mien, 7)', 'nothing is called mien; mine?'],
  [
    'current->walked_streets',
    'current->walked_stretes',
    'nothing else has a member walked_stretes; walked_streets?',
  ],
  ['mine->stamp.price', 'mine->stapm.price', 'no member stapm of struct letter; stamp?'],
  ['mine->stamp.price', 'mine->stamp.pice', 'no member pice of struct stamp; price?'],
  ['deliver(&the_letter)', 'delivr(&the_letter)', 'delivr() is defined nowhere; deliver()?'],
  ['deliver(&the_letter)', 'deliver(&te_letter)', 'nothing is called te_letter; the_letter?'],
  [
    'READ_ONCE(the_letter.state)',
    'READ_ONC(the_letter.state)',
    'READ_ONC() is defined nowhere; READ_ONCE()?',
  ],
  [
    'READ_ONCE(the_letter.state)',
    'READ_ONCE(the_letter.stat)',
    'no member stat of struct letter; state?',
  ],
  ['== LETTER_SENT', '== LETTER_SEND', 'nothing is called LETTER_SEND; LETTER_SENT?'],
  ['P1:tried = 0', 'P1:treid = 0', 'P1 has no variable treid; tried?'],
  ['P1:tried = 0', 'P2:tried = 0', 'there is no thread P2; P1 is the last'],
  [
    'weather = LETTER_SENT',
    'wether = LETTER_SENT',
    'wether is neither a location nor a constant; weather?',
  ],
  ['P1:seen = 0', 'P1:seen = 08', '08 is no number: it begins with 0, and 8 is no octal digit'],
  ['P1:seen = 0', 'P1:sen = 0', 'P1 has no variable sen; seen?'],
  ['P1:seen = 0', 'P0:seen = 0', 'P0 has no variable seen'],
  [
    'the_letter.state = LETTER_SEALED)',
    'the_letter.stte = LETTER_SEALED)',
    'no member stte of struct letter; state?',
  ],
  [
    'the_letter.state = LETTER_SEALED)',
    'the_leter.state = LETTER_SEALED)',
    'there is no object the_leter; the_letter?',
  ],
  [
    'the_letter.state = LETTER_SEALED)',
    'the_letter.state = LETTER_SEALD)',
    'LETTER_SEALD is neither a location nor a constant; LETTER_SEALED?',
  ],
  ['&other_letter.stamp)', '&othr_letter.stamp)', 'there is no object othr_letter; other_letter?'],
  ['&other_letter.stamp)', '&other_letter.stmp)', 'no member stmp of struct letter; stamp?'],
  ['LETTER_LATE - 1', 'LETTER_LAET - 1', 'LETTER_LAET is no constant; LETTER_LATE?'],
  ['(other_letter.pages[1] =', '(other_letter.state[1] =', 'what stands before [1] is no array'],
  [
    'void letter_write(struct letter *l, int text) { l',
    'void letter_writ(struct letter *l, int text) { l',
    'there is no letter_writ to replace; letter_write?',
  ],
  [
    'l->state = LETTER_SEALED; }',
    'l->sttae = LETTER_SEALED; }',
    'no member sttae of struct letter; state?',
  ],
  ['with careless', 'with carless', 'there is no supposition "carless"; careless?'],
  ['#define smp_rmb()', '#define smp_rbm()', 'there is no smp_rbm to replace; smp_rmb?'],
  ['suppose hasty', 'supose hasty', 'or "never"; suppose?'],
  ['never late', 'nevr late', 'or "never"; never?'],
  ['setup {', 'setpu {', 'or "never"; setup?'],
  ['C mail\n', 'C\n', 'the first line must be "C" and the scenario\'s name'],
  ['letter_write(mine, 7)', 'letter_write(mine)', 'letter_write() takes 2 arguments, not 1'],
  ['deliver(&the_letter)', 'deliver(&the_letter, 1)', 'deliver() takes 1 argument, not 2'],
  [
    'deliver(&the_letter)',
    'deliver(the_letter)',
    'deliver() takes a pointer, and the_letter is none; &the_letter?',
  ],
  ['struct letter other_letter', 'letter other_letter', 'there is no type letter; struct letter?'],
  ['P1:seen = 0 /\\', 'P1:seen = 0 &&', '"&&" is written /\\ in a formula'],
  ['P1:tried = 0 \\/', 'P1:tried = 0 ||', '"||" is written \\/ in a formula'],
  [
    '/\\ the_letter.state',
    '/\\ the_letter->state',
    'a member stands behind "." in a formula, not behind "->"',
  ],
  ['mine->stamp', 'mine.stamp', '".stamp" behind mine, which is no struct; ->stamp?'],
  ['->stamp.price', '->stamp->price', '"->price" behind what is no pointer; .price?'],
  ['(the_letter.state)', '(the_letter->state)', 'behind the_letter, which is no pointer; .state?'],
  ['other_letter.pages[1] =', 'other_letter.next.text =', 'behind what is no struct; ->text?'],
  ['mine->stamp.price;', 'mine->text->price;', '"->price" behind what is no pointer to a struct'],
  ['mine->stamp.price;', '*mine->text;', '"*" before what is no pointer'],
  ['mine->stamp.price;', 'the_letter[0].text;', 'an index behind the_letter, which is no array'],
  ['{ l->text', '{ l.text', '".text" behind l, which is no struct; ->text?'],
  [
    '.next = &the_letter',
    '.next.text = 3',
    'what stands before .text is a pointer, which is not followed here',
  ],
  [
    '&other_letter.stamp)',
    '&other_letter.next.stamp)',
    'what stands before .stamp is a pointer, which is not followed here',
  ],
  ['weather = LETTER_SENT', 'weather.x = LETTER_SENT', 'what stands before .x is no struct'],
  ['never unwritten', 'filter: (P1:seen = 7)\nnever unwritten', 'there are two filters'],
];

test.each(MISTAKES)('%s as %s', async (from, to, message) => {
  const parts = SCENARIO.split(from);
  expect(parts.length, 'the mistake can be made').toBeGreaterThan(1);
  const text = parts[0] + to + parts.slice(1).join(from);
  const shared = [...from].findIndex((letter, at) => letter !== to[at]);
  const line = `${parts[0]}${from.slice(0, shared)}`.split('\n').length;
  const { code, warnings, text: answer } = await simulateFiles({ ...FILES, 't.scenario': text });
  expect(warnings).toEqual([expect.stringContaining(`t.scenario:${line}: `)]);
  expect(warnings[0]).toMatch(new RegExp(`${message.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`));
  expect(answer, 'nothing is answered').toBe('');
  expect(code).toBe(2);
});

test('a thread that is no task has no current', async () => {
  const text = SCENARIO.replace('P0 as postman', 'P0');
  const line = text.slice(0, text.indexOf('current->')).split('\n').length;
  const { code, warnings } = await simulateFiles({ ...FILES, 't.scenario': text });
  expect(warnings).toEqual([
    `t.scenario:${line}: current is no task here; "as NAME" makes a thread one`,
  ]);
  expect(code).toBe(2);
});
