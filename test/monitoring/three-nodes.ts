import { makePeerSecrets } from '../../src/lab/hosts/keys.js';
import type { Namespace } from '../../src/lab/namespace.js';
import { allEnded } from '../faults/harness/all-ended.js';
import { neighborRow } from '../neighbor-row.js';
import { layCable, openWatchedNode, type WatchedNode } from './watched-node.js';

/** Resolves to what was opened, once it is noted that it must be closed. */
export type Kept = <T extends { close(): Promise<void> }>(opening: Promise<T>) => Promise<T>;

/** What sg1's operator wrote. */
const operators = `router id 192.0.2.1;
protocol device { scan time 2; }
protocol kernel kernel4 { ipv4 { import none; export all; }; }
protocol kernel kernel6 { ipv6 { import none; export all; }; }
include "moenet-agent*.conf";
`;

/** Opens jp1 and hk1 with a mesh between them, and sg1 in include mode with a neighbor that is offline; no agent runs yet. */
export async function openThreeNodes(
  central: Namespace,
  cachePorts: readonly number[],
  kept: Kept,
): Promise<{
  readonly jp1: WatchedNode & { readonly publicKey: string };
  readonly hk1: WatchedNode;
  readonly sg1: WatchedNode;
}> {
  const keys = { jp1: makePeerSecrets(false), hk1: makePeerSecrets(false) };
  const mesh = (number: number, name: 'jp1' | 'hk1', port: number) => ({
    meshPeers: [
      {
        ...addresses(number),
        nodeId: number,
        name,
        endpoint: `10.97.0.${number}:${port}`,
        publicKey: keys[name].publicKey,
      },
    ],
    ibgpPeers: [{ ...addresses(number), nodeId: number, nodeName: name, nodeType: 'rr', regionCode: 101 }],
  });
  const offline = neighborRow({
    uuid: 'offline',
    asn: 4242422189,
    interface: 'wg_24002',
    endpoint: '192.0.2.89:51820',
    port: 24_002,
    publicKey: makePeerSecrets(false).publicKey,
  });
  const [jp1, hk1, sg1] = await allEnded([
    kept(
      openWatchedNode(central, {
        name: 'jp1',
        number: 1,
        privateKey: keys.jp1.privateKey,
        rpkiServers: cachePorts.map((port) => ({ name: `cache-${port}`, host: '127.0.0.1', port })),
        ...mesh(2, 'hk1', 51_821),
      }),
    ),
    kept(
      openWatchedNode(central, {
        name: 'hk1',
        number: 2,
        isFar: true,
        privateKey: keys.hk1.privateKey,
        ...mesh(1, 'jp1', 51_822),
      }),
    ),
    kept(
      openWatchedNode(central, {
        name: 'sg1',
        number: 3,
        mode: 'include',
        // It believes a list after five of them: long enough for an alert about the doubt.
        sessionsSeconds: 2,
        birdConf: operators,
        sessions: [{ ...offline, ipv6LinkLocal: 'fe80::2189' }],
      }),
    ),
  ]);
  await layCable(jp1.namespace, '10.97.0.1', hk1.namespace, '10.97.0.2');
  return { jp1: Object.assign(jp1, { publicKey: keys.jp1.publicKey }), hk1, sg1 };
}

function addresses(number: number) {
  return { loopbackIpv4: `172.22.188.${number}`, loopbackIpv6: `fd00:4242:7777:101:${number}::1` };
}
