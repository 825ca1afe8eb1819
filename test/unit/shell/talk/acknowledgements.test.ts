import { beforeEach, describe, expect, it } from 'vitest';
import type { SessionReport } from '../../../../src/core/model/session-report.js';
import { makeFakeHost } from '../../../../src/lab/simulated/machine/fake-host.js';
import { makeFakeState } from '../../../../src/lab/simulated/machine/fake-state.js';
import { openMemory } from '../../../../src/shell/pass/memory.js';
import { keepAcknowledgements } from '../../../../src/shell/talk/acknowledgements.js';
import { makeEntry } from '../../make.js';

const report = (uuid: string) => ({ uuid, status: 'active', interface: 'wg_1' }) as SessionReport;

let lines: string[];
let host: ReturnType<typeof makeFakeHost>;
let written: () => Promise<string[]>;
let acknowledgements: ReturnType<typeof keepAcknowledgements>;

beforeEach(async () => {
  host = makeFakeHost();
  const state = makeFakeState();
  const memory = await openMemory(state);
  lines = [];
  const note = (level: string) => (text: string) => void lines.push(`${level} ${text}`);
  const log = { info: note('info'), warn: note('warn'), error: note('error') };
  acknowledgements = keepAcknowledgements(memory, host.clock, log);
  written = async () => Object.keys((await openMemory(state)).current.acknowledged);
});

it('accepted updates are stored after a second, not one by one', async () => {
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

it('a list that was asked for before an update was accepted does not undo it', async () => {
  await acknowledgements.review([makeEntry({ status: 'queued-for-setup' })], host.nowMs);
  host.nowMs += 1_000;
  const askedAtMs = host.nowMs;
  // The control plane has just taken `error`, answers with that list, and takes `active` while it is on its way.
  host.nowMs += 1_000;
  await acknowledgements.add(report('abc-123'), true);
  await acknowledgements.flush();
  expect(await acknowledgements.review([makeEntry({ status: 'error' })], askedAtMs)).toEqual([]);
  expect(await written()).toEqual(['abc-123']);
  // One that was asked for later says that somebody has changed the row.
  host.nowMs += 1_000;
  expect(await acknowledgements.review([makeEntry({ status: 'error' })], host.nowMs)).toEqual(['abc-123']);
  expect(await written()).toEqual([]);
});

it('a session that is queued again and again is named in the log, and what the agent does about it', async () => {
  const answered: string[] = [];
  for (let count = 0; count < 12; count += 1) {
    host.nowMs += 60_000;
    answered.push(
      ...(await acknowledgements.review([makeEntry({ status: 'queued-for-setup' })], host.nowMs)),
    );
    await acknowledgements.add(report('abc-123'), true);
    await acknowledgements.flush();
  }
  expect(answered).toEqual(Array(10).fill('abc-123'));
  const name = 'session abc-123 (AS4242421080)';
  const again = `info ${name}: the control plane accepted the status active and queued the session again; the agent sets it up and answers again`;
  expect(lines).toEqual([
    ...Array(9).fill(again),
    `warn ${name}: the control plane accepted the status active 10 times in a row and queued the session again each time; the agent answers now, then after 10 lists, then less and less often. Find out what queues it in the control plane`,
  ]);
});

describe('an update that the list does not show', () => {
  const polls = async (count: number, entry = makeEntry({ status: 'queued-for-setup' })) => {
    for (let poll = 0; poll < count; poll += 1) {
      host.nowMs += 60_000;
      await acknowledgements.review([entry], host.nowMs);
    }
  };
  const accept = async () => {
    await acknowledgements.add(report('abc-123'), false);
    await acknowledgements.flush();
  };
  const again =
    'warn session abc-123 (AS4242421080): the control plane accepted the status active, but its last 10 lists say queued-for-setup; the agent posts it again';

  it('is named after ten lists', async () => {
    await polls(1);
    await accept();
    await polls(9);
    expect(lines).toEqual([]);
    await polls(1);
    expect(lines).toEqual([again]);
  });

  it('is counted anew where the row was edited in between', async () => {
    await polls(1);
    await accept();
    await polls(9);
    const edited = makeEntry({ status: 'queued-for-setup', mtu: 1400 });
    await polls(1, edited);
    await accept();
    await polls(9, edited);
    expect(lines).toEqual([]);
    await polls(1, edited);
    expect(lines).toEqual([again]);
  });
});
