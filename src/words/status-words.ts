import type { NodeStatus } from '../shell/status/status.js';
import { systemLines } from './system-lines.js';
import { counted } from './text.js';
import { formatDuration, formatMs } from './units.js';

/** The verdict's cause: the worst problem, or how many sessions are up. */
export function causeOf({ problems: [worst, ...others], sessions, troubles }: NodeStatus): string {
  if (worst !== undefined)
    return `${worst}${others.length === 0 ? '' : `, and ${counted(others.length, 'more problem')}`}`;
  const wanted = sessions.filter(({ state }) => state !== 'ignored');
  const up = wanted.filter(({ state }) => state === 'ok' || state === 'degraded').length;
  const peers = troubles?.peerSide ?? 0;
  const onPeers = peers === 0 ? '' : `, ${peers} on the peer's side`;
  return `${up} of ${counted(wanted.length, 'session')} up${onPeers}`;
}

export function maintenanceWords({ maintenance }: NodeStatus, nowSeconds: number): string | undefined {
  if (!maintenance) return undefined;
  const duration = formatDuration(nowSeconds - maintenance.sinceSeconds);
  return `maintenance is on for ${duration}: the agent leads traffic away from this node. To end it: moenet-agent maintenance off`;
}

/** The problems of the node itself besides the worst one, which the cause has; the rows have those of sessions and mesh peers. */
export function furtherProblems(status: NodeStatus): readonly string[] {
  const ofRows = startsOfRows(status);
  return status.problems
    .slice(1)
    .filter((problem) => !ofRows.has(/^(?:session|mesh peer) [^\s:]+/.exec(problem)?.[0] ?? ''));
}

/** What begins like the problem of a row that says its trouble itself. */
function startsOfRows({ sessions, mesh }: NodeStatus): ReadonlySet<string> {
  return new Set([
    ...sessions.flatMap(({ uuid, trouble }) => (trouble ? [`session ${uuid}`] : [])),
    ...mesh.flatMap(({ nodeId, trouble }) => (trouble ? [`mesh peer ${nodeId}`] : [])),
  ]);
}

/** What the agent does about the problems, or what a person can do. */
export function remedies(status: NodeStatus): readonly string[] {
  const has = (state: string) => status.sessions.some((session) => session.state === state);
  const isWaiting = [...status.sessions, ...status.mesh].some(({ retry }) => retry !== undefined);
  const table: readonly (readonly [boolean, string])[] = [
    [
      /refuses this node's token/.test(status.controlPlane.error ?? ''),
      `Put the token that the control plane has for ${status.agent.node} into the configuration (bootstrap.token or bootstrap.tokenFile), then run: systemctl reload moenet-agent`,
    ],
    [
      !status.controlPlane.reachable,
      'The agent asks the control plane again, with growing pauses; tunnels and sessions stay as they are.',
    ],
    [
      status.bird.reason !== undefined,
      "The agent keeps BIRD's files ready; start BIRD (systemctl start bird) to load them.",
    ],
    [
      (status.lastPass?.failures ?? 0) > 0 && !isWaiting,
      'The agent tries failed changes again at every pass.',
    ],
    [
      isWaiting,
      'The agent tries failed changes again after growing pauses, at most an hour. To try now: moenet-agent resync',
    ],
    [
      has('refused'),
      'Refused sessions stay as they are until their rows, or what is in their way here, change.',
    ],
  ];
  return table.filter(([applies]) => applies).map(([, text]) => text);
}

/** The node's own parts, as rows of name and text. */
export function nodeFacts(status: NodeStatus, nowSeconds: number): readonly (readonly [string, string])[] {
  const { agent, controlPlane, bird, system } = status;
  const ago = (seconds: number) => `${formatDuration(nowSeconds - seconds)} ago`;
  const answered =
    controlPlane.lastAnswerSeconds === undefined
      ? 'no answer yet'
      : `last answer ${ago(controlPlane.lastAnswerSeconds)}`;
  return [
    ['agent', `${agent.version}, up ${formatDuration(agent.uptimeSeconds)}, process ${agent.pid}`],
    ['control plane', [controlPlane.url, answered, controlPlane.error].filter(Boolean).join(', ')],
    ['BIRD', birdState(bird)],
    ...(system ? systemLines(system, nowSeconds) : []),
    ['last pass', lastPass(status, ago)],
  ];
}

function birdState({ running, version, reason }: NodeStatus['bird']): string {
  if (running) return version ?? 'running';
  return reason === undefined ? 'not looked at yet' : `not running: ${reason}`;
}

function lastPass({ lastPass, pass }: NodeStatus, ago: (seconds: number) => string): string {
  const { runningSeconds } = pass;
  const running =
    runningSeconds === undefined ? [] : [`one is running for ${formatDuration(runningSeconds)}`];
  if (!lastPass) return ['none yet', ...running].join(', ');
  const { changes, failures } = lastPass;
  const made = changes === 0 ? 'no changes' : counted(changes, 'change');
  const failed = failures === 0 ? [] : [`${failures} failed`];
  return [`${ago(lastPass.atSeconds)} in ${formatMs(lastPass.durationMs)}`, made, ...failed, ...running].join(
    ', ',
  );
}
