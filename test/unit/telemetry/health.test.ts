import { expect, it } from 'vitest';
import { healthOf } from '../../../src/telemetry/health.js';
import { badStatus, goodSession, goodStatus } from '../../fakes/node-status.js';

it('is ok where the node is', () => {
  expect(healthOf(goodStatus)).toEqual({
    status: 'ok',
    node: 'jp1',
    version: '0.1.0',
    uptimeSeconds: 11_520,
    problems: [],
    troubles: { needsYou: 0, working: 0, peerSide: 0 },
    controlPlane: { reachable: true },
    bird: { running: true },
    pass: { completedSecondsAgo: 12, runningSeconds: null },
    sessions: { total: 1, ok: 1 },
  });
});

it('is degraded with the problems named', () => {
  expect(healthOf(badStatus)).toMatchObject({
    status: 'degraded',
    problems: badStatus.problems,
    controlPlane: { reachable: false },
    bird: { running: false },
    sessions: { total: 3, ok: 1 },
  });
});

it('does not count sessions that are not to run', () => {
  const sessions = [goodSession, { ...goodSession, state: 'ignored' as const }];
  expect(healthOf({ ...goodStatus, sessions }).sessions).toEqual({ total: 1, ok: 1 });
});
