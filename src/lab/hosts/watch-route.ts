import { createInterface } from 'node:readline';
import type { Namespace } from '../namespace.js';

/** When a route came into a host's kernel and left it (Unix milliseconds), oldest first. */
export interface RouteWatch {
  readonly cameAtMs: number[];
  readonly leftAtMs: number[];
  stop(): void;
}

/**
 * Watches one route from now on: the kernel tells of every change, however short, which looks from time to time miss.
 * `onCame` is called each time the route comes.
 */
export function watchRoute(host: Namespace, prefix: string, onCame: () => void = () => {}): RouteWatch {
  const monitor = host.spawn('ip', ['-4', 'monitor', 'route'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const watch: RouteWatch = { cameAtMs: [], leftAtMs: [], stop: () => monitor.kill() };
  if (monitor.stdout) {
    createInterface({ input: monitor.stdout }).on('line', (line) => {
      if (!line.includes(` ${prefix} `)) return;
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
