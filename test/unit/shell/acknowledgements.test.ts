import { beforeEach, expect, it } from 'vitest';
import type { SessionReport } from '../../../src/core/model/session-report.js';
import { keepAcknowledgements } from '../../../src/shell/acknowledgements.js';
import { openMemory } from '../../../src/shell/memory.js';
import { makeFakeHost, makeFakeState } from './fake-host.js';

const report = (uuid: string) => ({ uuid, status: 'active', interface: 'wg_1' }) as SessionReport;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

let host: ReturnType<typeof makeFakeHost>;
let written: () => Promise<string[]>;
let acknowledgements: ReturnType<typeof keepAcknowledgements>;

beforeEach(async () => {
  host = makeFakeHost();
  const state = makeFakeState();
  const memory = await openMemory(state);
  acknowledgements = keepAcknowledgements(memory, host.clock, silent);
  written = async () => Object.keys((await openMemory(state)).current.acknowledged);
});

it('what was taken is written down after a second, and not for each', async () => {
  await acknowledgements.add(report('a'), true);
  host.nowMs += 999;
  await acknowledgements.add(report('b'), true);
  expect(await written()).toEqual([]);
  host.nowMs += 1;
  await acknowledgements.add(report('c'), true);
  expect(await written()).toEqual(['a', 'b', 'c']);
});

it('and at the end of all', async () => {
  await acknowledgements.add(report('a'), true);
  await acknowledgements.flush();
  expect(await written()).toEqual(['a']);
});
