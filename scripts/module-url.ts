/** What `import.meta.url` is in a bundle. The bundler puts this into the bundles that ask for it. */

import { pathToFileURL } from 'node:url';

export const moduleUrl = /* @__PURE__ */ pathToFileURL(__filename).href;
