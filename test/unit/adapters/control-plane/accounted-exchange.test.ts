import { expect, it } from 'vitest';
import { accountedExchange } from '../../../../src/adapters/control-plane/accounted-exchange.js';
import { documented } from '../../../../src/adapters/control-plane/dialects/documented.js';
import type { Exchange } from '../../../../src/adapters/control-plane/exchange.js';
import { ControlPlaneError } from '../../../../src/shell/ports/control-plane-error.js';
import type { AccountedCall } from '../../../../src/shell/ports/work.js';

it('tells of each request that ends how it ended and how long it took, but not of one that was broken off', async () => {
  let answer: () => Promise<unknown> = async () => 'yes';
  const exchange: Exchange = {
    fetch: async (_dialect, _call, parse) => parse(await answer()),
    post: async () => answer(),
    checkHealth: async () => void (await answer()),
  };
  const calls: AccountedCall[] = [];
  let nowMs = 0;
  const accounted = accountedExchange(
    exchange,
    (call) => calls.push(call),
    () => {
      nowMs += 250;
      return nowMs;
    },
  );
  expect(await accounted.fetch(documented, 'sessions', String, undefined)).toBe('yes');
  await accounted.post(documented, { call: 'mesh/status', body: {} }, undefined);
  const limited = new ControlPlaneError('GET health', { kind: 'rate-limited', reason: 'HTTP 429' });
  answer = () => Promise.reject(limited);
  await expect(accounted.checkHealth(documented, undefined)).rejects.toBe(limited);
  answer = () => Promise.reject(new Error('the caller does not wait any longer'));
  await expect(accounted.checkHealth(documented, undefined)).rejects.toThrow('does not wait');
  expect(calls).toEqual([
    { call: 'sessions', failure: undefined, durationMs: 250 },
    { call: 'mesh/status', failure: undefined, durationMs: 250 },
    { call: 'health', failure: 'rate-limited', durationMs: 250 },
  ]);
});
