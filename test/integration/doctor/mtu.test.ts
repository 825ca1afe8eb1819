import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Patient } from '../../../src/doctor/check.js';
import { mtuCheck } from '../../../src/doctor/checks/mtu.js';
import { type Namespace, openNamespace } from '../../../src/lab/namespace.js';
import { makeEntry, v6 } from '../../unit/make.js';
import { until } from '../host/tunnel-host.js';

const { signal } = new AbortController();
let node: Namespace;
let neighbor: Namespace;

/** A link whose far end takes no packet that is larger than its own MTU, as a path with a narrow place. */
async function linkUp(name: string, mtu: number): Promise<void> {
  await node.run('ip', [
    'link',
    'add',
    name,
    'type',
    'veth',
    'peer',
    'name',
    name,
    'netns',
    String(neighbor.pid),
  ]);
  await node.run('ip', ['link', 'set', name, 'mtu', '1420', 'up']);
  await neighbor.run('ip', ['link', 'set', name, 'mtu', String(mtu), 'up']);
  await neighbor.run('ip', ['addr', 'add', 'fe80::2/64', 'dev', name, 'nodad']);
  await until(`${name} carries packets`, async () => {
    const { exitCode } = await node.run('ping', ['-6', '-c', '1', '-W', '1', '-I', name, 'fe80::2'], {
      okExitCodes: [1, 2],
    });
    return exitCode === 0;
  });
}

beforeAll(async () => {
  node = await openNamespace('node');
  neighbor = await openNamespace('neighbor');
  await linkUp('wg_24001', 1420);
  await linkUp('wg_24002', 1300);
});

afterAll(async () => {
  await node.close();
  await neighbor.close();
});

it('finds the tunnel that does not carry packets as large as its MTU', async () => {
  const sessions = [
    makeEntry({ ipv6LinkLocal: v6('fe80::2') }),
    makeEntry({ uuid: 'abc-124', interface: 'wg_24002', ipv6LinkLocal: v6('fe80::2') }),
    makeEntry({ uuid: 'abc-125', interface: 'wg_24003', ipv6LinkLocal: v6('fe80::2') }),
  ];
  const patient = { run: node.run, stored: { sessions } } as unknown as Patient;
  const findings = await mtuCheck.look(patient, signal);
  expect(findings.map(({ level, text }) => `${level}: ${text}`)).toEqual([
    'warning: packets of 1420 bytes do not come through wg_24002 (AS4242421080), and small ones do: the MTU of the session is too large for the path',
    'ok: packets as large as the MTU come through 1 of 3 tunnels; 1 neighbor answers no pings',
  ]);
});
