import { expect, it } from 'vitest';
import { statusLine } from '../../../src/telemetry/status-line.js';
import { goodStatus } from '../../fakes/node-status.js';

const total = goodStatus.sessions.filter(({ state }) => state !== 'ignored').length;
const up = `${total} of ${total} ${total === 1 ? 'session' : 'sessions'} up`;

it('counts the sessions that are up', () => {
  expect(total).toBeGreaterThan(0);
  expect(statusLine(goodStatus)).toBe(up);
});

it('names the worst problem and how many there are', () => {
  const one = { ...goodStatus, problems: ['BIRD does not answer'] };
  expect(statusLine(one)).toBe(`${up}, 1 problem: BIRD does not answer`);
  const two = { ...goodStatus, problems: ['BIRD does not answer', 'the disk is full'] };
  expect(statusLine(two)).toBe(`${up}, 2 problems: BIRD does not answer`);
});

it('says that traffic is led away', () => {
  expect(statusLine({ ...goodStatus, maintenance: { sinceSeconds: 1 } })).toBe(`${up}, maintenance`);
});

it('counts what is the matter of the other side', () => {
  const troubles = { needsYou: 0, working: 0, peerSide: 2 };
  expect(statusLine({ ...goodStatus, troubles })).toBe(`${up}, 2 on the peer's side`);
});

it('stays one short line', () => {
  const line = statusLine({ ...goodStatus, problems: ['é'.repeat(500)] });
  expect(Array.from(line)).toHaveLength(200);
  expect(line).toMatch(/é\.\.\.$/);
});
