/** How read-modify-writes show their order to a model: between fences (lkmmv1), or by their tags (lkmmv2). */

import { describe, expect, test } from 'vitest';
import { type LoadedModel, loadModel } from '../../server/src/cat/load.ts';
import { parseLitmus } from '../../server/src/litmus/parse.ts';
import { checkWithModel } from '../../server/src/search/check-with-model.ts';
import { litmus } from '../memory-model/support/check-litmus.ts';

const BELL = "enum Tags = 'mb || 'MB || 'ONCE || 'once || 'ACQUIRE || 'acquire";
const DEF = `
READ_ONCE(X) __load{ONCE}(X)
WRITE_ONCE(X,V) { __store{ONCE}(X,V); }
smp_mb() { __fence{MB}; }
xchg(X,V) __xchg{MB}(X,V)
xchg_relaxed(X,V) __xchg{ONCE}(X,V)
xchg_acquire(X,V) __xchg{ACQUIRE}(X,V)
cmpxchg(X,V,W) __cmpxchg{MB}(X,V,W)
atomic_inc(X) { __atomic_op{NORETURN}(X,+,1); }
`;

/** A model with one flag, `raised`, in a kernel whose configuration sets the variant or does not. */
function modelWith(variant: string, flagged: string): LoadedModel {
  const files: Record<string, string> = {
    'linux-kernel.cfg': `bell linux-kernel.bell\n${variant}\n`,
    'linux-kernel.bell': BELL,
    'linux-kernel.cat': `include "cos.cat"\nflag ~empty ${flagged} as raised`,
    'linux-kernel.def': DEF,
  };
  const { model, problems } = loadModel((file) => files[file]);
  expect(problems).toEqual([]);
  return model!;
}

function flags(variant: string, body: string, flagged: string): readonly string[] {
  const model = modelWith(variant, flagged);
  const { program, problems } = parseLitmus(litmus([body], 'exists (x=0)'), model.macros);
  expect(problems).toEqual([]);
  return checkWithModel(program!, model).flags;
}

const NEW = 'variant lkmmv2';

describe('the representation of read-modify-writes', () => {
  test.each([
    ['', 'int r0; r0 = xchg(x, 1);', 'F & Mb', ['raised']],
    ['', 'int r0; r0 = xchg(x, 1);', 'R & Once', ['raised']],
    [NEW, 'int r0; r0 = xchg(x, 1);', 'F', []],
    [NEW, 'int r0; r0 = xchg(x, 1);', 'R & MB', ['raised']],
    [NEW, 'int r0; r0 = xchg(x, 1);', 'W & MB', ['raised']],
    [NEW, 'int r0; r0 = xchg(x, 1);', 'ONCE', []],
    [NEW, 'smp_mb();', 'F & MB', ['raised']],
    [NEW, 'smp_mb(); int r0; r0 = xchg_relaxed(x, 1);', 'F & MB', ['raised']],
    [NEW, 'smp_mb(); int r0; r0 = xchg_relaxed(x, 1);', 'rmw & (ONCE * ONCE)', ['raised']],
    [NEW, 'int r0; r0 = xchg_acquire(x, 1);', 'rmw & (ACQUIRE * ACQUIRE)', ['raised']],
    ['', 'int r0; r0 = xchg_acquire(x, 1);', 'W & Acquire', []],
    [NEW, 'int r0; r0 = cmpxchg(x, 5, 1);', 'RMW \\ domain(rmw)', ['raised']],
    [NEW, 'int r0; r0 = cmpxchg(x, 5, 1);', '(MB & W) | range(rmw)', []],
    [NEW, 'int r0; r0 = READ_ONCE(*x);', 'if "lkmmv2" then 0 else _', []],
    ['', 'int r0; r0 = READ_ONCE(*x);', 'if "lkmmv2" then 0 else _', ['raised']],
  ])('%s %s: ~empty %s', (variant, body, flagged, expected) => {
    expect(flags(variant, body, flagged)).toEqual(expected);
  });
});

describe('SRCU of newer kernels', () => {
  test('reads and writes its structure, marked by tags', () => {
    const files: Record<string, string> = {
      'linux-kernel.bell': "enum SRCU = 'srcu-lock || 'srcu-unlock",
      'linux-kernel.cat':
        'include "cos.cat"\nlet rscs = [R & Srcu-lock] ; data ; [W & Srcu-unlock]\nflag ~empty rscs & loc as matched',
      'linux-kernel.def':
        'srcu_read_lock(X) __load{srcu-lock}(*X)\nsrcu_read_unlock(X,Y) { __store{srcu-unlock}(*X,Y); }',
    };
    const model = loadModel((file) => files[file]).model!;
    const body = 'int r0; r0 = srcu_read_lock(ss); srcu_read_unlock(ss, r0);';
    const text = litmus([body, body], 'exists (0:r0=0)');
    const outcome = checkWithModel(parseLitmus(text, model.macros).program!, model);
    // Both read the initial state, with the unlocks in either order; or one reads the other's unlock.
    expect(outcome).toMatchObject({ observation: 'Always', positive: 4, flags: ['matched'] });
  });
});
