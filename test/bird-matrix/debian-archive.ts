import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from '../../src/platform/exec.js';

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** What to download from Debian's archive, and where to. */
interface Download {
  readonly suite: string;
  readonly names: readonly string[];
  /** Packages that count as installed, so that neither they nor what they need is downloaded. */
  readonly without?: readonly string[];
  /** Debian's name of it; without it, this machine's. */
  readonly architecture?: string;
  readonly directory: string;
}

/**
 * Downloads packages of a suite with all that they need into `directory`/archives, from the mirror that this machine
 * has its own packages from. apt's own state stays as it is: lists, status and cache are below `directory`. Throws
 * where the suite or a package is not to be had, in apt's words.
 */
export async function downloadPackages(
  run: Run,
  { suite, names, without = [], architecture, directory }: Download,
): Promise<void> {
  for (const place of ['lists/partial', 'archives/partial']) {
    await mkdir(join(directory, place), { recursive: true });
  }
  const trust = (await exists(keyring)) ? `[signed-by=${keyring}] ` : '';
  await writeFile(join(directory, 'sources.list'), `deb ${trust}${await debianMirror(run)} ${suite} main\n`);
  await writeFile(join(directory, 'status'), without.map(installed).join('\n'));
  const aptGet = (...args: readonly string[]) =>
    run('apt-get', [...privateState(directory), ...ofArchitecture(architecture), ...args], {
      timeoutMs: 300_000,
    });
  await aptGet('--error-on=any', 'update');
  await aptGet('--no-install-recommends', '--download-only', '--yes', 'install', ...names);
}

/** A package's entry in dpkg's status file. */
function installed(name: string): string {
  const fields = {
    Package: name,
    Status: 'install ok installed',
    Version: '999',
    Architecture: 'all',
    'Multi-Arch': 'foreign',
    Maintainer: 'none',
    Description: 'none',
  };
  const lines = Object.entries(fields).map(([key, value]) => `${key}: ${value}\n`);
  return lines.join('');
}

function privateState(directory: string): string[] {
  const settings = {
    'Dir::State': directory,
    'Dir::State::lists': join(directory, 'lists'),
    'Dir::State::status': join(directory, 'status'),
    'Dir::Cache': directory,
    'Dir::Cache::archives': join(directory, 'archives'),
    'Dir::Etc::sourcelist': join(directory, 'sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    // Its downloads would have to be made by a user who may not write here.
    'APT::Sandbox::User': 'root',
  };
  return Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
}

function ofArchitecture(name: string | undefined): string[] {
  return name === undefined ? [] : ['-o', `APT::Architecture=${name}`, '-o', `APT::Architectures=${name}`];
}

/** The mirror of Debian that the machine's own sources name. On a new machine apt knows that only after an update. */
export async function debianMirror(run: Run): Promise<string> {
  const known = await findMirror(run);
  if (known !== undefined) return known;
  await run('apt-get', ['update'], { timeoutMs: 300_000 });
  const found = await findMirror(run);
  if (found === undefined) throw new Error("this machine's apt sources name no mirror of Debian");
  return found;
}

async function findMirror(run: Run): Promise<string | undefined> {
  const format = '$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)';
  const { stdout } = await run('apt-get', ['indextargets', '--format', format, 'Created-By: Packages'], {
    timeoutMs: 60_000,
  });
  const debian = 'Debian|Debian|main|';
  const line = stdout.split('\n').find((target) => target.startsWith(debian));
  return line?.slice(debian.length);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
