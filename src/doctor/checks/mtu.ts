import type { Session } from '../../core/model/session.js';
import { ProgramError, type Run } from '../../platform/exec.js';
import type { Check } from '../check.js';
import { type Finding, ok, warning } from '../finding.js';

/** What pings through one tunnel showed. */
export interface TunnelPings {
  readonly interface: string;
  readonly asn: number;
  readonly mtu: number;
  /** The neighbor's address; undefined where it has none. */
  readonly target: string | undefined;
  /** Whether the neighbor answers a small packet, and one as large as the MTU that must not be cut. */
  readonly answersSmall: boolean;
  readonly answersFull: boolean;
}

/** Those who answer no pings say nothing of the MTU. */
export function judgeMtus(pings: readonly TunnelPings[]): Finding[] {
  const short = pings.filter(({ answersSmall, answersFull }) => answersSmall && !answersFull);
  const silent = pings.filter(({ answersSmall, answersFull }) => !answersSmall && !answersFull).length;
  const whole = pings.length - short.length - silent;
  const silentWords =
    silent === 0 ? '' : `; ${silent} ${silent === 1 ? 'neighbor answers' : 'neighbors answer'} no pings`;
  return [
    ...short.map(({ interface: name, asn, mtu, target }) =>
      warning(
        `packets of ${mtu} bytes do not come through ${name} (AS${asn}), and small ones do: the MTU of the session is too large for the path`,
        toTry({ interface: name, mtu, target }),
      ),
    ),
    ok(
      pings.length === 0
        ? 'there is no tunnel to measure'
        : `packets as large as the MTU come through ${whole} of ${pings.length} tunnels${silentWords}`,
    ),
  ];
}

function toTry({ interface: name, mtu, target }: Pick<TunnelPings, 'interface' | 'mtu' | 'target'>): string {
  return target === undefined
    ? `moenet-agent explain ${name}`
    : `ping -M do -s ${mtu - 100} -I ${name} ${target}`;
}

function targetOf({ ipv6LinkLocal, ipv6, ipv4 }: Session): string | undefined {
  return ipv6LinkLocal ?? ipv6 ?? ipv4;
}

const atOnce = 16;
/** Of all tunnels; a silent one takes two seconds. */
const enoughMs = 40_000;

export const mtuCheck: Check = {
  name: 'MTU',
  limitMs: 60_000,
  look: async ({ run, stored }, signal) => {
    const sessions = (stored.sessions ?? []).flatMap((entry) =>
      entry.kind === 'session' ? [entry.session] : [],
    );
    const pings: TunnelPings[] = [];
    const startedMs = performance.now();
    for (let at = 0; at < sessions.length && performance.now() - startedMs < enoughMs; at += atOnce)
      pings.push(
        ...(await Promise.all(sessions.slice(at, at + atOnce).map((each) => pingTunnel(each, run, signal)))),
      );
    const [next, ...others] = sessions.slice(pings.length);
    if (!next) return judgeMtus(pings);
    const remedy = toTry({ interface: next.interface, mtu: next.mtu, target: targetOf(next) });
    return [...judgeMtus(pings), warning(`there was no time for ${others.length + 1} more tunnels`, remedy)];
  },
};

async function pingTunnel(session: Session, run: Run, signal: AbortSignal): Promise<TunnelPings> {
  const { interface: name, asn, mtu } = session;
  const target = targetOf(session);
  const ask = (bytes: number) => target !== undefined && pings(run, { target, name, bytes, signal });
  const [answersSmall, answersFull] = await Promise.all([ask(100), ask(mtu)]);
  return { interface: name, asn, mtu, target, answersSmall, answersFull };
}

interface Ping {
  readonly target: string;
  readonly name: string;
  /** Of the whole packet. */
  readonly bytes: number;
  readonly signal: AbortSignal;
}

async function pings(run: Run, { target, name, bytes, signal }: Ping): Promise<boolean> {
  const isIpv6 = target.includes(':');
  // The IP header and 8 bytes of ICMP.
  const size = bytes - (isIpv6 ? 40 : 20) - 8;
  const options = ['-n', '-c', '2', '-i', '0.3', '-W', '1', '-M', 'do', '-s', String(size), '-I', name];
  try {
    const { exitCode } = await run('ping', [isIpv6 ? '-6' : '-4', ...options, '--', target], {
      signal,
      timeoutMs: 5_000,
      okExitCodes: [1, 2],
    });
    return exitCode === 0;
  } catch (error) {
    if (error instanceof ProgramError && !error.missing) return false;
    throw error;
  }
}
