import { access, constants, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { childEnvironment, searchPath } from '../platform/child-environment.js';
import type { Run } from '../platform/exec.js';
import { agentPackages, installCommand } from '../platform/install-hint.js';

/** The programs that the agent, its lab and its tests start, and the Debian package of each. */
const packages = {
  ...agentPackages,
  'aarch64-linux-gnu-strip': 'binutils-aarch64-linux-gnu',
  chromium: 'chromium',
  cpio: 'cpio',
  debootstrap: 'debootstrap',
  fish: 'fish',
  groff: 'groff-base',
  man: 'man-db',
  nsenter: 'util-linux',
  openssl: 'openssl',
  'qemu-aarch64-static': 'qemu-user-static',
  'qemu-system-x86_64': 'qemu-system-x86',
  setpriv: 'util-linux',
  'systemd-analyze': 'systemd',
  'systemd-nspawn': 'systemd-container',
  unshare: 'util-linux',
  vtysh: 'frr',
  'x86_64-linux-gnu-strip': 'binutils-x86-64-linux-gnu',
  zsh: 'zsh',
} as const;

export type ProgramName = keyof typeof packages;

/** Programs that are not installed. `command` is the one line that installs them. */
export class MissingProgramsError extends Error {
  readonly programs: readonly ProgramName[];
  readonly command: string;

  constructor(programs: readonly ProgramName[], cause?: unknown) {
    const command = installLine(programs);
    const verb = programs.length === 1 ? 'is' : 'are';
    super(`${programs.join(', ')} ${verb} not installed: ${command}`, { cause });
    this.name = 'MissingProgramsError';
    this.programs = programs;
    this.command = command;
  }
}

/** Those of the programs that are in none of the directories of `path` (separated by colons). */
export async function missingPrograms(
  names: readonly ProgramName[],
  path: string = searchPath(),
): Promise<readonly ProgramName[]> {
  const found = await Promise.all(names.map((name) => isInstalled(name, path)));
  return names.filter((_, index) => !found[index]);
}

/**
 * Makes sure that the programs are there, by apt-get where `install` is true, the process is root and the machine has
 * apt-get. Throws `MissingProgramsError` where they are not there in the end. `log` hears what is being done.
 */
export async function ensurePrograms(options: {
  readonly names: readonly ProgramName[];
  readonly install: boolean;
  readonly run: Run;
  readonly log: (text: string) => void;
  readonly find?: (names: readonly ProgramName[]) => Promise<readonly ProgramName[]>;
  readonly root?: boolean;
}): Promise<void> {
  const { names, install, run, log, find = missingPrograms, root = process.getuid?.() === 0 } = options;
  const missing = await find(names);
  if (missing.length === 0) return;
  if (!install || !root) throw new MissingProgramsError(missing);
  log(`installing ${missing.join(', ')}: ${installLine(missing)}`);
  const failure = await installPackages(run, packagesOf(missing)).catch((error: unknown) => error);
  const still = await find(missing);
  if (still.length > 0) throw new MissingProgramsError(still, failure);
}

/** The Debian packages of the programs, sorted, each once. */
function packagesOf(names: readonly ProgramName[]): readonly string[] {
  return [...new Set(names.map((name) => packages[name]))].sort();
}

/** The line that installs the programs. */
export function installLine(names: readonly ProgramName[]): string {
  return installCommand(packagesOf(names)).join(' ');
}

async function isInstalled(name: string, path: string): Promise<boolean> {
  for (const directory of path.split(':').filter((entry) => entry !== '')) {
    const file = join(directory, name);
    const executable = await access(file, constants.X_OK).then(
      () => stat(file),
      () => undefined,
    );
    if (executable?.isFile()) return true;
  }
  return false;
}

/** Package lists may be absent or old (a fresh container): only then they are fetched, for that takes long. */
async function installPackages(run: Run, names: readonly string[]): Promise<void> {
  const [program = '', ...install] = installCommand(names);
  const aptGet = (args: readonly string[]) =>
    run(program, ['-o', 'DPkg::Lock::Timeout=120', ...args], {
      env: { ...childEnvironment(ofAptGet), ...quietly },
      timeoutMs: 600_000,
    });
  try {
    await aptGet(install);
  } catch {
    await aptGet(['update']);
    await aptGet(install);
  }
}

/** Where it may have to go through a proxy, and where its configuration is (apt.conf(5)). */
const ofAptGet = [
  ...['http_proxy', 'https_proxy', 'ftp_proxy', 'all_proxy', 'no_proxy'].flatMap((name) => [
    name,
    name.toUpperCase(),
  ]),
  'APT_CONFIG',
  'DEBCONF_FRONTEND',
  'DEBIAN_PRIORITY',
];

/**
 * No questions, and no daemons: Debian's bird2 starts a BIRD on the machine when it is installed. With SYSTEMD_OFFLINE
 * systemctl ignores "start" as in a chroot (systemd, ENVIRONMENT.md); sysvinit's runlevel takes RUNLEVEL for the
 * present one, and in 1 nothing is started. BIRD then starts with the machine, or when the operator starts it.
 */
const quietly = {
  DEBIAN_FRONTEND: 'noninteractive',
  NEEDRESTART_SUSPEND: '1',
  RUNLEVEL: '1',
  PREVLEVEL: 'N',
  SYSTEMD_OFFLINE: '1',
};
