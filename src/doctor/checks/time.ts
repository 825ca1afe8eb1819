import { clockSkewSeconds } from '../../adapters/control-plane/http/server-time.js';
import type { Check } from '../check.js';
import { type Finding, fault, ok, warning } from '../finding.js';

/** An answer's `Date` has whole seconds, and takes its time. */
const normalSeconds = 5;
/** Certificates and the control plane's view of a heartbeat bear less. */
const badSeconds = 60;

const remedy = 'timedatectl set-ntp true';

export interface Time {
  /** What systemd says; undefined where it cannot be asked. */
  readonly isSynchronized: boolean | undefined;
  /** Of this clock before the control plane's, in seconds; undefined where it is unknown. */
  readonly skewSeconds: number | undefined;
}

export function judgeTime({ isSynchronized, skewSeconds }: Time): Finding[] {
  const findings: Finding[] = [];
  if (isSynchronized === false) findings.push(warning('the clock is not synchronized', remedy));
  if (isSynchronized) findings.push(ok('the clock is synchronized'));
  if (skewSeconds === undefined)
    return findings.length > 0 ? findings : [ok('nobody to compare the clock with')];
  const off = Math.abs(skewSeconds);
  const words = `this clock is ${Math.round(off)} s ${skewSeconds > 0 ? 'ahead of' : 'behind'} the control plane's`;
  if (off > badSeconds) return [...findings, fault(words, remedy)];
  if (off > normalSeconds) return [...findings, warning(words, remedy)];
  return [...findings, ok("the clock agrees with the control plane's")];
}

export const timeCheck: Check = {
  name: 'time',
  limitMs: 10_000,
  look: async ({ node, run }, signal) => {
    const asked = run('timedatectl', ['show', '--property=NTPSynchronized', '--value'], {
      signal,
      timeoutMs: 5_000,
    });
    const said = await asked.then(({ stdout }) => stdout.trim()).catch(() => '');
    const skewSeconds =
      node &&
      (await clockSkewSeconds(node.bootstrap.apiUrl, node.bootstrap.proxy, signal).catch(() => undefined));
    const isSynchronized = said === 'yes' ? true : said === 'no' ? false : undefined;
    return judgeTime({ isSynchronized, skewSeconds });
  },
};
