import { parseIp } from '../../core/model/values/ip.js';
import { ProgramError, type Run } from '../../platform/exec.js';
import type { Pinger, PingResult } from '../../shell/ports/host.js';
import { pingEach } from './ping-each.js';
import { toResult } from './result.js';

/** Milliseconds between two probes of one target, and between those of two targets. */
const periodMs = 200;
const intervalMs = 1;

/**
 * Round-trip times by one `fping` for all targets, IPv4, IPv6 and link-local ones (`fe80::1%wg_24001`) together; without fping, by
 * a `ping` for each. `count` probes per target, each answered within `timeoutMs` or lost.
 */
export function openPinger(options: {
  readonly run: Run;
  readonly count?: number;
  readonly timeoutMs?: number;
}): Pinger {
  const { run, count = 3, timeoutMs = 1000 } = options;
  return {
    ping: async (targets, signal) => {
      const wanted = [...new Set(targets)];
      const pingable = wanted.filter(isPingable);
      if (pingable.length === 0) return complete(wanted, new Map());
      const probes = { run, count, timeoutMs, signal };
      return complete(wanted, await withFping(pingable, probes).catch(withPing(pingable, probes)));
    },
  };
}

interface Probes {
  readonly run: Run;
  readonly count: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

type Results = ReadonlyMap<string, PingResult>;

async function withFping(targets: readonly string[], probes: Probes): Promise<Results> {
  const { run, count, timeoutMs, signal } = probes;
  const { stderr } = await run('fping', arguments_(count, timeoutMs), {
    input: targets.map((target) => `${target}\n`).join(''),
    signal,
    // 1: a target did not answer; 2: one could not be asked, such as that of an interface which is gone.
    okExitCodes: [1, 2],
    timeoutMs: 5000 + timeoutMs + count * Math.max(periodMs, intervalMs * targets.length),
  });
  return parsePings(stderr);
}

/** Each time anew, because fping may come later. Where ping is missing as well, fping is what the operator should install. */
function withPing(targets: readonly string[], probes: Probes): (error: unknown) => Promise<Results> {
  const isMissing = (error: unknown) => error instanceof ProgramError && error.missing;
  return async (noFping) => {
    if (!isMissing(noFping)) throw noFping;
    return pingEach(targets, { ...probes, periodMs }).catch((error: unknown) => {
      throw isMissing(error) ? noFping : error;
    });
  };
}

/** Targets come by stdin (`-f -`), for thousands of them would not fit on a command line. */
function arguments_(count: number, timeoutMs: number): readonly string[] {
  const numbers = { C: count, p: periodMs, i: intervalMs, t: timeoutMs };
  return ['-q', ...Object.entries(numbers).flatMap(([option, n]) => [`-${option}`, String(n)]), '-f', '-'];
}

/** Only addresses: fping would look a name up, and wait for it. */
function isPingable(target: string): boolean {
  const [address = '', zone, ...rest] = target.split('%');
  const isAddress = !address.includes('/') && parseIp(address) !== undefined && address === address.trim();
  return isAddress && rest.length === 0 && (zone === undefined || /^[A-Za-z0-9_.-]{1,15}$/.test(zone));
}

function complete(
  targets: readonly string[],
  answers: ReadonlyMap<string, PingResult>,
): ReadonlyMap<string, PingResult> {
  return new Map(targets.map((target) => [target, answers.get(target) ?? { rttMs: undefined, loss: 1 }]));
}

/**
 * Reads what `fping -q -C N` prints on stderr, one line per target with the round-trip time of each probe in
 * milliseconds, `-` where no answer came (fping(8), option -C): `192.0.2.1 : 0.21 - 0.18`. Other lines, such as ICMP
 * errors, are passed over.
 */
export function parsePings(text: string): ReadonlyMap<string, PingResult> {
  const results = new Map<string, PingResult>();
  for (const line of text.split('\n')) {
    const match = /^(\S+)\s+:((?: (?:-|\d+(?:\.\d+)?))+)\s*$/.exec(line);
    if (match) results.set(match[1] ?? '', toResult((match[2] ?? '').trim().split(' ').map(numberOf)));
  }
  return results;
}

function numberOf(probe: string): number | undefined {
  return probe === '-' ? undefined : Number(probe);
}
