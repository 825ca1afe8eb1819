import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { architectures } from './architectures.mjs';
import { root, sourceDate, version } from './version.mjs';

const read = async (path) => JSON.parse(await readFile(join(root, path), 'utf8'));

/**
 * What is really in the executables, as CycloneDX 1.5: the packages that the bundler took in (`npm sbom` would list all that
 * are installed), each with the checksum of the lock file, and Node. `buildExecutables` comes before.
 */
export async function makeSbom() {
  const locked = (await read('package-lock.json')).packages;
  const releaseLock = (await read('.release/package-lock.json')).packages;
  const bundled = await read('.cache/executable/packages.json');
  const packages = bundled.map(({ name, path, ...rest }) =>
    component({ name, ...rest, ...locked[path], type: 'library' }),
  );
  const runtimes = Object.values(architectures).map(({ node }) =>
    component({ name: node, license: 'MIT', ...releaseLock[`node_modules/${node}`], type: 'platform' }),
  );
  const components = [...packages, ...runtimes];
  const self = {
    type: 'application',
    'bom-ref': 'moenet-agent',
    name: 'moenet-agent',
    version,
    ...licensed('MIT'),
  };
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { timestamp: new Date(sourceDate * 1000).toISOString(), component: self },
    components,
    dependencies: [{ ref: self['bom-ref'], dependsOn: components.map((each) => each['bom-ref']) }],
  };
}

function component({ type, name, version: its, license, integrity }) {
  const purl = `pkg:npm/${name.replace('@', '%40')}@${its}`;
  const [algorithm, hash] = integrity.split('-');
  return {
    type,
    'bom-ref': purl,
    name,
    version: its,
    ...licensed(license),
    purl,
    hashes: [{ alg: algorithm.replace('sha', 'SHA-'), content: Buffer.from(hash, 'base64').toString('hex') }],
    ...(type === 'platform' && { cpe: `cpe:2.3:a:nodejs:node.js:${its}:*:*:*:*:*:*:*` }),
  };
}

function licensed(id) {
  return { licenses: [{ license: { id } }] };
}

if (argv[1] === fileURLToPath(import.meta.url)) console.log(JSON.stringify(await makeSbom(), null, 2));
