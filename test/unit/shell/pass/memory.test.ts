import { expect, it } from 'vitest';
import type { Preserved } from '../../../../src/core/model/preserved.js';
import { makeFakeState } from '../../../../src/lab/simulated/machine/fake-state.js';
import { openMemory } from '../../../../src/shell/pass/memory.js';

const latencies = { 'abc-123': { rttMs: 12.5, tier: 2, sinceSeconds: 1_800_000_000 } };

it('knows after a restart what was stored', async () => {
  const state = makeFakeState();
  const memory = await openMemory(state);
  await memory.update({ latencies, maintenanceSinceSeconds: 1_800_000_000, birdVersion: '2.0.12' });
  expect((await openMemory(state)).current).toEqual(memory.current);
  await memory.update({ maintenanceSinceSeconds: undefined });
  expect((await openMemory(state)).current.maintenanceSinceSeconds).toBeUndefined();
});

it('writes what was noted with the next change', async () => {
  const state = makeFakeState();
  const memory = await openMemory(state);
  memory.note({ latencies });
  await memory.update({ latencies });
  expect(state.documents.size).toBe(0);
  await memory.update({ birdVersion: '2.0.12' });
  expect((await openMemory(state)).current).toMatchObject({ latencies, birdVersion: '2.0.12' });
});

it('goes on with what could not be written, and tries again', async () => {
  const state = makeFakeState();
  const memory = await openMemory({
    ...state,
    write: (name, document) =>
      state.documents.size === 0 ? failOnce(state.documents) : state.write(name, document),
  });
  await memory.update({ maintenanceSinceSeconds: 1 });
  expect(memory.current.maintenanceSinceSeconds).toBe(1);
  expect((await openMemory(state)).current.maintenanceSinceSeconds).toBeUndefined();
  await memory.update({ maintenanceSinceSeconds: 1 });
  expect((await openMemory(state)).current.maintenanceSinceSeconds).toBe(1);
});

async function failOnce(documents: Map<string, string>): Promise<void> {
  documents.set('memory', '"not written"');
  throw new Error('no space left');
}

it('starts empty where the document cannot be used', async () => {
  const state = makeFakeState();
  await state.write('memory', { latencies: 'fast' });
  expect((await openMemory(state)).current).toMatchObject({ latencies: {}, birdVersion: undefined });
});

it('assumes that there are routing rules where a document of an older agent does not say', async () => {
  const state = makeFakeState();
  const memory = await openMemory(state);
  const { mayHaveRules: _, ...older } = memory.current;
  await state.write('memory', { ...older, birdVersion: '2.0.12' });
  expect((await openMemory(state)).current).toMatchObject({ birdVersion: '2.0.12', mayHaveRules: true });
});

it('assumes a pending reload without a stored document', async () => {
  const state = makeFakeState();
  const memory = await openMemory(state);
  expect(memory.current.reloadPending).toBe(true);
  await memory.update({ reloadPending: false });
  expect((await openMemory(state)).current.reloadPending).toBe(false);
});

const protocol = {
  name: 'x',
  localAs: 1,
  neighbor: 'fe80::2',
  neighborAs: 2,
  channels: [{ name: 'ipv6', options: [] }],
};
const session = (options: readonly string[]) => ({
  wish: '',
  addresses: [],
  protocols: [{ ...protocol, options }],
});

it('keeps what was there before the agent over a restart, and nothing that is no option of BIRD’s', async () => {
  const state = makeFakeState();
  const memory = await openMemory(state);
  const kept = { sessions: { 'moenet-agent:a': session(['hold time 60']) } } as unknown as Preserved;
  await memory.update({ kept, birdVersion: '2.0.12' });
  expect((await openMemory(state)).current.kept).toEqual(kept);
  const forged = { ...memory.current, kept: { sessions: { a: session(['hold time 60; password "x"']) } } };
  await state.write('memory', forged);
  expect((await openMemory(state)).current).toMatchObject({ kept: { sessions: {} }, birdVersion: '2.0.12' });
});
