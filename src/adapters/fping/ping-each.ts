import pLimit from 'p-limit';
import type { Run } from '../../platform/exec.js';
import type { PingResult } from '../../shell/ports/host.js';
import { toResult } from './result.js';

/** Each is a process; a silent target takes it the longest, a second and a half. */
const atATime = 32;

interface Probes {
  readonly run: Run;
  readonly count: number;
  readonly timeoutMs: number;
  /** Between two probes of one target. */
  readonly periodMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Round-trip times by one `ping` (iputils) for each of the targets, which are addresses. */
export async function pingEach(
  targets: readonly string[],
  probes: Probes,
): Promise<ReadonlyMap<string, PingResult>> {
  const limit = pLimit(atATime);
  const results = await limit.map(
    targets,
    async (target) => [target, await pingOne(target, probes)] as const,
  );
  return new Map(results);
}

async function pingOne(target: string, probes: Probes): Promise<PingResult> {
  const { run, count, timeoutMs, periodMs, signal } = probes;
  const seconds = { c: count, i: periodMs / 1000, W: timeoutMs / 1000 };
  const options = Object.entries(seconds).flatMap(([option, n]) => [`-${option}`, String(n)]);
  const { stdout, stderr } = await run('ping', ['-n', ...options, target], {
    signal,
    // 1: no answer; 2: it could not be asked, such as over an interface which is gone.
    okExitCodes: [1, 2],
    timeoutMs: 5000 + timeoutMs + count * periodMs,
  });
  // That is no silent target: ping may not ask at all.
  if (/\bsocket: |socktype|cap_net_raw/.test(stderr)) throw new Error(`ping: ${stderr.trim()}`);
  return parsePing(stdout, count, timeoutMs);
}

/**
 * Reads the answers that iputils' ping prints, `64 bytes from 192.0.2.1: icmp_seq=1 ttl=64 time=0.21 ms`. A second answer to a
 * probe (`DUP!`) does not count, and neither does one that comes late.
 */
export function parsePing(text: string, count: number, timeoutMs: number): PingResult {
  const rtts = new Map<number, number>();
  for (const [, sequence, rtt] of text.matchAll(
    /^\d+ bytes from .*icmp_seq=(\d+) .*time=(\d+(?:\.\d+)?) ms/gm,
  ))
    if (Number(rtt) <= timeoutMs && !rtts.has(Number(sequence))) rtts.set(Number(sequence), Number(rtt));
  return toResult(Array.from({ length: count }, (_, index) => rtts.get(index + 1)));
}
