import type { NodeStatus } from '../../shell/status/status.js';
import { type Family, single } from './family.js';

type NodeFamily = Family<NodeStatus>;

/** The node as a whole, its control plane and its passes. */
export const nodeFamilies: readonly NodeFamily[] = [
  {
    name: 'info',
    type: 'gauge',
    help: "Always 1; the labels have the node's name at the control plane and the agent's version.",
    labels: ['node', 'version'],
    samples: ({ agent: { node, version } }) => [{ value: 1, labels: { node, version } }],
  },
  single(
    'healthy',
    '1 where the node has no problem, else 0; a neighbor that is offline is none.',
    ({ health }) => health === 'ok',
  ),
  single(
    'problems',
    'Problems that the operator or the agent must act on, as status lists them.',
    ({ problems }) => problems.length,
  ),
  {
    name: 'troubles',
    type: 'gauge',
    help: 'Sessions and mesh peers in trouble, by who has to act: needs_you, working (the agent), peer_side.',
    labels: ['kind'],
    samples: ({ troubles: { needsYou = 0, working = 0, peerSide = 0 } = {} as Partial<Troubles> }) => [
      { value: needsYou, labels: { kind: 'needs_you' } },
      { value: working, labels: { kind: 'working' } },
      { value: peerSide, labels: { kind: 'peer_side' } },
    ],
  },
  single(
    'maintenance',
    '1 while the agent leads traffic away from this node, else 0.',
    ({ maintenance }) => maintenance !== undefined,
  ),
  single(
    'withheld_sessions',
    "Running sessions that the control plane's list leaves out, which the agent doubts.",
    ({ withheld }) => withheld.length,
  ),
  single(
    'control_plane_up',
    '1 where the control plane answered the last call, else 0.',
    ({ controlPlane }) => controlPlane.reachable,
  ),
  single(
    'control_plane_last_answer_timestamp_seconds',
    'Unix time of the last answer; 0 before the first.',
    ({ controlPlane }) => controlPlane.lastAnswerSeconds ?? 0,
  ),
  single(
    'control_plane_updates_waiting',
    'Status updates of sessions that the control plane has not accepted yet.',
    ({ controlPlane }) => controlPlane.updatesWaiting ?? 0,
  ),
  single(
    'last_pass_timestamp_seconds',
    'Unix time at which the last complete pass began; 0 before the first.',
    ({ lastPass }) => lastPass?.atSeconds ?? 0,
  ),
  single(
    'last_pass_duration_seconds',
    'How long the last complete pass took.',
    ({ lastPass }) => lastPass && lastPass.durationMs / 1000,
  ),
  single(
    'last_pass_planned_changes',
    'Changes in the plan of the last complete pass.',
    ({ lastPass }) => lastPass?.planned,
  ),
  single(
    'last_pass_changes',
    'Changes that the last complete pass made.',
    ({ lastPass }) => lastPass?.changes,
  ),
  single(
    'last_pass_failures',
    'Owners of changes that the last complete pass could not make.',
    ({ lastPass }) => lastPass?.failures,
  ),
  single(
    'last_pass_put_off_changes',
    'Changes that wait, because they failed before.',
    ({ lastPass }) => lastPass?.putOff,
  ),
  single('pass_running', '1 while a pass runs, else 0.', ({ pass }) => pass.runningSeconds !== undefined),
];

type Troubles = NonNullable<NodeStatus['troubles']>;
