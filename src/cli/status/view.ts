import { firstSentences } from '../../core/model/list-some.js';
import type { NodeStatus } from '../../shell/status/status.js';
import { moreAbout } from '../help/more.js';
import { paintState } from '../terminal/paint.js';
import { wrap, wrapBeside } from '../terminal/table.js';
import { counted, printable } from '../terminal/text.js';
import { formatDuration, formatMs } from '../terminal/units.js';
import { withTrouble } from './select.js';
import { systemLines } from './system-lines.js';
import { renderRows, type ViewOptions } from './tables.js';

/** The most problems to show; there may be one for each of thousands of malformed rows. */
const mostProblems = 40;

/** What of the node is shown besides its rows. */
export type Scope = 'all' | 'problems' | 'session';

/** The node's state: the verdict and its cause first, then who has to act on what. */
export function renderStatus(status: NodeStatus, options: ViewOptions, scope: Scope = 'all'): string {
  const isAll = scope === 'all';
  const rows = scope === 'problems' ? withTrouble(status) : status;
  const parts = [
    ...(scope === 'session'
      ? []
      : [heading(status, options), maintenance(status, options), problems(status, options)]),
    isAll || rows.sessions.length + rows.mesh.length > 0 ? renderRows(rows, options) : [],
    moreAbout(messagesOf(rows), options.page).flatMap((line) => wrap(line, options.width)),
    ...(isAll ? [notes(status, options), facts(status, options)] : []),
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** `jp1  degraded: BIRD does not answer, and 2 more problems`. */
function heading(status: NodeStatus, { paint, width }: ViewOptions): string[] {
  const { agent, health, problems: all, troubles } = status;
  const [worst] = all;
  const wanted = status.sessions.filter(({ state }) => state !== 'ignored');
  const up = wanted.filter(({ state }) => state === 'ok' || state === 'degraded').length;
  const peers = troubles?.peerSide ?? 0;
  const cause =
    worst === undefined
      ? `${up} of ${counted(wanted.length, 'session')} up${peers === 0 ? '' : `, ${peers} on the peer's side`}`
      : `${printable(worst)}${all.length === 1 ? '' : `, and ${counted(all.length - 1, 'more problem')}`}`;
  const [first = '', ...rest] = wrap(`${printable(agent.node)}  ${health}: ${cause}`, width);
  const node = printable(agent.node);
  const isWhole = first.startsWith(`${node}  ${health}`);
  return [
    isWhole
      ? `${paint('bold', node)}  ${paintState(paint, health)}${first.slice(node.length + 2 + health.length)}`
      : first,
    ...rest,
  ];
}

function maintenance({ maintenance }: NodeStatus, { width, paint, nowSeconds }: ViewOptions): string[] {
  if (!maintenance) return [];
  const duration = formatDuration(nowSeconds - maintenance.sinceSeconds);
  const text = `maintenance is on for ${duration}: the agent leads traffic away from this node. To end it: moenet-agent maintenance off`;
  return wrap(text, width).map((line) => paint('warn', line));
}

/** The problems of the node itself; the rows below have those of sessions and mesh peers. */
function problems(status: NodeStatus, { width, paint }: ViewOptions): string[] {
  if (status.problems.length === 0) return [];
  const ofRows = startsOfRows(status);
  // The first line has the worst one already.
  const own = status.problems
    .slice(1)
    .filter((problem) => !ofRows.has(/^(?:session|mesh peer) [^\s:]+/.exec(problem)?.[0] ?? ''));
  const shown = firstSentences(own, mostProblems, 'problems: moenet-agent status --json');
  return [
    ...shown.flatMap((problem) => wrap(`! ${printable(problem)}`, width).map((line) => paint('bad', line))),
    ...remedies(status).flatMap((remedy) => wrap(`- ${remedy}`, width)),
  ];
}

/** What is wrong, in words: of the node, then of its rows. */
function messagesOf({ problems: all, sessions, mesh }: NodeStatus): string[] {
  const ofRows = [...sessions, ...mesh].flatMap(({ trouble, error }) => trouble?.words ?? error ?? []);
  return [...all, ...ofRows];
}

/** What begins like the problem of a row that says its trouble itself. */
function startsOfRows({ sessions, mesh }: NodeStatus): ReadonlySet<string> {
  return new Set([
    ...sessions.flatMap(({ uuid, trouble }) => (trouble ? [`session ${uuid}`] : [])),
    ...mesh.flatMap(({ nodeId, trouble }) => (trouble ? [`mesh peer ${nodeId}`] : [])),
  ]);
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
  ];
  return table.filter(([applies]) => applies).map(([, text]) => text);
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
  return rows.flatMap(([name, text]) => wrapBeside(name.padEnd(15), printable(text), width));
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
