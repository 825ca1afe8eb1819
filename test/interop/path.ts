import type { Namespace } from '../../src/lab/namespace.js';
import { join, type Routers } from '../integration/bird/routers/routers.js';
import { asns, beyond, type Kind, neighbor, node, routes } from './kinds.js';

/** The node, the neighbor, and behind it the third AS, whose BIRD runs. */
export async function openPath(routers: Routers, { session }: Kind) {
  const hosts = {
    node: await routers.open('node', [`${node.ipv4}/32`, `${node.ipv6}/128`]),
    neighbor: await routers.open('neighbor'),
    third: await routers.open('third'),
  };
  await join(
    { host: hosts.node, interface: node.interface, address: node.linkLocal },
    { host: hosts.neighbor, interface: neighbor.interface, address: neighbor.linkLocal },
  );
  if (session.ipv4) await addAddresses(hosts, node.ipv4, neighbor.ipv4, []);
  if (session.ipv6) await addAddresses(hosts, node.ipv6, neighbor.ipv6, ['nodad']);
  await openThird(routers, hosts.neighbor, hosts.third);
  return hosts;
}

/** Point to point, as the agent sets them. */
async function addAddresses(
  hosts: { readonly node: Namespace; readonly neighbor: Namespace },
  ours: string,
  theirs: string,
  flags: readonly string[],
): Promise<void> {
  const add = (host: Namespace, own: string, peer: string, name: string) =>
    host.run('ip', ['addr', 'add', own, 'peer', peer, 'dev', name, ...flags]);
  await add(hosts.node, ours, theirs, node.interface);
  await add(hosts.neighbor, theirs, ours, neighbor.interface);
}

async function openThird(routers: Routers, host: Namespace, third: Namespace): Promise<void> {
  const { interface: name, neighbor: theirs, third: own } = beyond;
  await join(
    { host, interface: name, address: theirs.linkLocal },
    { host: third, interface: name, address: own.linkLocal },
  );
  for (const [end, addresses] of [
    [host, theirs],
    [third, own],
  ] as const) {
    await end.run('ip', ['addr', 'add', `${addresses.ipv4}/30`, 'dev', name]);
    await end.run('ip', ['addr', 'add', `${addresses.ipv6}/64`, 'dev', name, 'nodad']);
  }
  const session = (family: 'ipv4' | 'ipv6') => `protocol bgp neighbor_${family} {
  local as ${asns.third};
  neighbor ${theirs[family]} as ${asns.neighbor};
  ${family} { import none; export where source = RTS_STATIC; };
}
protocol static { ${family}; route ${routes.third[family]} unreachable; }
`;
  await routers.start(third, {
    'bird.conf': `router id 192.0.2.81;\nprotocol device { }\n${session('ipv4')}${session('ipv6')}`,
  });
}
