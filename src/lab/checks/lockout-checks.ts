import { disturbed } from '../hosts/connections.js';
import { filesChanged, type Lockout, lockedOutMs, notRestored } from '../lockout.js';
import { seconds } from '../report/progress.js';
import { type Check, checksOf } from './check.js';

// The agent's own time limit for a question, and the rest of a pass.
const mostMs = 30_000;

/** What must be so after a policy that cut a node off: all as if it had never been, and the operator told. */
export function lockoutChecks(lockout: Lockout): Check[] {
  const { name } = lockout.node.spec;
  const check = checksOf(name, name);
  return [
    check('undid in time a policy that cut it off', () => inTime(lockout)),
    check('BIRD runs its configuration from before that policy', () => isRestored(lockout)),
    check("BIRD's files are as before that policy", () => filesAreKept(lockout)),
    check('no BGP session went down with that policy', () => connectionsAreKept(lockout)),
    check('status says why the agent undid that policy', () => reasonIsGiven(lockout)),
  ];
}

function inTime(lockout: Lockout): string | undefined {
  const ms = lockedOutMs(lockout);
  if (ms === undefined) return 'not undone';
  return ms <= mostMs ? undefined : `undone after ${seconds(ms)}`;
}

function isRestored(lockout: Lockout): string | undefined {
  return lockout.after ? notRestored(lockout, lockout.after.bird) : 'not looked at';
}

/** Also while the policy is on trial, so that a restart of BIRD does not bring it for good. */
function filesAreKept({ before, after, filesOnTrial }: Lockout): string | undefined {
  if (!before || !after) return 'not looked at';
  if (!filesOnTrial) return 'not looked at while the policy was on trial';
  const onTrial = filesChanged(before.bird, { files: filesOnTrial });
  if (onTrial.length > 0) return `not as before while the policy was on trial: ${onTrial.join(', ')}`;
  const changed = filesChanged(before.bird, after.bird);
  return changed.length === 0 ? undefined : `not as before: ${changed.join(', ')}`;
}

function connectionsAreKept({ before, after }: Lockout): string | undefined {
  if (!before || !after) return 'not looked at';
  const reset = disturbed(before.connections, after.connections, []);
  return reset.length === 0 ? undefined : `reset: ${reset.join(', ')}`;
}

function reasonIsGiven({ reason }: Lockout): string | undefined {
  if (reason?.includes('the control plane stopped answering')) return undefined;
  return reason ?? 'nothing of it';
}
