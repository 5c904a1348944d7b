/** Makes `barrierlens.vsix`: `npm run package`. */

import { pack } from './pack.ts';

const bytes = await pack();
console.log(`barrierlens.vsix: ${(bytes / 1024).toFixed(0)} KB`);
