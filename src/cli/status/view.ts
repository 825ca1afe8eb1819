import { firstSentences } from '../../core/model/list-some.js';
import type { NodeStatus } from '../../shell/status/status.js';
import { paintState } from '../terminal/paint.js';
import { wrap } from '../terminal/table.js';
import { printable } from '../terminal/text.js';
import { formatDuration, formatMs } from '../terminal/units.js';
import { systemLines } from './system-lines.js';
import { renderMesh, renderSessions, type ViewOptions } from './tables.js';

/** The most problems to show; there may be one for each of thousands of malformed rows. */
const mostProblems = 40;

/** The node's state, problems first. */
export function renderStatus(status: NodeStatus, options: ViewOptions): string {
  const parts = [
    heading(status, options),
    maintenance(status, options),
    problems(status, options),
    notes(status, options),
    facts(status, options),
    renderSessions(status.sessions, options),
    renderMesh(status.mesh, options),
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function heading({ agent, health }: NodeStatus, { paint }: ViewOptions): string[] {
  return [`${paint('bold', printable(agent.node))}  ${paintState(paint, health)}`];
}

function maintenance({ maintenance }: NodeStatus, { width, paint, nowSeconds }: ViewOptions): string[] {
  if (!maintenance) return [];
  const duration = formatDuration(nowSeconds - maintenance.sinceSeconds);
  const text = `maintenance is on for ${duration}: the agent leads traffic away from this node. To end it: moenet-agent maintenance off`;
  return wrap(text, width).map((line) => paint('warn', line));
}

function problems(status: NodeStatus, { width, paint }: ViewOptions): string[] {
  if (status.problems.length === 0) return [];
  const shown = firstSentences(status.problems, mostProblems, 'problems: moenet-agent status --json');
  return [
    ...shown.flatMap((problem) => wrap(`! ${printable(problem)}`, width).map((line) => paint('bad', line))),
    ...remedies(status).flatMap((remedy) => wrap(`- ${remedy}`, width)),
  ];
}

function notes({ notes: sentences = [] }: NodeStatus, { width }: ViewOptions): string[] {
  return sentences.flatMap((note) => wrap(`* ${printable(note)}`, width));
}

/** What the agent does about the problems, or what a person can do. */
function remedies(status: NodeStatus): string[] {
  const has = (state: string) => status.sessions.some((session) => session.state === state);
  const isWaiting = [...status.sessions, ...status.mesh].some(({ retry }) => retry !== undefined);
  const table: readonly (readonly [boolean, string])[] = [
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
    [has('refused'), 'Refused sessions stay as they are until the control plane sends valid values.'],
    [
      has('waiting') && isReady(status),
      'Waiting sessions are set up on this side; the neighbor has not answered yet.',
    ],
  ];
  return table.filter(([applies]) => applies).map(([, text]) => text);
}

/** True where nothing on this side stops sessions: BIRD sees its interfaces and has run for a while. */
function isReady({ bird, system }: NodeStatus): boolean {
  if (!bird.running) return false;
  const devices = (system?.protocols ?? []).filter(({ type }) => type === 'device');
  return devices.every(({ isUp }) => isUp) && (system?.repaired.length ?? 0) === 0;
}

function facts(status: NodeStatus, { nowSeconds, width }: ViewOptions): string[] {
  const { agent, controlPlane, bird } = status;
  const ago = (seconds: number) => `${formatDuration(nowSeconds - seconds)} ago`;
  const answered =
    controlPlane.lastAnswerSeconds === undefined
      ? 'no answer yet'
      : `last answer ${ago(controlPlane.lastAnswerSeconds)}`;
  const rows = [
    ['agent', `${agent.version}, up ${formatDuration(agent.uptimeSeconds)}, process ${agent.pid}`],
    ['control plane', [controlPlane.url, answered, controlPlane.error].filter(Boolean).join(', ')],
    ['BIRD', birdState(bird)],
    ...(status.system ? systemLines(status.system, nowSeconds) : []),
    ['last pass', lastPass(status, ago)],
  ] as const;
  return rows.flatMap(([name, text]) => {
    const [first = '', ...rest] = wrap(printable(text), width, ' '.repeat(15));
    return [name.padEnd(15) + first.trimStart(), ...rest];
  });
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
  const made = changes === 0 ? 'no changes' : changes === 1 ? '1 change' : `${changes} changes`;
  const failed = failures === 0 ? [] : [`${failures} failed`];
  return [`${ago(lastPass.atSeconds)} in ${formatMs(lastPass.durationMs)}`, made, ...failed, ...running].join(
    ', ',
  );
}
