import { chmod, copyFile, mkdtemp, rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPinger } from '../../../src/adapters/fping/pinger.js';
import { type Namespace, openNamespace } from '../../../src/lab/namespace.js';
import { type Run, run } from '../../../src/platform/exec.js';
import { until } from './tunnel-host.js';

let [near, far]: Namespace[] = [];
beforeAll(async () => {
  near = await openNamespace('near');
  far = await openNamespace('far');
  await near.run('ip', ['link', 'add', 'va', 'type', 'veth', 'peer', 'name', 'vb', 'netns', String(far.pid)]);
  await equip(near, 'va', '1');
  await equip(far, 'vb', '2');
});
afterAll(async () => {
  await near?.close();
  await far?.close();
});

async function equip(host: Namespace, dev: string, number: string): Promise<void> {
  await host.run('ip', ['link', 'set', 'dev', dev, 'addrgenmode', 'none']);
  for (const address of [`192.0.2.${number}/24`, `2001:db8::${number}/64`, `fe80::${number}/64`])
    await host.run('ip', ['addr', 'add', address, 'dev', dev, ...(address.includes(':') ? ['nodad'] : [])]);
  await host.run('ip', ['link', 'set', 'dev', dev, 'up']);
}

/** The near host's programs, without `missing`. Its names of commands come into `commands`. */
function programsWithout(missing: readonly string[], commands: string[] = []): Run {
  const host = near ?? expect.unreachable();
  return async (program, args, options) => {
    commands.push(program);
    // An empty PATH leads to the error that the real one gives.
    return missing.includes(program)
      ? run(`/nowhere/${program}`, args, options)
      : host.run(program, args, options);
  };
}

it.each([
  ['fping', [], ['fping']],
  ['ping', ['fping'], ['fping', ...Array.from({ length: 7 }, () => 'ping')]],
] as const)(
  'measures IPv4, IPv6 and link-local targets with %s, and tells the lost from the answered',
  async (_program, missing, expected) => {
    const commands: string[] = [];
    const pinger = openPinger({ run: programsWithout(missing, commands), timeoutMs: 300 });
    await until(
      'the link is up',
      async () => (await pinger.ping(['fe80::2%va'])).get('fe80::2%va')?.loss === 0,
    );

    const answering = ['fe80::2%va', '192.0.2.2', '2001:db8::2'];
    const lost = ['fe80::9%va', '192.0.2.9', '198.51.100.1', 'fe80::2%gone', 'not an address'];
    commands.length = 0;
    const results = await pinger.ping([...answering, ...lost]);
    expect(commands).toEqual(expected);
    expect([...results.keys()].sort()).toEqual([...answering, ...lost].sort());
    for (const target of answering) {
      expect(results.get(target)?.loss).toBe(0);
      expect(results.get(target)?.rttMs).toBeGreaterThan(0);
      expect(results.get(target)?.rttMs).toBeLessThan(300);
    }
    for (const target of lost) expect(results.get(target)).toEqual({ rttMs: undefined, loss: 1 });
  },
);

it('names fping where neither is installed', async () => {
  const pinger = openPinger({ run: programsWithout(['fping', 'ping']) });
  await expect(pinger.ping(['192.0.2.2'])).rejects.toThrow('fping: is not installed');
});

it('does not take a ping that may not ask for a silent target', async () => {
  const host = near ?? expect.unreachable();
  const directory = await mkdtemp('/tmp/moenet-agent-ping-');
  try {
    // A copy has not the capability of the original, and the user nobody has none either.
    const { stdout: original } = await run('/bin/sh', ['-c', 'readlink -f "$(command -v ping)"']);
    await chmod(directory, 0o755);
    await copyFile(original, `${directory}/ping`);
    const nobody = ['--reuid=65534', '--regid=65534', '--clear-groups', '--'];
    const unprivileged: Run = (program, args, options) =>
      program === 'fping'
        ? run('/nowhere/fping', args, options)
        : host.run('setpriv', [...nobody, `${directory}/ping`, ...args], options);
    await host.run('sysctl', ['-qw', 'net.ipv4.ping_group_range=1 0']);
    await expect(openPinger({ run: unprivileged }).ping(['192.0.2.2'])).rejects.toThrow(/^ping: .*socket/s);
  } finally {
    await rm(directory, { recursive: true });
  }
});

it('asks a thousand targets at once', async () => {
  const host = near ?? expect.unreachable();
  const targets = Array.from({ length: 1000 }, (_, index) => `127.1.${index >> 8}.${index & 255}`);
  const results = await openPinger({ run: host.run, count: 1 }).ping(targets);
  expect(results.size).toBe(1000);
  expect([...results.values()].filter(({ loss }) => loss === 0).length).toBeGreaterThan(990);
});
