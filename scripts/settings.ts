/** Writes the settings of the server's table into package.json: `npm run settings`. */

import { readFileSync, writeFileSync } from 'node:fs';
import { run } from './project.ts';
import { settingProperties } from './settings-table.ts';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
manifest.contributes.configuration.properties = settingProperties();
writeFileSync('package.json', `${JSON.stringify(manifest, null, 2)}\n`);
process.exitCode = await run('npx', ['biome', 'format', '--write', 'package.json']);
