/** How eagerly V8 compiles for a command that is over within seconds. */

import { setFlagsFromString } from 'node:v8';

/** V8 optimises a function when so many bytes of its bytecode have run. Its own figure, 66 KB, is for
 *  processes that stay: in one that lives two seconds the compiler, on its threads, takes as much CPU as
 *  the work itself. The loops of the search pass this figure soon too. */
const OPTIMISE_AFTER_BYTES = 2_000_000;

/** The same for WebAssembly, where every call counts with the size of the function and V8's own figure is
 *  1.8 MB. The lexer and the parser of C are single functions of 40 KB: to optimise them takes ten times
 *  as long as to read the files of a scenario with them as they are. */
const OPTIMISE_WASM_AFTER_BYTES = 2_000_000_000;

/** Has V8 optimise only what runs long, from now on. It changes how fast things are, and nothing else. */
export function compileLater(): void {
  setFlagsFromString(`--interrupt-budget=${OPTIMISE_AFTER_BYTES}`);
  setFlagsFromString(`--wasm-tiering-budget=${OPTIMISE_WASM_AFTER_BYTES}`);
}
