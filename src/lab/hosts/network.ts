import { writeFile } from 'node:fs/promises';
import { run } from '../../platform/exec.js';
import { type Namespace, openNamespace } from '../namespace.js';

const bridge = 'internet';

/** Every host's interface on "the internet". */
export const uplink = 'eth0';

/**
 * Makes "the internet": a bridge in the lab's own network namespace, with the control plane's address and the gateway's on it. Who
 * sends to anywhere else is told at once that it cannot be reached.
 */
export async function makeInternet(addresses: readonly string[]): Promise<void> {
  await ipBatch([
    'link set lo up',
    `link add ${bridge} type bridge`,
    ...addresses.map((address) => `address add ${address}/24 dev ${bridge}`),
    `link set ${bridge} up`,
  ]);
  await writeFile('/proc/sys/net/ipv4/ip_forward', '1');
}

/**
 * Opens a host of its own and connects it to "the internet" by a veth pair.
 * @param name at most 12 bytes, for the bridge's port is named `to-<name>`
 */
export async function openHost(name: string, address: string): Promise<Namespace> {
  const host = await openNamespace(name);
  const port = `to-${name}`;
  await ipBatch([
    `link add ${port} type veth peer name ${uplink} netns ${host.pid}`,
    `link set ${port} master ${bridge} up`,
  ]);
  await host.run('ip', ['-batch', '-'], {
    input: `address add ${address}/24 dev ${uplink}\nlink set ${uplink} up\n`,
  });
  return host;
}

/** Gives a host another address on "the internet" in the place of the one it has. */
export async function moveHost(host: Namespace, from: string, to: string): Promise<void> {
  await host.run('ip', ['-batch', '-'], {
    // In this order: an address that goes takes later ones of its subnet along (sysctl promote_secondaries).
    input: `address del ${from}/24 dev ${uplink}\naddress add ${to}/24 dev ${uplink}\n`,
  });
}

async function ipBatch(lines: readonly string[]): Promise<void> {
  await run('ip', ['-batch', '-'], { input: `${lines.join('\n')}\n` });
}
