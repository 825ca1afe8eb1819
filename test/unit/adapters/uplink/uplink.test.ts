import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseGateways, parseNameServers } from '../../../../src/adapters/uplink/parse.js';
import { openUplink } from '../../../../src/adapters/uplink/uplink.js';

let directory: string;
const path = (name: string) => join(directory, name);
const apiUrl = 'https://api.example.net:8443/cp';
const open = () =>
  openUplink({
    apiUrl,
    paths: { resolvConf: path('resolv.conf'), resolvedConf: path('resolved.conf'), routes: path('route') },
  });
const resolversOf = async (uplink = open()) => (await uplink.observe()).resolvers;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'moenet-uplink-'));
});
afterEach(() => rm(directory, { recursive: true }));

describe('the resolvers of the machine', () => {
  it('are the name servers of resolv.conf that are elsewhere, sorted', async () => {
    const lines = [
      '# nameserver 10.0.0.1',
      ' nameserver 10.0.0.2',
      'nameserver 172.31.0.2',
      'nameserver\t10.0.0.53 # the second',
      'nameserver 10.0.0.53',
      'nameserver FD00::0053',
      'nameserver fe80::1%eth0',
      'nameserver 127.0.0.1',
      'nameserver ::1',
      'nameserver 0.0.0.0',
      'nameserver dns.example.net',
      'search example.net',
    ];
    await writeFile(path('resolv.conf'), lines.join('\n'));
    expect(await resolversOf()).toEqual(['10.0.0.53', '172.31.0.2', 'fd00::53']);
  });

  it.each(['127.0.0.53', '127.0.0.54'])(
    'are those behind systemd-resolved where it names %s',
    async (stub) => {
      await writeFile(path('resolved.conf'), 'nameserver 10.0.0.2\n');
      await writeFile(path('stub.conf'), `nameserver ${stub}\noptions edns0\n`);
      await symlink(path('stub.conf'), path('resolv.conf'));
      expect(await resolversOf()).toEqual(['10.0.0.2']);
    },
  );

  it('are not those of systemd-resolved where nobody asks it', async () => {
    await writeFile(path('resolved.conf'), 'nameserver 10.0.0.2\n');
    await writeFile(path('resolv.conf'), 'nameserver 10.0.0.3\n');
    expect(await resolversOf()).toEqual(['10.0.0.3']);
  });

  it('stay what they were while the file cannot be read', async () => {
    const uplink = open();
    await writeFile(path('resolv.conf'), 'nameserver 10.0.0.2\n');
    await resolversOf(uplink);
    await rm(path('resolv.conf'));
    expect(await resolversOf(uplink)).toEqual(['10.0.0.2']);
    await writeFile(path('resolv.conf'), '');
    expect(await resolversOf(uplink)).toEqual([]);
  });

  it('are read from the beginning of a file without end, and from no FIFO', async () => {
    await writeFile(
      path('resolv.conf'),
      `nameserver 10.0.0.2\n${'#'.repeat(200_000)}\nnameserver 10.0.0.3\n`,
    );
    expect(await resolversOf()).toEqual(['10.0.0.2']);
    await rm(path('resolv.conf'));
    execFileSync('mkfifo', [path('resolv.conf')]);
    expect(await resolversOf()).toEqual([]);
    await rm(path('resolv.conf'));
    await symlink('/dev/zero', path('resolv.conf'));
    expect(await resolversOf()).toEqual([]);
  });

  it('never include what is no address', () => {
    expect(parseNameServers('nameserver\nnameserver \nnameserver 1.2.3\nnameserver 300.1.1.1')).toEqual([]);
  });
});

describe('the gateways of the machine', () => {
  const header = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT';
  const rows = [
    header,
    'eth0\t00000000\t01011FAC\t0003\t0\t0\t100\t00000000\t0\t0\t0   ',
    'wg0\t00000000\t00000000\t0001\t0\t0\t200\t00000000\t0\t0\t0   ',
    'eth1\t0000000A\t0100000A\t0003\t0\t0\t0\t000000FF\t0\t0\t0   ',
    'eth2\t00000000\t0100000A\t0002\t0\t0\t0\t00000000\t0\t0\t0   ',
  ];

  it('are those of the default routes that are up', async () => {
    expect(parseGateways(rows.join('\n'), 'LE')).toEqual([{ address: '172.31.1.1', interface: 'eth0' }]);
    expect(parseGateways(rows.join('\n').replace('01011FAC', 'AC1F0101'), 'BE')).toEqual([
      { address: '172.31.1.1', interface: 'eth0' },
    ]);
  });

  it('are none where the file says nothing', async () => {
    expect((await open().observe()).gateways).toEqual([]);
    expect(parseGateways(`${header}\nnonsense\n`, 'LE')).toEqual([]);
  });
});

it.each([
  [apiUrl, 'api.example.net'],
  ['http://10.99.0.1:8080', '10.99.0.1'],
  ['https://[fd99::1]/', 'fd99::1'],
])('the control plane at %s has the host %s', (url, host) => {
  expect(openUplink({ apiUrl: url }).controlPlaneHost).toBe(host);
});
