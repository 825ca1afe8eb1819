import type { Scenario } from '../scenario/scenario.js';
import type { CheckShown, LabMessage, Look, Simulation, StepShown } from './messages.js';

/** All that the page knows of the lab. */
export interface Story {
  readonly scenario: Scenario | undefined;
  /** Undefined where the hosts are real. */
  readonly simulation: Simulation | undefined;
  readonly look: Look | undefined;
  /** Which sessions, tunnels and iBGP were up at some time: what is not up now has gone down. By `keyOf`. */
  readonly wereUp: readonly string[];
  readonly lines: readonly Line[];
  /** Lines that were left out for their number. */
  readonly linesLeftOut: number;
  readonly waiting: readonly string[];
  readonly steps: readonly StepShown[];
  readonly checks: readonly CheckShown[];
  readonly result: { readonly ok: boolean; readonly seconds: number } | undefined;
  readonly ended: string | undefined;
}

interface Line {
  readonly seconds: number;
  readonly text: string;
}

const mostLines = 1000;

export const emptyStory: Story = {
  scenario: undefined,
  simulation: undefined,
  look: undefined,
  wereUp: [],
  lines: [],
  linesLeftOut: 0,
  waiting: [],
  steps: [],
  checks: [],
  result: undefined,
  ended: undefined,
};

/** The story after one more message. The server and each page do the same with it. */
export function withMessage(story: Story, message: LabMessage): Story {
  switch (message.kind) {
    case 'scenario':
      return { ...story, scenario: message.scenario };
    case 'simulation':
      return { ...story, simulation: { why: message.why, notProved: message.notProved } };
    case 'line':
      return withLine(story, message);
    case 'waiting':
      return { ...story, waiting: message.what };
    case 'look': {
      const { kind: _, ...look } = message;
      return { ...story, look, wereUp: [...new Set([...story.wereUp, ...upIn(look)])] };
    }
    case 'steps':
      return { ...story, steps: message.done.map((done) => ({ done, state: 'waits' })) };
    case 'step':
      return {
        ...story,
        steps: story.steps.map((step, index) => (index === message.index ? message.step : step)),
      };
    case 'checks':
      return { ...story, checks: message.checks };
    case 'result':
      return { ...story, result: { ok: message.ok, seconds: message.seconds }, waiting: [] };
    case 'ended':
      return { ...story, ended: message.why, waiting: [] };
    default:
      return story;
  }
}

function withLine(story: Story, { seconds, text }: Line): Story {
  const lines = [...story.lines, { seconds, text }];
  const tooMany = Math.max(0, lines.length - mostLines);
  return {
    ...story,
    lines: lines.slice(tooMany),
    linesLeftOut: story.linesLeftOut + tooMany,
    waiting: [],
  };
}

/** How `wereUp` calls a session, and a tunnel or iBGP between two nodes. */
export function keyOf(kind: 'session' | 'mesh' | 'ibgp', ...ends: readonly (string | number)[]): string {
  return [kind, ...ends].join(' ');
}

function upIn({ sessions, mesh, ibgp }: Look): string[] {
  return [
    ...sessions.filter(({ isUp }) => isUp).map(({ asn }) => keyOf('session', asn)),
    ...mesh.filter(({ isUp }) => isUp).map(({ from, to }) => keyOf('mesh', from, to)),
    ...ibgp.filter(({ isUp }) => isUp).map(({ from, to }) => keyOf('ibgp', from, to)),
  ];
}
