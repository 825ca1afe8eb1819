import { untilPassIsOver } from '../any-lab.js';
import { lockoutChecks } from '../checks/lockout-checks.js';
import { postsOf } from '../control-plane/control-plane-state.js';
import { agentStatus } from '../hosts/agent-status.js';
import { birdConfiguration, birdFiles } from '../hosts/bird-configuration.js';
import { interfaceTowards } from '../hosts/kernel-routes.js';
import { watchRoute } from '../hosts/watch-route.js';
import {
  type Lockout,
  lockedOutMs,
  notRestored,
  prepareLockout,
  runningOn,
  timesLoaded,
} from '../lockout.js';
import { lockoutStory } from '../report/lockout-story.js';
import type { Lab } from '../running-lab.js';
import { isOfMesh } from '../scenario/node-spec.js';
import type { Condition } from '../wait.js';
import type { Step } from './step.js';

/** The control plane sends a policy that cuts a node off from it, goes on sending it, and sends a good one. */
export function lockOut(lab: Lab): Step[] {
  const lockout = prepareLockout(lab);
  return [cutOff(lab, lockout), askAgain(lab, lockout), putRight(lab, lockout)];
}

function cutOff(lab: Lab, lockout: Lockout): Step {
  const { node, slip } = lockout;
  const { name } = node.spec;
  const { address } = lab.scenario.controlPlane;
  return {
    name: 'cut a node off by a policy',
    done: `${name}: a policy with a mistake: own block ${slip.dn42Ipv4Prefix}, the control plane's`,
    touches: [],
    act: async () => {
      await untilPassIsOver(lab, node);
      lockout.before = await runningOn(lab, node);
      const isOfSlip = (prefix: string) => prefix === slip.dn42Ipv4Prefix;
      lockout.watch = watchRoute(node.host, isOfSlip, () => void readOnTrial(lockout));
      lab.controlPlane.policySlips.set(name, slip);
      return [
        ...loadedAndUndone(lockout, address),
        heardAgain(lab, lockout),
        { what: 'status says why', holds: () => saysWhy(lockout) },
      ];
    },
    after: async () => {
      lockout.after = await runningOn(lab, node);
      return { story: lockoutStory(lockout, address), checks: lockoutChecks(lockout) };
    },
  };
}

/** Reads BIRD's files while BIRD has the policy on trial: they count only where it still has when they are read. */
async function readOnTrial(lockout: Lockout): Promise<void> {
  const files = await birdFiles(lockout.node);
  if (!isUndone(lockout)) lockout.filesOnTrial ??= files;
}

/** BIRD's own word for what it runs, and the kernel's for what came of it. */
function loadedAndUndone(lockout: Lockout, controlPlane: string): Condition[] {
  return [
    { what: `BIRD has loaded it: no route to ${controlPlane}`, holds: () => timesLoaded(lockout) > 0 },
    {
      what: 'undone',
      holds: async () =>
        isUndone(lockout) && notRestored(lockout, await birdConfiguration(lockout.node)) === undefined,
    },
  ];
}

function isUndone(lockout: Lockout): boolean {
  return lockedOutMs(lockout) !== undefined;
}

function heardAgain({ controlPlane }: Lab, lockout: Lockout): Condition {
  const reports = () => postsOf(controlPlane, 'report', lockout.node.spec.name).length;
  let before: number | undefined;
  return {
    what: 'the node talks to the control plane again',
    holds: () => {
      if (!isUndone(lockout)) return false;
      before ??= reports();
      return reports() > before;
    },
  };
}

async function saysWhy(lockout: Lockout): Promise<boolean> {
  if (!isUndone(lockout)) return false;
  const { problems } = await agentStatus(lockout.node);
  lockout.reason = problems.find((problem) => problem.includes('the agent undid'));
  return lockout.reason !== undefined;
}

/** Babel has dropped the loopbacks with the block that they were in, and learns them anew. */
function waysToOthers({ scenario }: Lab, lockout: Lockout): Condition[] {
  const { spec, host } = lockout.node;
  return scenario.nodes
    .filter(({ id }) => id !== spec.id)
    .map(({ name, loopbackIpv4 }) => ({
      what: `its route to ${name}`,
      holds: async () => isUndone(lockout) && isOfMesh(await interfaceTowards(host, loopbackIpv4)),
    }));
}

/** Two more answers with the same policy, and a pass after them. */
function askAgain(lab: Lab, lockout: Lockout): Step {
  const { node } = lockout;
  const { name } = node.spec;
  return {
    name: 'send that policy again',
    done: `${name}: the control plane sends that policy again at every poll`,
    touches: [],
    act: async () => {
      const polled = polls(lab, name);
      return [{ what: 'asked for twice more', holds: () => polls(lab, name) >= polled + 2 }];
    },
    after: async () => {
      await untilPassIsOver(lab, node);
      lockout.watch?.stop();
      const seen = triedAgain(lockout);
      return {
        story: [seen ?? 'not tried again'],
        checks: [
          {
            name: `${name}: a policy that was undone is not tried again while it is the same`,
            node: name,
            test: async () => seen,
          },
        ],
      };
    },
  };
}

/** Says how that policy was more than tried and undone once. */
function triedAgain(lockout: Lockout): string | undefined {
  if (!isUndone(lockout)) return 'it was not undone';
  const loads = timesLoaded(lockout);
  return loads === 1 ? undefined : `BIRD loaded it ${loads} times`;
}

function putRight(lab: Lab, lockout: Lockout): Step {
  const { node } = lockout;
  const { name } = node.spec;
  return {
    name: 'put the policy right',
    done: `${name}: a good policy`,
    touches: [],
    act: async () => {
      lab.controlPlane.policySlips.delete(name);
      return [
        { what: 'status finds the node healthy', holds: async () => (await agentStatus(node)).healthy },
        ...waysToOthers(lab, lockout),
      ];
    },
  };
}

function polls({ controlPlane }: Lab, name: string): number {
  return controlPlane.requests.filter(({ path }) => path.endsWith(`/agent/${name}/bird-config`)).length;
}
