import { expect, it } from 'vitest';
import type { Orders } from '../../../src/core/desired/input.js';
import { nftSet } from '../../../src/core/model/values/port-set.js';
import { describeChange } from '../../../src/core/plan/plan.js';
import { reconcile } from '../../../src/shell/pass/pass.js';
import { makeEntry } from '../make.js';
import { makePassedNode, signal, snapshot } from './pass/passed-node.js';

type Sessions = Parameters<typeof snapshot>[0];

const set = nftSet.parse('inet filter moenet_ports');

async function openNode() {
  const node = await makePassedNode();
  const pass = (sessions: Sessions = [makeEntry()], orders: Orders = {}) =>
    reconcile(
      { ...node.context, settings: { ...node.context.settings, nftSet: set } },
      snapshot(sessions),
      signal,
      orders,
    );
  const passWithout = () => reconcile(node.context, snapshot([makeEntry()]), signal);
  const ports = () => node.host.portTable?.map(({ port }) => port);
  return { ...node, pass, passWithout, ports };
}

it('the set gets the ports of the tunnels in one call, and the next pass does nothing', async () => {
  const node = await openNode();
  node.host.portTable = [{ port: 9, isOurs: false }];
  const { plan } = await node.pass();
  expect(plan.changes.map(describeChange)).toContain(
    'set the nft set inet filter moenet_ports: add 1 port (24001), remove 1 port (9)',
  );
  expect(node.ports()).toEqual([24001]);
  expect(node.host.counts.get('portSets.change')).toBe(1);
  expect((await node.pass()).plan.changes).toEqual([]);
  expect(node.host.counts.get('portSets.change')).toBe(1);
});

it('a port goes with its tunnel, and stays while the list is unknown', async () => {
  const node = await openNode();
  node.host.portTable = [];
  await node.pass();
  const context = { ...node.context, settings: { ...node.context.settings, nftSet: set } };
  await reconcile(context, snapshot(undefined), signal);
  expect(node.ports()).toEqual([24001]);
  await node.pass([], { believeList: true });
  await node.pass([], { believeList: true });
  expect(node.ports()).toEqual([]);
});

it('only what the agent put in goes when the setting goes; then nobody looks any more', async () => {
  const node = await openNode();
  node.host.portTable = [];
  await node.pass();
  node.host.portTable = [...node.host.portTable, { port: 9, isOurs: false }];
  await node.passWithout();
  expect(node.ports()).toEqual([9]);
  await node.passWithout();
  expect(node.memory.current.portSets).toEqual([]);
  const looks = node.host.counts.get('portSets.observe');
  await node.passWithout();
  expect(node.host.counts.get('portSets.observe')).toBe(looks);
});

it('a set that is missing is a problem of the node and keeps nothing else back', async () => {
  const node = await openNode();
  const { desired, remaining } = await node.pass();
  expect(desired.problems).toEqual([
    'no set inet filter moenet_ports. Until then a firewall that uses this set drops the packets of new tunnels',
  ]);
  expect(remaining.changes).toEqual([]);
  expect(node.host.linkTable.has('wg_24001')).toBe(true);
});

it('a set that cannot be changed is told, keeps nothing else back, and is tried again', async () => {
  const node = await openNode();
  node.host.portTable = [];
  node.host.breaks.set('portSets.change', new Error('Operation not permitted'));
  const { node: verdict, remaining } = await node.pass();
  expect(verdict.problems).toContain(
    'could not set the ports of the nft set inet filter moenet_ports: Operation not permitted',
  );
  expect(remaining.changes.map(({ kind }) => kind)).toEqual(['set-ports']);
  expect(node.host.linkTable.has('wg_24001')).toBe(true);
  node.host.breaks.clear();
  await node.pass();
  expect(node.ports()).toEqual([24001]);
});
