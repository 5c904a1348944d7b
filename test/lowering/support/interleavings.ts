/** Runs pairs of C functions in every interleaving of their accesses to shared memory, compiled with gcc. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RandomThreads } from '../random-threads/random-threads.ts';

/** Both threads are contexts of one process. Each gives way before each access; which goes on there is decided in all ways, one
 *  run after the other. More than LIMIT runs are given up, and what comes to no end within SECONDS. */
const SCHEDULER = `
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>
#define LIMIT 20000
#define SECONDS 2
static ucontext_t scheduler, context[2];
static char stacks[2][65536];
static int turn, done[2], result[2], choices[256], made, at, steps;
static int (*body[2])(void);
static void give_way(void) { swapcontext(&context[turn], &scheduler); }
static void begin(int thread) { result[thread] = body[thread](); done[thread] = 1; }
static int go(int thread) { turn = thread; swapcontext(&scheduler, &context[thread]); return ++steps < 200; }
static int run_once(void)
{
	for (int i = 0; i < 2; i++) {
		done[i] = 0;
		getcontext(&context[i]);
		context[i].uc_stack.ss_sp = stacks[i];
		context[i].uc_stack.ss_size = sizeof(stacks[i]);
		context[i].uc_link = &scheduler;
		makecontext(&context[i], (void (*)(void))begin, 1, i);
	}
	at = steps = 0;
	go(0);
	go(1);
	while (!done[0] || !done[1]) {
		int next = done[0];
		if (!done[0] && !done[1]) {
			if (at == made) {
				if (made == 256)
					return 0;
				choices[made++] = 0;
			}
			next = choices[at++];
		}
		if (!go(next))
			return 0;
	}
	return 1;
}
static int next_run(void)
{
	while (made > 0 && choices[made - 1] == 1)
		made--;
	if (made == 0)
		return 0;
	choices[made - 1] = 1;
	return 1;
}
#define R(v) ({ int *_p = &(v); give_way(); *_p; })
#define P(v) R(v)
#define X(v, n) ({ int *_p = &(v); give_way(); int _o = *_p; *_p = (n); _o; })
#define C(v, o, n) ({ int *_p = &(v); give_way(); int _o = *_p; if (_o == (o)) *_p = (n); _o; })
#define W(v, n) do { int *_p = &(v); int _n = (n); give_way(); *_p = _n; } while (0)
static void show(const char *id, int *x, int *y, int *z)
{
	int runs = 0;
	struct rlimit limit = { SECONDS, SECONDS };
	setrlimit(RLIMIT_CPU, &limit);
	do {
		*x = *y = *z = 0;
		if (++runs > LIMIT || !run_once()) {
			printf("%s none\\n", id);
			break;
		}
		printf("%s %d %d %d %d %d\\n", id, result[0], result[1], *x, *y, *z);
	} while (next_run());
	fflush(stdout);
	_exit(0);
}
#define SHOW(id) do { \\
	int status, child = fork(); \\
	body[0] = t0_##id; \\
	body[1] = t1_##id; \\
	if (child == 0) \\
		show(#id, &x_##id, &y_##id, &z_##id); \\
	waitpid(child, &status, 0); \\
	if (status != 0) \\
		printf("%s none\\n", #id); \\
	fflush(stdout); \\
} while (0)
`;

/** The final states of each: what both functions return, and x, y and z. Undefined where there are too many runs. */
export function interleaved(
  programs: readonly RandomThreads[],
): readonly (ReadonlySet<string> | undefined)[] {
  const folder = mkdtempSync(join(tmpdir(), 'barrierlens-threads-'));
  try {
    const sources = programs.map(({ source }) => source).join('\n');
    const shows = programs.map(({ id }) => `SHOW(${id});`).join('\n');
    const file = join(folder, 'threads.c');
    writeFileSync(file, `${SCHEDULER}\n${sources}\nint main(void)\n{\n${shows}\nreturn 0;\n}\n`);
    const program = join(folder, 'threads');
    const options = ['-std=gnu11', '-O0', '-fwrapv', '-w', '-o', program];
    execFileSync('gcc', [...options, file], { stdio: ['ignore', 'ignore', 'pipe'] });
    const printed = execFileSync('sh', ['-c', `${program} | sort -u`], {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    return statesOf(programs, printed.trim().split('\n'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function statesOf(
  programs: readonly RandomThreads[],
  lines: readonly string[],
): readonly (ReadonlySet<string> | undefined)[] {
  const states = new Map(programs.map(({ id }) => [id, new Set<string>()]));
  for (const line of lines) {
    const space = line.indexOf(' ');
    states.get(line.slice(0, space))?.add(line.slice(space + 1));
  }
  return programs.map(({ id }) => {
    const found = states.get(id)!;
    return found.has('none') ? undefined : found;
  });
}
