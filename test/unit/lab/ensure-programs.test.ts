import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  ensurePrograms,
  installLine,
  MissingProgramsError,
  missingPrograms,
  type ProgramName,
} from '../../../src/lab/ensure-programs.js';
import { childEnvironment } from '../../../src/platform/child-environment.js';
import { ProgramError, type Run } from '../../../src/platform/exec.js';

describe('missingPrograms', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'moenet-path-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('finds executable files in any directory of the path, and nothing else', async () => {
    await writeFile(join(directory, 'wg'), '');
    await chmod(join(directory, 'wg'), 0o755);
    await mkdir(join(directory, 'bird'));
    const path = `/nonexistent:${directory}`;
    expect(await missingPrograms(['bird', 'wg', 'fping'], path)).toEqual(['bird', 'fping']);
  });
});

describe('installLine', () => {
  it('is one line, each package once', () => {
    expect(installLine(['wg', 'unshare', 'bird', 'nsenter'])).toBe(
      'apt-get install --no-install-recommends -y bird2 util-linux wireguard-tools',
    );
  });
});

/** A Debian machine: packages are found once the lists were fetched, and bring their programs. */
function fakeDebian(facts: { lists: boolean; available: readonly string[] }) {
  const installed = new Set<ProgramName>(['ip']);
  const programs: Record<string, ProgramName> = { fping: 'fping', bird2: 'bird', iproute2: 'ip' };
  const commands: string[] = [];
  const environments = new Set<string>();
  let { lists } = facts;
  const run: Run = async (program, args, options) => {
    const [action = '', ...rest] = args.slice(2);
    if (program !== 'apt-get') throw new Error(`unknown: ${program}`);
    commands.push(action);
    environments.add(Object.keys(options?.env ?? {}).join());
    if (action === 'update') lists = true;
    const packages = rest.filter((word) => !word.startsWith('-'));
    if (action === 'install' && !(lists && packages.every((name) => facts.available.includes(name)))) {
      const stderr = 'E: Unable to locate package';
      throw new ProgramError({ program, exitCode: 100, stderr, missing: false, message: stderr });
    }
    for (const name of packages) installed.add(programs[name] ?? 'wg');
    return { stdout: '', stderr: '', exitCode: 0 };
  };
  const find = async (names: readonly ProgramName[]) => names.filter((name) => !installed.has(name));
  return { run, find, commands, environments };
}

describe('ensurePrograms', () => {
  const log = () => {};

  it('runs nothing where all is there', async () => {
    const { run, find, commands } = fakeDebian({ lists: true, available: [] });
    await ensurePrograms({ names: ['ip'], install: true, root: true, run, find, log });
    expect(commands).toEqual([]);
  });

  it('installs what is missing, without questions and without starting daemons', async () => {
    const { run, find, commands, environments } = fakeDebian({ lists: true, available: ['bird2', 'fping'] });
    const said: string[] = [];
    const names = ['ip', 'bird', 'fping'] as const;
    await ensurePrograms({ names, install: true, root: true, run, find, log: (text) => said.push(text) });
    expect(await find(names)).toEqual([]);
    expect(commands).toEqual(['install']);
    expect([...environments].join()).toMatch(/DEBIAN_FRONTEND.*RUNLEVEL.*SYSTEMD_OFFLINE/);
    expect(said).toEqual(['installing bird, fping: apt-get install --no-install-recommends -y bird2 fping']);
  });

  it('lets apt-get know of the proxy, which no other program hears of', async () => {
    vi.stubEnv('https_proxy', 'http://user:word@proxy.example.net:3128');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { run, find, environments } = fakeDebian({ lists: true, available: ['fping'] });
    await ensurePrograms({ names: ['fping'], install: true, root: true, run, find, log });
    expect([...environments].join()).toContain('https_proxy');
    expect(childEnvironment()).not.toHaveProperty('https_proxy');
  });

  it('fetches the package lists where they are not there', async () => {
    const { run, find, commands } = fakeDebian({ lists: false, available: ['fping'] });
    await ensurePrograms({ names: ['fping'], install: true, root: true, run, find, log });
    expect(commands).toEqual(['install', 'update', 'install']);
  });

  it('names what cannot be had, with the line and the cause', async () => {
    const { run, find } = fakeDebian({ lists: true, available: [] });
    const failure = ensurePrograms({ names: ['bird', 'ip'], install: true, root: true, run, find, log });
    await expect(failure).rejects.toThrow(
      'bird is not installed: apt-get install --no-install-recommends -y bird2',
    );
    await expect(failure).rejects.toBeInstanceOf(MissingProgramsError);
    await expect(failure).rejects.toMatchObject({ programs: ['bird'], cause: expect.any(ProgramError) });
  });

  it.each([
    { install: false, root: true },
    { install: true, root: false },
  ])('installs nothing with %o', async (how) => {
    const { run, find, commands } = fakeDebian({ lists: true, available: ['fping', 'bird2'] });
    const failure = ensurePrograms({ names: ['bird', 'fping'], ...how, run, find, log });
    await expect(failure).rejects.toThrow('bird, fping are not installed: apt-get install');
    expect(commands).toEqual([]);
  });
});
