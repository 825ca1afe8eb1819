import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { defineConfig, rolldown } from 'rolldown';
import { precompiledTemplates } from './.release/precompiled-templates.mjs';
import { undiciParts } from './.release/undici-parts.mjs';
import { version } from './.release/version.mjs';

/** What every program of this repository is built with. */
export const common = {
  input: 'src/main.ts',
  platform: 'node',
  tsconfig: true,
  // Its main file is UMD, whose own requires no bundler can follow.
  resolve: { alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' } },
  plugins: [rawText(), precompiledTemplates(), undiciParts(), readableByOldNode(), licences('LICENCES.txt')],
};

// One program without dependencies: it starts more than twice as fast as from its hundreds of modules, and a router needs
// no registry to install it. Its chunks follow from the dynamic imports: each command loads its own code. The names have no
// hash, so that a command that starts during an upgrade finds its chunks.
export default defineConfig({
  ...common,
  output: { dir: 'dist', format: 'esm', cleanDir: true, chunkFileNames: '[name].js' },
});

/** What goes into the single executable (.release/executable.mjs): one file, which Node reads as CommonJS. */
export const forExecutable = {
  ...common,
  plugins: [...common.plugins, packageList('packages.json')],
  output: {
    file: '.cache/executable/main.cjs',
    format: 'cjs',
    codeSplitting: false,
    minify: true,
  },
};

/**
 * `import text from 'FILE?raw'`: the text of the file; of package.json only the version, of a `.tsx` the script that a browser gets of it. Tests
 * have this from Vite, with the source of the script.
 */
function rawText() {
  return {
    name: 'raw-text',
    resolveId: (source, importer) => (source.endsWith('?raw') ? resolve(dirname(importer), source) : null),
    async load(id) {
      if (!id.endsWith('?raw')) return null;
      const file = id.slice(0, -'?raw'.length);
      if (file.endsWith('.tsx')) return `export default ${JSON.stringify(await scriptOf(file))}`;
      const text = file.endsWith('/package.json') ? JSON.stringify({ version }) : readFileSync(file, 'utf8');
      return { code: `export default ${JSON.stringify(text)}`, moduleType: 'js' };
    },
  };
}

/** The modules in scripts for browsers, whose packages are in the program as well. */
const inScripts = new Set();

/** One script of a module and all that it imports. */
export async function scriptOf(file) {
  const build = await rolldown({ input: file, platform: 'browser', tsconfig: true });
  const { output } = await build.generate({ format: 'esm', minify: true, codeSplitting: false });
  for (const id of output[0].moduleIds) inScripts.add(id);
  return output[0].code;
}

/** src/main.ts for a Node that takes it for CommonJS, because it knows no `"type": "module"`. */
function readableByOldNode() {
  return {
    name: 'readable-by-old-node',
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle))
        if (chunk.isEntry) chunk.code = chunk.code.replace(/\nexport \{\};\s*$/, '\n');
    },
  };
}

/** The licences of the packages that are in the program, as these ask for. */
function licences(fileName) {
  return {
    name: 'licences',
    generateBundle(_options, bundle) {
      const source = packagesIn(bundle).map(licenceOf).join('\n\n');
      this.emitFile({ type: 'asset', fileName, source });
    },
  };
}

/** The packages that are in the program, for its SBOM. `path` is the name in the lock file. */
function packageList(fileName) {
  return {
    name: 'package-list',
    generateBundle(_options, bundle) {
      const packages = packagesIn(bundle).map((directory) => {
        const { name, version, license } = packageOf(directory);
        return { name, version, license, path: relative(import.meta.dirname, directory) };
      });
      this.emitFile({ type: 'asset', fileName, source: JSON.stringify(packages) });
    },
  };
}

/** The directories of the packages. */
function packagesIn(bundle) {
  const modules = [...Object.values(bundle).flatMap(({ moduleIds = [] }) => moduleIds), ...inScripts];
  const packages = modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []);
  return [...new Set(packages)].sort();
}

function packageOf(directory) {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
}

function licenceOf(directory) {
  const { name, version, license } = packageOf(directory);
  const file = readdirSync(directory).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? '' : `\n\n${readFileSync(join(directory, file), 'utf8').trim()}`;
  return `${name} ${version} (${license})${text}`;
}
