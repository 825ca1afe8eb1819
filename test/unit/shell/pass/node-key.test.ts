import { expect, it } from 'vitest';
import { makeFakeNode } from '../../../fakes/fake-node.js';
import { makeEntry } from '../../make.js';

const { signal } = new AbortController();
const unreadable =
  'the private key in /k (wireguard.privateKeyPath) cannot be used: it is a FIFO, not a regular file';
const words = `${unreadable}. Until you fix this, the agent sets up and changes no tunnel; running tunnels stay as they are`;
const newcomer = makeEntry({
  uuid: 'def-456',
  interface: 'wg_24002',
  asn: 4242422222 as never,
  listenPort: 24002,
});

it('a private key that cannot be read fails new tunnels only, in words, until it can be read', async () => {
  const node = makeFakeNode();
  const { host, controlPlane } = node;
  const agent = await node.startAgent();
  await agent.refresh(['sessions'], signal);
  await agent.pass();
  const [tunnel, protocols] = [
    JSON.stringify(host.wireguardTable.get('wg_24001')),
    [...host.protocols.keys()],
  ];

  host.breaks.set('keys.read', new Error(unreadable));
  controlPlane.sessions = [makeEntry(), newcomer];
  await agent.refresh(['sessions'], signal);
  await agent.pass();
  expect(JSON.stringify(host.wireguardTable.get('wg_24001'))).toBe(tunnel);
  expect([...host.protocols.keys()]).toEqual([...protocols, 'dn42_4242422222']);
  expect(agent.status().problems).toEqual([words]);
  const states = agent.status().sessions.map(({ uuid, state, error }) => [uuid, state, error]);
  expect(states).toEqual([
    ['abc-123', 'ok', undefined],
    ['def-456', 'error', words],
  ]);
  expect(controlPlane.told.modify.slice(-1)).toMatchObject([
    { uuid: 'def-456', status: 'error', error: words },
  ]);

  host.breaks.clear();
  host.nowMs += 3_600_000;
  await agent.pass();
  expect(agent.status()).toMatchObject({ health: 'ok', problems: [] });
  expect(host.wireguardTable.get('wg_24002')?.peers).toHaveLength(1);
});

it('an unreadable private key does not count as a missing one', async () => {
  const node = makeFakeNode();
  node.host.breaks.set('keys.read', new Error(unreadable));
  const agent = await node.startAgent();
  await agent.refresh(['sessions'], signal);
  await agent.pass();
  expect(node.host.hasKey).toBe(false);
  expect(agent.status().problems).toEqual([words]);
});

it('a public key file that is not the agent\u2019s is a problem of the node, and of no session', async () => {
  const node = makeFakeNode();
  const problem = 'the agent does not write the public key to /p';
  const { read } = node.host.keys;
  const keys = { ...node.host.keys, read: async () => ({ ...(await read()), problem }) };
  Object.assign(node.host, { keys });
  node.host.hasKey = true;
  const agent = await node.startAgent();
  await agent.refresh(['sessions'], signal);
  await agent.pass();
  expect(agent.status().problems).toEqual([problem]);
  expect(node.controlPlane.told.modify).toMatchObject([{ status: 'active' }]);
});

it('what there is to say of the configuration stands among the notes, and is no fault', async () => {
  const node = makeFakeNode();
  node.configNotes = ['bootstrap.apiUrl is plain HTTP'];
  const agent = await node.startAgent();
  expect(agent.status().notes).toEqual(node.configNotes);
  await agent.refresh(['sessions'], signal);
  await agent.pass();
  expect(agent.status()).toMatchObject({ health: 'ok', notes: node.configNotes });
});

it('a key pair that cannot be made is a problem of the node, in words', async () => {
  const node = makeFakeNode();
  const create = () => Promise.reject(new Error('no space left on the device'));
  Object.assign(node.host, { keys: { ...node.host.keys, create } });
  const agent = await node.startAgent();
  await agent.refresh(['sessions'], signal);
  await agent.pass();
  expect(agent.status().problems).toEqual([
    'no space left on the device',
    expect.stringContaining('there is no WireGuard key pair'),
  ]);
});
