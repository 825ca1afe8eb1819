import { createHash } from 'node:crypto';
import {
  access,
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Run } from '../../src/platform/exec.js';
import { downloadPackages } from '../bird-matrix/debian-archive.js';
import { keepModules } from './modules.js';
import { modules, packages, projectInside, suite, unneededPackages, userspaceDirectory } from './recipe.js';

/** What QEMU boots: the kernel, and the whole system as the kernel's first file system. */
export interface Image {
  readonly kernel: string;
  readonly root: string;
}

const cache = fileURLToPath(new URL('../../.cache/kernel/', import.meta.url));
const guest = (file: string) => fileURLToPath(new URL(`guest/${file}`, import.meta.url));
/** Where `guest/node` expects it. */
const nodeInside = 'usr/lib/node/node';
const recipes = ['image.ts', 'modules.ts', 'recipe.ts', 'guest/init', 'guest/node'];

/**
 * The image, from the cache or made of Debian's packages and this machine's Node. In the cache its directory is only ever
 * complete: it is built aside and then takes its name, which says what it is made of. Throws where Debian's archive, or
 * this machine's way to it, does not have a part.
 */
export async function fetchImage(run: Run, log: (text: string) => void): Promise<Image> {
  const directory = join(cache, await nameOfImage());
  if (!(await exists(directory))) {
    log(`making the virtual machine: ${directory}`);
    await mkdir(cache, { recursive: true });
    const aside = await mkdtemp(join(cache, '.new-'));
    try {
      await build(run, aside);
      await rename(join(aside, 'image'), directory).catch(async (error: unknown) => {
        // Somebody else was faster.
        if (!(await exists(directory))) throw error;
      });
      await removeFormer(directory);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`the virtual machine cannot be made, and its tests are not skipped: ${why}`, { cause });
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
  }
  return { kernel: join(directory, 'vmlinuz'), root: join(directory, 'root.cpio') };
}

/** A hash of all that the image is made of; which versions of the packages it has is up to the day on which it is made. */
async function nameOfImage(): Promise<string> {
  const hash = createHash('sha256').update(`${process.version} ${(await stat(process.execPath)).size}`);
  for (const file of recipes) hash.update(await readFile(new URL(file, import.meta.url)));
  return hash.digest('hex').slice(0, 16);
}

async function build(run: Run, aside: string): Promise<void> {
  const [apt, root, image] = ['apt', 'root', 'image'].map((name) => join(aside, name)) as [
    string,
    string,
    string,
  ];
  await downloadPackages(run, { suite, names: packages, without: unneededPackages, directory: apt });
  for (const directory of [root, image]) await mkdir(directory);
  const archives = (await readdir(join(apt, 'archives'))).filter((name) => name.endsWith('.deb'));
  const unpack = (name: string) =>
    run('dpkg-deb', ['-x', join(apt, 'archives', name), root], { timeoutMs: 300_000 });
  // The kernel takes as long as all others, and no other package has its files.
  const isKernel = (name: string) => name.startsWith('linux-image-');
  await Promise.all([
    inTurn(archives.filter(isKernel), unpack),
    inTurn(
      archives.filter((name) => !isKernel(name)),
      unpack,
    ),
  ]);
  const [kernel = ''] = (await readdir(join(root, 'boot'))).filter((name) => name.startsWith('vmlinuz-'));
  await rename(join(root, 'boot', kernel), join(image, 'vmlinuz'));
  await keepModules(join(root, 'lib/modules', kernel.slice('vmlinuz-'.length)), modules);
  for (const unused of ['boot', 'usr/share']) await rm(join(root, unused), { recursive: true });
  await finish(root);
  await pack(run, root, join(image, 'root.cpio'));
}

async function inTurn(names: readonly string[], work: (name: string) => Promise<unknown>): Promise<void> {
  for (const name of names) await work(name);
}

/** Adds what packages would make when they are configured, Node, and the first process. */
async function finish(root: string): Promise<void> {
  const userspace = join(root, userspaceDirectory);
  for (const directory of [
    'dev',
    'etc',
    'proc',
    'root',
    'run',
    'sys',
    'tmp',
    'usr/bin',
    'usr/lib/node',
    'var',
    projectInside,
    userspaceDirectory,
  ])
    await mkdir(join(root, directory), { recursive: true });
  const files = {
    'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n',
    'etc/group': 'root:x:0:\n',
    'etc/hosts': '127.0.0.1 localhost\n',
    'etc/nsswitch.conf': 'hosts: files\n',
  };
  for (const [path, text] of Object.entries(files)) await writeFile(join(root, path), text);
  await rename(join(root, 'usr/bin/wireguard-go'), join(userspace, 'wireguard-go'));
  await copyFile(process.execPath, join(root, nodeInside));
  for (const [file, path] of [
    ['init', 'init'],
    ['node', 'usr/bin/node'],
  ] as const) {
    await copyFile(guest(file), join(root, path));
    await chmod(join(root, path), 0o755);
  }
}

/** An archive that the kernel unpacks into memory, uncompressed: to expand it there takes longer than to read it. */
async function pack(run: Run, root: string, archive: string): Promise<void> {
  const { stdout } = await run('find', [root, '-mindepth', '1', '-printf', '%P\\n']);
  const args = [
    '--create',
    '--format=newc',
    '--owner=+0:+0',
    `--directory=${root}`,
    `--file=${archive}`,
    '--quiet',
  ];
  await run('cpio', args, { input: `${stdout}\n`, timeoutMs: 120_000 });
}

/** Each image has some hundred megabytes, and only the newest is of use. */
async function removeFormer(directory: string): Promise<void> {
  const names = (await readdir(dirname(directory))).filter((name) => !name.startsWith('.'));
  const former = names.map((name) => join(dirname(directory), name)).filter((path) => path !== directory);
  for (const path of former) await rm(path, { recursive: true, force: true });
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
