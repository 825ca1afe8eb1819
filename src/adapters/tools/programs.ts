import { formatAddress } from '../../core/lookups/target.js';
import type { Run } from '../../platform/exec.js';
import type { Destination } from './find-host.js';

/** Four probes of ping(8), a third of a second apart; whoever does not answer has two seconds for the last one. */
export function ping(run: Run, destination: Destination, signal: AbortSignal): Promise<string> {
  return ask(run, ['ping', '-n', '-c', '4', '-i', '0.3', '-W', '2'], destination, signal);
}

/**
 * traceroute(8) over at most 20 hops, two probes each, all of them at once: answers come in two rounds of two seconds at
 * the most. Routers are shown by address, for asking their names could take longer than the caller waits.
 */
export function trace(run: Run, destination: Destination, signal: AbortSignal): Promise<string> {
  const command = ['traceroute', '-n', '-m', '20', '-q', '2', '-N', '20', '-w', '2'] as const;
  return ask(run, command, destination, signal);
}

/** What the program says, also where it says that nobody answers (exit code 1) or that there is no way (2). */
async function ask(
  run: Run,
  [program, ...args]: readonly ['ping' | 'traceroute', ...string[]],
  { address, zone, title }: Destination,
  signal: AbortSignal,
): Promise<string> {
  const family = address.includes(':') ? '-6' : '-4';
  const target = formatAddress(address, zone);
  const { stdout, stderr } = await run(program, [family, ...args, '--', target], {
    signal,
    okExitCodes: [1, 2],
    timeoutMs: 12_000,
  });
  const named = title === target ? [] : [title];
  return [...named, stdout.trim(), stderr.trim()].filter((part) => part !== '').join('\n');
}
