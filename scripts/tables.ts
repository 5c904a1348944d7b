/** Writes settings and diagnostics from the server's tables into package.json and the README: `npm run tables`. */

import { readFileSync, writeFileSync } from 'node:fs';
import { readmeWithTables, settingProperties } from './declared.ts';
import { run } from './project.ts';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
manifest.contributes.configuration.properties = settingProperties();
writeFileSync('package.json', JSON.stringify(manifest, null, 2));
writeFileSync('README.md', readmeWithTables(readFileSync('README.md', 'utf8')));
process.exitCode = await run('npx', ['biome', 'format', '--write', 'package.json']);
