import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'rolldown';

// One program without dependencies: it starts more than twice as fast as from its hundreds of modules, and a router needs
// no registry to install it. Its chunks follow from the dynamic imports: each command loads its own code. The names have no
// hash, so that a command that starts during an upgrade finds its chunks.
export default defineConfig({
  input: 'src/main.ts',
  platform: 'node',
  tsconfig: true,
  // Its main file is UMD, whose own requires no bundler can follow.
  resolve: { alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' } },
  output: { dir: 'dist', format: 'esm', cleanDir: true, chunkFileNames: '[name].js' },
  plugins: [licences('LICENCES.txt')],
});

/** The licences of the packages that are in the program, as these ask for. */
function licences(fileName) {
  return {
    name: 'licences',
    generateBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap(({ moduleIds = [] }) => moduleIds);
      const packages = modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []);
      const source = [...new Set(packages)].sort().map(licenceOf).join('\n\n');
      this.emitFile({ type: 'asset', fileName, source });
    },
  };
}

function licenceOf(directory) {
  const { name, version, license } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  const file = readdirSync(directory).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? '' : `\n\n${readFileSync(join(directory, file), 'utf8').trim()}`;
  return `${name} ${version} (${license})${text}`;
}
