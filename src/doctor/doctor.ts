import { setMaxListeners } from 'node:events';
import { wordsOf } from '../core/model/words-of.js';
import { inTime } from '../platform/in-time.js';
import type { Check, Patient } from './check.js';
import { birdConfigurationCheck } from './checks/bird-configuration.js';
import { communityCheck } from './checks/communities.js';
import { configuration } from './checks/configuration.js';
import { controlPlaneCheck } from './checks/control-plane.js';
import { deviceCheck } from './checks/devices.js';
import { dnsCheck } from './checks/dns.js';
import { firewallCheck } from './checks/firewall.js';
import { mtuCheck } from './checks/mtu.js';
import { pathCheck } from './checks/paths.js';
import { privilegeCheck } from './checks/privileges.js';
import { programCheck } from './checks/programs.js';
import { rpkiCheck } from './checks/rpki.js';
import { socketCheck } from './checks/sockets.js';
import { sysctlCheck } from './checks/sysctls.js';
import { timeCheck } from './checks/time.js';
import { type Diagnosis, type Finding, warning } from './finding.js';
import { asRoot } from './forbidden.js';

/** In the order in which they are shown: what others depend on first. */
const checks: readonly Check[] = [
  configuration,
  programCheck,
  privilegeCheck,
  deviceCheck,
  sysctlCheck,
  pathCheck,
  socketCheck,
  timeCheck,
  dnsCheck,
  controlPlaneCheck,
  birdConfigurationCheck,
  rpkiCheck,
  communityCheck,
  firewallCheck,
  mtuCheck,
];

/** Makes all checks at once. None hangs, and none changes anything. */
export async function examine(patient: Patient, wanted: readonly Check[] = checks): Promise<Diagnosis> {
  const findings = await Promise.all(wanted.map((check) => findingsOf(check, patient)));
  const all = findings.flat();
  return { ok: all.every(({ level }) => level !== 'fault'), findings: all };
}

async function findingsOf(check: Check, patient: Patient): Promise<Diagnosis['findings']> {
  const { name, limitMs } = check;
  const signal = AbortSignal.timeout(limitMs);
  // A check may start a program for each tunnel.
  setMaxListeners(0, signal);
  const look = check.look(patient, signal).catch((error) => [signal.aborted ? late(limitMs) : failed(error)]);
  // Not every look can be cut off, such as one at a disk that hangs.
  const found = await inTime(limitMs + 1_000, look);
  return (found?.value ?? [late(limitMs)]).map((finding) => ({ check: name, ...finding }));
}

function late(limitMs: number): Finding {
  return warning(`the check did not end within ${limitMs / 1000} s`, 'moenet-agent doctor');
}

/** Where root sees no more, a bug report helps. */
function failed(error: unknown): Finding {
  const remedy = process.getuid?.() === 0 ? 'moenet-agent debug bundle' : asRoot;
  return warning(`the check failed: ${wordsOf(error)}`, remedy);
}
