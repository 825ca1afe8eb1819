import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { releasedVersion } from './check.mjs';
import { root } from './version.mjs';

// All files of a release, from a clean tree whose HEAD has a tag: [--out DIRECTORY] [--check]
const { values } = parseArgs({
  options: { out: { type: 'string', default: 'release' }, check: { type: 'boolean', default: false } },
});

try {
  const version = releasedVersion();
  if (values.check) console.log(`HEAD can be released as ${version}.`);
  else await release(join(resolve(root, values.out), version));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

/** Fills `directory`. The same commit gives the same bytes. */
async function release(directory) {
  // They need the packages that are installed, and the check does not.
  const { chosen } = await import('./architectures.mjs');
  const { buildPackage } = await import('./debian.mjs');
  const { buildExecutables } = await import('./executable.mjs');
  const { run } = await import('./run.mjs');
  const { makeSbom } = await import('./sbom.mjs');

  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const executables = await buildExecutables(chosen([]), directory);
  const licences = await readFile(join(directory, 'LICENCES.txt'), 'utf8');
  for (const [name, executable] of Object.entries(executables))
    await buildPackage({ name, executable, licences, directory, compression: 'xz' });
  run('npm', ['run', '--silent', 'build']);
  // npm packs the modes that the files have here, which are those of whoever cloned and built.
  const { files } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  run('chmod', ['--recursive', 'u=rwX,go=rX', 'package.json', ...files]);
  run('npm', ['pack', '--silent', '--pack-destination', directory]);
  await writeFile(join(directory, 'moenet-agent.cdx.json'), `${JSON.stringify(await makeSbom(), null, 2)}\n`);
  await writeFile(join(directory, 'SHA256SUMS'), await sums(directory));
  for (const file of (await readdir(directory)).sort()) console.log(join(directory, file));
}

/** For `sha256sum --check`. */
async function sums(directory) {
  const files = (await readdir(directory)).sort();
  const lines = files.map(async (file) => {
    const hash = createHash('sha256').update(await readFile(join(directory, file)));
    return `${hash.digest('hex')}  ${file}\n`;
  });
  return (await Promise.all(lines)).join('');
}
