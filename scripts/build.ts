/** Builds `dist/`: `npm run build`. */

import { bundle } from './bundle.ts';

const sizes = await bundle();
for (const { file, bytes } of sizes.filter((each) => !each.file.includes('/')))
  console.log(`${(bytes / 1024).toFixed(0).padStart(6)} KB  dist/${file}`);
