import { writeFile } from 'node:fs/promises';
import { makePeerSecrets } from '../../src/lab/hosts/keys.js';
import { type BenchHost, birdSocket } from './host.js';
import { type Timed, timed } from './timed.js';

const repeats = 5;
const look = `for turn in $(seq ${repeats}); do
  ip -j addr; wg show all dump; birdc -s ${birdSocket} show protocols all
done`;

/** Seconds of processor time of the programs that tell what a node has. */
export async function lookBare({ namespace }: BenchHost): Promise<number> {
  return (await timed(namespace, ['bash', '-c', look])).cpuSeconds / repeats;
}

const name = 'bare0';
const add = `wireguard-go ${name} && wg setconf ${name} "$1" && ip -batch "$2" &&
birdc -s ${birdSocket} configure`;

/** Adds one tunnel by hand, has BIRD load its configuration once more, and takes the tunnel away. */
export async function addBare({ namespace, path }: BenchHost): Promise<Timed> {
  const [own, peer] = [makePeerSecrets(false), makePeerSecrets(false)];
  await writeFile(
    path('bare.conf'),
    `[Interface]\nPrivateKey = ${own.privateKey}\n[Peer]\nPublicKey = ${peer.publicKey}\nAllowedIPs = ::/0\n`,
    { mode: 0o600 },
  );
  await writeFile(
    path('bare.links'),
    `link set dev ${name} addrgenmode none mtu 1420 up\naddress add fe80::1/64 dev ${name}\n`,
  );
  const run = await timed(namespace, ['bash', '-c', add, 'add', path('bare.conf'), path('bare.links')]);
  await namespace.run('ip', ['link', 'del', 'dev', name]);
  if (!/Reconfigured|Reconfiguration in progress/.test(run.output)) throw new Error(run.output);
  return run;
}
