import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { rolldown } from 'rolldown';
import { forExecutable } from '../rolldown.config.js';
import { architectures, chosen } from './architectures.mjs';
import { run } from './run.mjs';
import { root } from './version.mjs';

const modules = fileURLToPath(new URL('node_modules/', import.meta.url));
/** What rolldown.config.js makes. Relative, because the executable has this name in it: the same bytes from every directory. */
const bundle = '.cache/executable';
/** The program without the runtime around it. `buildExecutables` makes it. */
export const bundledProgram = `${bundle}/main.cjs`;

/** What node looks for in itself to know that a program is inside (nodejs.org/api/single-executable-applications.html). */
const sentinelFuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

const configuration = {
  main: bundledProgram,
  output: `${bundle}/main.blob`,
  disableExperimentalSEAWarning: true,
  // A code cache differs from build to build.
  useCodeCache: false,
  // NODE_OPTIONS is for the programs that are written for Node; this one is for operators.
  execArgvExtension: 'none',
  // As in systemd/moenet-agent.service: Node keeps up to 48 MB for new objects by itself.
  execArgv: ['--max-semi-space-size=2'],
};

/**
 * Builds `moenet-agent-linux-ARCH` in `directory` for each of `names`: Node with the program inside. Beside them
 * `LICENCES.txt`: those of Node and of the packages in the program. Returns the paths by architecture.
 */
export async function buildExecutables(names, directory) {
  run('npm', ['run', '--silent', 'setup:release']);
  await (await rolldown(forExecutable)).write(forExecutable.output);
  await writeFile(join(root, bundle, 'sea.json'), JSON.stringify(configuration));
  run(nodeOf(builder()), ['--experimental-sea-config', `${bundle}/sea.json`]);
  await mkdir(directory, { recursive: true });
  const built = {};
  for (const name of names) {
    built[name] = join(directory, `moenet-agent-linux-${name}`);
    await inject(name, built[name]);
  }
  await writeFile(join(directory, 'LICENCES.txt'), await licences());
  return built;
}

/** The architecture of this machine. */
function builder() {
  const found = Object.keys(architectures).find((name) => architectures[name].nodeArch === process.arch);
  if (found === undefined) throw new Error(`a release is built on x86-64 or arm64, not on ${process.arch}`);
  return found;
}

function nodeOf(name) {
  return join(modules, architectures[name].node, 'bin/node');
}

/** Copies Node without its symbols to `path`, and puts the program into it. */
async function inject(name, path) {
  const { strip, stripPackage } = architectures[name];
  await copyFile(nodeOf(name), path);
  await chmod(path, 0o755);
  run(strip, ['--strip-unneeded', path], { hint: ` (apt-get install ${stripPackage})` });
  const postject = join(modules, 'postject/dist/cli.js');
  run(process.execPath, [
    postject,
    path,
    'NODE_SEA_BLOB',
    configuration.output,
    '--sentinel-fuse',
    sentinelFuse,
  ]);
}

async function licences() {
  const own = await readFile(join(root, 'LICENSE'), 'utf8');
  const node = await readFile(join(modules, architectures.amd64.node, 'LICENSE'), 'utf8');
  const packages = await readFile(join(root, bundle, 'LICENCES.txt'), 'utf8');
  const line = `\n${'='.repeat(80)}\n`;
  return [
    `moenet-agent\n\n${own.trim()}\n`,
    `\nThe packages in it:\n\n${packages.trim()}\n`,
    `\nNode.js, its runtime, with all that is in it:\n\n${node.trim()}\n`,
  ].join(line);
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({ options: { out: { type: 'string' } }, allowPositionals: true });
  const built = await buildExecutables(chosen(positionals), resolve(root, values.out ?? 'release'));
  for (const path of Object.values(built)) console.log(path);
}
