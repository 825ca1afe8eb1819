import { type Namespace, openNamespace } from '../../../../src/lab/namespace.js';
import { type RunningBird, startBird, type Tree } from './running-bird.js';

/** One end of a cable: an interface with a link-local address. */
export interface LinkEnd {
  readonly host: Namespace;
  readonly interface: string;
  readonly address: string;
}

/** Hosts and BIRDs that all end together. */
export class Routers {
  readonly #hosts: Namespace[] = [];
  readonly #birds: RunningBird[] = [];

  async open(name: string, loopbacks: readonly string[] = []): Promise<Namespace> {
    const host = await openNamespace(name);
    this.#hosts.push(host);
    for (const address of loopbacks) await host.run('ip', ['addr', 'add', address, 'dev', 'lo']);
    return host;
  }

  async start(host: Namespace, tree: Tree): Promise<RunningBird> {
    const bird = await startBird(host, tree);
    this.#birds.push(bird);
    return bird;
  }

  async close(): Promise<void> {
    await Promise.all(this.#birds.map((bird) => bird.stop()));
    await Promise.all(this.#hosts.map((host) => host.close()));
  }
}

/** Joins two hosts; the interfaces have the names of tunnels and only link-local addresses, as tunnels do. */
export async function join(one: LinkEnd, other: LinkEnd): Promise<void> {
  const pair = `link add ${one.interface} type veth peer name ${other.interface} netns ${other.host.pid}\n`;
  const lines = ({ interface: name, address }: LinkEnd) =>
    `link set ${name} addrgenmode none\naddr add ${address}/64 dev ${name} nodad\nlink set ${name} up\n`;
  await one.host.run('ip', ['-batch', '-'], { input: pair + lines(one) });
  await other.host.run('ip', ['-batch', '-'], { input: lines(other) });
}
