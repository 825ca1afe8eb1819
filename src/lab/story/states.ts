import type { LinkLook, SessionLook } from './messages.js';
import { keyOf, type Story } from './story.js';

/** How something in the picture is. `coming`: not yet; `down`: no longer; `off`: not wanted now. */
export type PictureState = 'up' | 'coming' | 'down' | 'off';

/** A session's state, and in words what there is of it. */
export function sessionState(
  { wereUp }: Pick<Story, 'wereUp'>,
  session: SessionLook,
): { readonly state: PictureState; readonly words: string } {
  const { asn, isWanted, isUp, bgp, hasHandshake, told } = session;
  if (!isWanted) return { state: 'off', words: told === undefined ? 'not asked for' : `off: ${told}` };
  if (isUp) return { state: 'up', words: upWords(session) };
  const words = bgp ?? (hasHandshake ? 'tunnel up, no BGP yet' : 'no tunnel yet');
  if (!wereUp.includes(keyOf('session', asn))) return { state: 'coming', words };
  return { state: 'down', words: bgp ?? (hasHandshake ? 'no BGP' : 'no tunnel') };
}

function upWords({ routes, rttMs }: SessionLook): string {
  const parts = ['Established', `${routes} route${routes === 1 ? '' : 's'}`];
  return (rttMs === undefined ? parts : [...parts, `${rttMs.toFixed(1)} ms`]).join(' · ');
}

export function linkState(
  { wereUp }: Pick<Story, 'wereUp'>,
  kind: 'mesh' | 'ibgp',
  { from, to, isUp }: LinkLook,
): PictureState {
  if (isUp) return 'up';
  return wereUp.includes(keyOf(kind, from, to)) ? 'down' : 'coming';
}

/** What goes on, for the heading: one sentence, and how good it is. */
export function verdictOf(story: Story): { readonly tone: 'good' | 'warn' | 'bad'; readonly words: string } {
  const { result, steps, checks, look, scenario, simulation } = story;
  const where = simulation ? ' in the simulation' : '';
  if (result?.ok === false)
    return { tone: 'bad', words: `not everything held${where} (${seconds(result.seconds)})` };
  if (result) return { tone: 'good', words: `everything held${where} (${seconds(result.seconds)})` };
  if (checks.length > 0) {
    const held = checks.filter(({ state }) => state === 'ok').length;
    return { tone: 'warn', words: `checking: ${held} of ${checks.length} checks hold` };
  }
  const running = steps.findIndex(({ state }) => state === 'runs');
  if (running >= 0)
    return { tone: 'warn', words: `step ${running + 1} of ${steps.length}: ${steps[running]?.done}` };
  if (!scenario || !look) return { tone: 'warn', words: 'starting' };
  const wanted = [...look.sessions.filter(({ isWanted }) => isWanted), ...look.mesh, ...look.ibgp];
  const up = wanted.filter(({ isUp }) => isUp).length;
  return { tone: 'warn', words: `converging: ${up} of ${wanted.length} sessions, tunnels and iBGP are up` };
}

function seconds(value: number): string {
  return `${value.toFixed(1)} s`;
}
