import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openBird } from '../../../../src/adapters/bird/open-bird.js';
import type { IpAddress } from '../../../../src/core/model/values/ip.js';
import { type BirdDaemon, type BirdDaemonOptions, startBirdDaemon } from '../../../fakes/bird-daemon.js';

const restrict = { restrict: '0016 Access restricted\n' };
const address = '172.20.0.53' as IpAddress;
let directory = '';
let bird: BirdDaemon | undefined;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'moenet-look-up-'));
});

afterEach(async () => {
  await bird?.close();
  bird = undefined;
  await rm(directory, { recursive: true });
});

async function start(replies: NonNullable<BirdDaemonOptions['replies']>) {
  bird = await startBirdDaemon(join(directory, 'bird.ctl'), { replies });
  return bird;
}

const open = () =>
  openBird({
    configDir: directory,
    controlSocket: join(directory, 'bird.ctl'),
    mode: 'full',
    run: () => Promise.reject(new Error('no program')),
  });
const tables = () => open().tables;

it('asks on a restricted session, in the table of the address', async () => {
  const reply = '1007-Table master4:\n 172.20.0.53/32 unicast\n1008-\tType: BGP univ\n0000 \n';
  const { commands } = await start({ ...restrict, 'show route table master4 for 172.20.0.53 all': reply });
  expect(await tables().routes(address)).toEqual([
    'Table master4:',
    '172.20.0.53/32 unicast',
    '\tType: BGP univ',
  ]);
  expect(commands).toEqual(['restrict', 'show route table master4 for 172.20.0.53 all']);
});

it('has no routes where BIRD has none', async () => {
  await start({ ...restrict, 'show route table master6 for fd42::/48 all': '8001 Network not found\n' });
  expect(await tables().routes('fd42::/48' as IpAddress)).toEqual([]);
});

it('asks nothing where the session is not restricted', async () => {
  const { commands } = await start({ restrict: '9001 syntax error\n' });
  await expect(tables().routes(address)).rejects.toThrow('BIRD does not restrict the session: 9001');
  expect(commands).toEqual(['restrict']);
});

it('counts over both tables, large communities too', async () => {
  const count = (ipv4: number, ipv6: number) =>
    `1007-${ipv4} of 9 routes for 9 networks in table master4\n ${ipv6} of 5 routes for 5 networks in table master6\n0014 Total: x\n`;
  const both = 'show route table master4 table master6';
  await start({
    ...restrict,
    [`${both} count`]: count(9, 5),
    [`${both} where (64511, 4) ~ bgp_community count`]: count(3, 2),
    [`${both} where (4242420998, 1, 100) ~ bgp_large_community count`]: count(0, 1),
  });
  const questions = [
    { category: 'latency', key: '3', value: [64511, 4] },
    { category: 'region', key: 'as', value: [4242420998, 1, 100] },
  ] as const;
  expect(await tables().count(questions)).toEqual({ total: 14, counts: [5, 1] });
});

it('restarts a protocol, and says what BIRD does not', async () => {
  await start({
    'restart "dn42_4242420001"': '0012-dn42_4242420001: restarted\n0000 \n',
    'restart "dn42_4242420002"': '8003 No protocols match\n',
    'restart "dn42_4242420003"': '0008-dn42_4242420003: already disabled\n0000 \n',
  });
  const { restart } = open();
  await restart('dn42_4242420001');
  await expect(restart('dn42_4242420002')).rejects.toThrow('No protocols match');
  await expect(restart('dn42_4242420003')).rejects.toThrow('already disabled');
  await expect(restart('x" all')).rejects.toThrow('not the name of a BIRD protocol');
});
