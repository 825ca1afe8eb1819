import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from '../../src/platform/exec.js';

const namespace = 'neighbor';
const config = '/run/neighbor.conf';

/** Another network's router in a namespace of the virtual machine, set up by hand with the kernel's WireGuard. */
export interface Neighbor {
  readonly address: string;
  readonly endpoint: string;
  readonly publicKey: string;
  readonly presharedKey: string;
  /** Makes its end of the tunnel to an interface of the node, whose key is there by then, and dials in. */
  connect(name: string, port: number): Promise<void>;
  /** Throws where an address does not answer through the tunnel within two minutes. */
  ping(address: string): Promise<void>;
  /** Goes on from another port. */
  roam(port: number): Promise<void>;
  /** Calls the node at another of its ports. */
  dial(port: number): Promise<void>;
  close(): Promise<void>;
}

/** Opens the neighbor and the link to it; `wireguard` is not loaded before `connect`. */
export async function openNeighbor(run: Run): Promise<Neighbor> {
  const [nodeAddress, address, listenPort] = ['198.51.100.1', '198.51.100.2', 51_820];
  const wg = async (word: string, input = '') => (await run('wg', [word], { input })).stdout.trim();
  const privateKey = await wg('genkey');
  const [publicKey, presharedKey] = [await wg('pubkey', privateKey), await wg('genpsk')];
  const inside: Run = (program, args, options) =>
    run('ip', ['netns', 'exec', namespace, program, ...args], options);
  const ip = (where: Run, ...lines: readonly string[]) =>
    where('ip', ['-batch', '-'], { input: `${lines.join('\n')}\n` });

  await ip(run, `netns add ${namespace}`, `link add uplink type veth peer name uplink netns ${namespace}`);
  await ip(run, `address add ${nodeAddress}/24 dev uplink`, 'link set uplink up');
  await ip(inside, `address add ${address}/24 dev uplink`, 'link set uplink up');
  return {
    address,
    endpoint: `${address}:${listenPort}`,
    publicKey,
    presharedKey,
    connect: async (name, port) => {
      const { stdout: nodeKey } = await run('wg', ['show', name, 'public-key']);
      const text = [
        ...['[Interface]', `PrivateKey = ${privateKey}`, `ListenPort = ${listenPort}`],
        ...['[Peer]', `PublicKey = ${nodeKey.trim()}`, `PresharedKey = ${presharedKey}`],
        ...[`Endpoint = ${nodeAddress}:${port}`, 'AllowedIPs = 0.0.0.0/0, ::/0', ''],
      ];
      await run('sh', ['-c', 'umask 077; cat > "$1"', 'sh', config], { input: text.join('\n') });
      await ip(inside, 'link add wg0 type wireguard');
      await inside('wg', ['setconf', 'wg0', config]);
      await ip(inside, 'link set wg0 up', 'address add fe80::1/64 dev wg0 nodad');
    },
    ping: async (target) => {
      const once = () => inside('ping', ['-c', '1', '-W', '2', `${target}%wg0`], { okExitCodes: [1] });
      for (const endMs = Date.now() + 120_000; (await once()).exitCode !== 0; await sleep(1_000))
        if (Date.now() > endMs) throw new Error(`waited 120 s for an answer of ${target}`);
    },
    roam: async (port) => {
      await inside('wg', ['set', 'wg0', 'listen-port', String(port)]);
    },
    dial: async (port) => {
      const { stdout: nodeKey } = await inside('wg', ['show', 'wg0', 'peers']);
      await inside('wg', ['set', 'wg0', 'peer', nodeKey.trim(), 'endpoint', `${nodeAddress}:${port}`]);
    },
    close: async () => {
      await ip(run, `netns del ${namespace}`);
      await run('ip', ['link', 'del', 'dev', 'uplink'], { okExitCodes: [1] });
    },
  };
}
