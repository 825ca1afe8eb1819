import { Resolver } from 'node:dns/promises';
import type { RecordType } from '../../core/lookups/dns-question.js';

/** Name servers that are asked directly, whatever the machine's own resolver is. */
export interface NameServers {
  /** As they are shown: `172.20.0.53, fd42:d42:d42:54::1`. */
  readonly title: string;
  /** IPv4 first; empty where the name has none, or nobody answers. */
  addresses(name: string, signal: AbortSignal): Promise<readonly string[]>;
  /** The records as Node has them. Throws Node's error, whose `code` is `ENOTFOUND`, `ENODATA`, `ETIMEOUT`, ... */
  records(name: string, type: RecordType, signal: AbortSignal): Promise<unknown>;
}

/** Each server has two seconds; the second is asked where the first does not answer. */
const timeoutMs = 2000;

/** `servers`: addresses, in the order in which they are asked. */
export function openNameServers(servers: readonly string[]): NameServers {
  const ask = async <T>(signal: AbortSignal, task: (resolver: Resolver) => Promise<T>): Promise<T> => {
    signal.throwIfAborted();
    const resolver = new Resolver({ timeout: timeoutMs, tries: 1 });
    resolver.setServers(servers);
    const cancel = () => resolver.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    return task(resolver).finally(() => signal.removeEventListener('abort', cancel));
  };
  return {
    title: servers.join(', '),
    addresses: (name, signal) =>
      ask(signal, async (resolver) => {
        const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
        signal.throwIfAborted();
        return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
      }),
    records: (name, type, signal) =>
      ask<unknown>(signal, (resolver) =>
        // Node answers `A` with the time to live only where it is asked for it.
        type === 'A' || type === 'AAAA'
          ? resolver[type === 'A' ? 'resolve4' : 'resolve6'](name, { ttl: true })
          : resolver.resolve(name, type),
      ),
  };
}
