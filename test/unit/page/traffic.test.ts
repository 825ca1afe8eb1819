import { expect, it } from 'vitest';
import { noteTraffic, viewTraffic } from '../../../src/page/overview/traffic.js';
import type { NodeStatus } from '../../../src/shell/status/status.js';
import { goodSession, goodStatus } from '../../fakes/node-status.js';

function withBytes(rxBytes: number, txBytes: number): NodeStatus {
  const tunnel = { present: true, rxBytes, txBytes };
  return { ...goodStatus, mesh: [], sessions: [{ ...goodSession, tunnel }] };
}

it('shows totals until a rate is known', () => {
  const status = withBytes(5000, 100);
  const view = viewTraffic(noteTraffic(undefined, status, 100), status, 8);
  expect(view).toMatchObject({ isRate: false, received: 5000, sent: 100 });
  expect(view.largest).toHaveLength(1);
});

it('shows rates between two readings, and keeps them while nothing is read anew', () => {
  const first = noteTraffic(undefined, withBytes(5000, 100), 100);
  const second = noteTraffic(first, withBytes(11_000, 700), 160);
  const same = noteTraffic(second, withBytes(11_000, 700), 163);
  for (const traffic of [second, same])
    expect(viewTraffic(traffic, withBytes(11_000, 700), 8)).toMatchObject({
      isRate: true,
      received: 100,
      sent: 10,
    });
});

it('takes a counter that went back for one that began anew', () => {
  const first = noteTraffic(undefined, withBytes(5000, 100), 100);
  const again = noteTraffic(first, withBytes(10, 700), 160);
  expect(viewTraffic(again, withBytes(10, 700), 8)).toMatchObject({ received: 0, sent: 10 });
});

it('lists those that carry most', () => {
  const sessions = Array.from({ length: 20 }, (_, n) => ({
    ...goodSession,
    interface: `wg${n}`,
    tunnel: { present: true, rxBytes: n * 10, txBytes: 0 },
  }));
  const status = { ...goodStatus, mesh: [], sessions };
  const { largest } = viewTraffic(noteTraffic(undefined, status, 1), status, 3);
  expect(largest.map(({ row }) => row.interface)).toEqual(['wg19', 'wg18', 'wg17']);
});
