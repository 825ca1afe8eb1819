import { formatMark } from '../../core/model/owner.js';
import type { ApplyContext } from './apply-context.js';
import type { FailureLog } from './failure-log.js';

// strerror(EADDRINUSE), as wg(8) and ip(8) end their messages.
const addressInUse = /address already in use/i;

/** Names the port and who has it in each failure that says no more than that the address is in use. */
export async function namePortHolders(
  failures: FailureLog,
  { host, desired, observed }: Pick<ApplyContext, 'host' | 'desired' | 'observed'>,
): Promise<void> {
  for (const [mark, words] of failures.byOwner) {
    const tunnel = desired.tunnels.find(({ owner }) => formatMark(owner) === mark);
    if (!tunnel || !addressInUse.test(words)) continue;
    const { listenPort: port, interface: name } = tunnel;
    const other = observed.wireguard.find((each) => each.listenPort === port && each.interface !== name);
    const holder = other
      ? `interface ${other.interface}`
      : ((await host.udpPorts.holders([port])).get(port) ?? 'a program that the agent cannot see');
    failures.byOwner.set(mark, `port ${port} of ${name} is in use by ${holder} (${words})`);
  }
}
