import { readdir, readFile, readlink } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Run } from '../../../src/platform/exec.js';
import { named, openTunnelHost, until } from './tunnel-host.js';

// The kernel's WireGuard has no daemons: these are wireguard-go's.
let host: Awaited<ReturnType<typeof openTunnelHost>>;
beforeAll(async () => {
  host = await openTunnelHost('wireguard');
});
afterAll(() => host.close());

const observed = async (name: string) => {
  const device = (await host.wireguard.observe()).find((entry) => entry.interface === name);
  return device ?? expect.unreachable(`${name} is not there`);
};

describe('create', () => {
  const descriptors = async (pid: number | 'self', counts = async (_fd: string) => true) => {
    const fds = await readdir(`/proc/${pid}/fd`);
    const targets = await Promise.all(
      fds.map(async (fd) => ((await counts(fd)) ? readlink(`/proc/${pid}/fd/${fd}`).catch(() => '') : '')),
    );
    return new Set(targets.filter((target) => /^(pipe|socket):/.test(target)));
  };

  /** Node opens its own so that a program does not inherit them; what we inherited ourselves is not ours to close. */
  const openedByNode = async (fd: string) => {
    const info = await readFile(`/proc/self/fdinfo/${fd}`, 'utf8').catch(() => '');
    return (Number.parseInt(/^flags:\s*(\d+)$/m.exec(info)?.[1] ?? '0', 8) & 0o2000000) !== 0;
  };

  const setEnvironment = (variables: Readonly<Record<string, string>>) => {
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    onTestFinished(() => void vi.unstubAllEnvs());
  };

  it('leaves a daemon whose environment does not show the token for months', async () => {
    setEnvironment({ MOENET_CP_TOKEN: 'tok-3f9a0c', CREDENTIALS_DIRECTORY: '/run/credentials/x' });
    const before = await host.daemons();
    await host.create(named('wg_environ'));
    const [daemon = 0] = (await host.daemons()).filter((pid) => !before.includes(pid));
    const environment = (await readFile(`/proc/${daemon}/environ`, 'utf8')).split('\0');
    const names = environment.flatMap((line) => line.split('=')[0] || []);
    expect(names).toContain('PATH');
    const ofItsOwn = ['WG_PROCESS_FOREGROUND', 'WG_TUN_FD', 'WG_UAPI_FD'];
    const allowed = ['HOME', 'LC_ALL', 'PATH', 'TMPDIR', 'TZ', ...ofItsOwn];
    expect(names.filter((name) => !allowed.includes(name))).toEqual([]);
    await host.links.apply([{ interface: named('wg_environ'), remove: true }]);
    await until('its daemon has ended', async () => !(await host.daemons()).includes(daemon));
  });

  it('leaves a daemon that depends on nothing of ours, whatever the environment says', async () => {
    const hostile = { WG_PROCESS_FOREGROUND: '', LOG_LEVEL: 'verbose', WG_TUN_FD: '0' };
    setEnvironment(hostile);
    await host.create(named('wg_free'));
    expect(await observed('wg_free')).toMatchObject({ privateKey: undefined, peers: [] });

    const [daemon = 0, ...others] = await host.daemons();
    expect(others).toEqual([]);
    const session = async (pid: number | 'self') =>
      (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /, '').split(' ')[3];
    expect(await session(daemon)).not.toBe(await session('self'));
    expect(await readlink(`/proc/${daemon}/cwd`)).toBe('/');
    const [theirs, ours] = [await descriptors(daemon), await descriptors('self', openedByNode)];
    expect(ours.size).toBeGreaterThan(0);
    expect([...theirs].filter((target) => ours.has(target))).toEqual([]);
  });

  it('starts a daemon that ended right after its start once more', async () => {
    let starts = 0;
    const hasty: Run = async (program, args, options) => {
      const result = await host.namespace.run(program, args, options);
      const isFirst = program === 'wireguard-go' && starts++ === 0;
      if (isFirst) await host.namespace.run('ip', ['link', 'del', 'dev', 'wg_hasty']);
      return result;
    };
    const { failures } = await host.open(hasty).create([named('wg_hasty')]);
    expect([failures.size, starts, (await observed('wg_hasty')).peers]).toEqual([0, 2, []]);
  });

  it('fails with the program’s words, without its banner, where the name is taken', async () => {
    await host.create(named('wg_taken'));
    await expect(host.create(named('wg_taken'))).rejects.toThrow(
      /^wireguard-go wg_taken: Failed to create TUN device: device or resource busy$/,
    );
  });
});
