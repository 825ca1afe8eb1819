import type { NodeStatus } from '../shell/status/status.js';
import { healthOf } from './health.js';

const mostCharacters = 200;

/** A node's status in one line, for `systemctl status`: `11 of 12 sessions up, 2 problems: session a1 (AS4242421080): ...`. */
export function statusLine(status: NodeStatus): string {
  const { sessions, problems, troubles } = healthOf(status);
  const [worst] = problems;
  const count = status.problems.length;
  const parts = [
    `${sessions.ok} of ${sessions.total} ${sessions.total === 1 ? 'session' : 'sessions'} up`,
    ...(status.maintenance ? ['maintenance'] : []),
    ...(troubles.peerSide === 0 ? [] : [`${troubles.peerSide} on the peer's side`]),
    ...(worst === undefined ? [] : [`${count} ${count === 1 ? 'problem' : 'problems'}: ${worst}`]),
  ];
  const line = parts.join(', ');
  const characters = Array.from(line);
  return characters.length <= mostCharacters
    ? line
    : `${characters.slice(0, mostCharacters - 3).join('')}...`;
}
