import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chosen } from './architectures.mjs';
import { buildPackage } from './debian.mjs';
import { buildExecutables } from './executable.mjs';
import { root } from './version.mjs';

// The Debian packages alone: [--out DIRECTORY] [--compression xz|none] [ARCHITECTURE...]
const { values, positionals } = parseArgs({
  options: { out: { type: 'string', default: 'release' }, compression: { type: 'string', default: 'xz' } },
  allowPositionals: true,
});
const directory = resolve(root, values.out);
await mkdir(directory, { recursive: true });
const executables = await buildExecutables(chosen(positionals), directory);
const licences = await readFile(join(directory, 'LICENCES.txt'), 'utf8');
for (const [name, executable] of Object.entries(executables))
  console.log(await buildPackage({ name, executable, licences, directory, compression: values.compression }));
