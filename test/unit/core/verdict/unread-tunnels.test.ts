import { expect, it } from 'vitest';
import type { Tunnel } from '../../../../src/core/model/artifacts.js';
import type { Unread } from '../../../../src/core/model/observed.js';
import { interfaceName } from '../../../../src/core/model/values/interface-name.js';
import { sessionId } from '../../../../src/core/model/values/session-id.js';
import { unreadOthers, unreadTunnels } from '../../../../src/core/verdict/unread-tunnels.js';
import { makeWireGuard } from '../../make.js';

const stopped = { name: 'wireguard-go', pid: 412, isStopped: true };
const unread = (server: Unread['server']): Unread => ({ reason: 'wg: did not finish within 3 s', server });
const tunnels = [
  {
    owner: { kind: 'session', uuid: sessionId.parse('abc-123') },
    interface: interfaceName.parse('wg_24001'),
  },
  { owner: { kind: 'mesh', nodeId: 2 }, interface: interfaceName.parse('wg_mesh_2') },
] as unknown as Tunnel[];

const look = (...devices: (readonly [name: string, server: Unread['server']])[]) => ({
  desired: { tunnels },
  observed: {
    wireguard: [
      makeWireGuard({ interface: 'wg_24002' }),
      ...devices.map(([name, server]) => makeWireGuard({ interface: name, unread: unread(server) })),
    ],
  },
});

it.each<[string, Unread['server'], string]>([
  [
    'a stopped process is resumed',
    stopped,
    'WireGuard on wg_24001 cannot be read: wireguard-go (pid 412), which serves it, is stopped. The agent leaves the tunnel as it is until it can be read; to resume it, run: kill -CONT 412',
  ],
  [
    'a process that hangs is replaced',
    { ...stopped, isStopped: false },
    'WireGuard on wg_24001 cannot be read: wireguard-go (pid 412), which serves it, does not answer. The agent leaves the tunnel as it is until it can be read; to let the agent make it again, run: kill -KILL 412',
  ],
  [
    'the kernel’s own is shown',
    undefined,
    'WireGuard on wg_24001 cannot be read: wg: did not finish within 3 s. The agent leaves the tunnel as it is until it can be read; to see more, run: wg show wg_24001',
  ],
])('a tunnel that cannot be read is named, with the command by which %s', (_, server, words) => {
  expect([...unreadTunnels(look(['wg_24001', server]))]).toEqual([
    [{ kind: 'session', uuid: 'abc-123' }, words],
  ]);
  expect(unreadOthers(look(['wg_24001', server]))).toEqual([]);
});

it('a mesh peer’s is named as well', () => {
  expect([...unreadTunnels(look(['wg_mesh_2', stopped]))].map(([owner]) => owner)).toEqual([
    { kind: 'mesh', nodeId: 2 },
  ]);
});

it('somebody else’s is named as that, and one without a process too', () => {
  const found = look(['wg1', undefined], ['wg0', stopped], ['wg2', { ...stopped, isStopped: false }]);
  expect([...unreadTunnels(found)]).toEqual([]);
  expect(unreadOthers(found)).toEqual([
    expect.stringMatching(/^WireGuard on wg0 .* is stopped\. It is no tunnel of the agent.* kill -CONT 412$/),
    expect.stringMatching(/^WireGuard on wg1 .* 3 s\. It is no tunnel of the agent.* because of it$/),
    expect.stringMatching(/^WireGuard on wg2 .* does not answer\. It is no tunnel.* kill -KILL 412$/),
  ]);
});
