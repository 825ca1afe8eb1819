import { expect, it } from 'vitest';
import { makeFakeNode } from '../../../fakes/fake-node.js';
import { makeEntry, makeWireGuard } from '../../make.js';

const { signal } = new AbortController();
const inUse = 'wg syncconf wg_24001: Unable to modify interface: Address already in use';

/** What a pass says of a tunnel whose port is taken after it has looked. */
async function errors(take: (node: ReturnType<typeof makeFakeNode>) => void) {
  const node = makeFakeNode();
  node.controlPlane.sessions = [makeEntry()];
  node.host.breaks.set('wireguard.syncConfig', new Error(inUse));
  const agent = await node.startAgent();
  await agent.refresh(['sessions'], signal);
  take(node);
  return (await agent.pass()).errors;
}

it('a port that is taken while a tunnel is set up is named, with the program that has it', async () => {
  const found = await errors(({ host }) => {
    host.beforeEffect = () => void host.udpListeners.set(24001, 'dnsmasq (pid 412)');
  });
  expect(found).toEqual(['session abc-123: port: 24001 is already used by dnsmasq (pid 412)']);
});

it('so is one that nobody seems to have, and one of another tunnel of the agent that is to go', async () => {
  expect((await errors(() => undefined))[0]).toContain(
    'port 24001 of wg_24001 is in use by a program that the agent cannot see (',
  );
  const found = await errors(({ host }) => {
    const link = { kind: 'tun', mtu: 1420, up: true, addresses: [] };
    host.linkTable.set('wg_old', { ...link, name: 'wg_old', alias: 'moenet-agent:old' });
    host.wireguardTable.set('wg_old', makeWireGuard({ interface: 'wg_old' }));
  });
  expect(found[0]).toContain('port 24001 of wg_24001 is in use by interface wg_old (');
});
