import { BlockList } from 'node:net';
import { createInterface } from 'node:readline';
import type { Namespace } from '../namespace.js';

/** When one of the watched routes came into a host's kernel and left it (Unix milliseconds), oldest first. */
export interface RouteWatch {
  readonly cameAtMs: number[];
  readonly leftAtMs: number[];
  stop(): void;
}

/**
 * Watches the IPv4 routes to some prefixes from now on: the kernel tells of every change, however short, which looks from time
 * to time miss. `isWatched` is asked with `198.51.100.0/29`, or with an address for a route to one host; `onCame` is called
 * each time that such a route comes.
 */
export function watchRoute(
  host: Namespace,
  isWatched: (prefix: string) => boolean,
  onCame: () => void = () => {},
): RouteWatch {
  const monitor = host.spawn('ip', ['-4', 'monitor', 'route'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const watch: RouteWatch = { cameAtMs: [], leftAtMs: [], stop: () => monitor.kill() };
  if (monitor.stdout) {
    createInterface({ input: monitor.stdout }).on('line', (line) => {
      const prefix = destination(line);
      if (prefix === undefined || !isWatched(prefix)) return;
      if (line.startsWith('Deleted')) {
        watch.leftAtMs.push(Date.now());
        return;
      }
      watch.cameAtMs.push(Date.now());
      onCame();
    });
  }
  return watch;
}

/** True where the prefix (or address) contains the IPv4 address. */
export function covers(prefix: string, address: string): boolean {
  const [network = '', length = '32'] = prefix.split('/');
  const block = new BlockList();
  block.addSubnet(network, Number(length));
  return block.check(address);
}

/** Of `Deleted unreachable 198.51.100.0/29 proto bird metric 32`: the prefix, after words for what happens and the route's type. */
function destination(line: string): string | undefined {
  const [, text] = /^(?:[A-Za-z]+ )*?(default|[\d.]+(?:\/\d+)?) /.exec(line) ?? [];
  return text === 'default' ? '0.0.0.0/0' : text;
}
