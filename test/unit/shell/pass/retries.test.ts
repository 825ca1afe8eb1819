import { beforeEach, describe, expect, it, vi } from 'vitest';
import { makeEntry, otherKey } from '../../make.js';
import { makePassedNode, type Pass, type PassedNode, summary } from './passed-node.js';

let host: PassedNode['host'];
let memory: PassedNode['memory'];
let pass: Pass;

beforeEach(async () => {
  ({ host, memory, pass } = await makePassedNode());
});

const second = makeEntry({ uuid: 'abc-124', interface: 'wg_24002', listenPort: 24002, publicKey: otherKey });

describe('a tunnel that cannot be made', () => {
  it('is tried again after a minute, and not before', async () => {
    host.breaks.set('wireguard.create', new Error('no /dev/net/tun'));
    const failing = [makeEntry({ status: 'queued-for-setup' }), second];
    await pass(failing);
    host.breaks.clear();
    const waiting = await pass(failing);
    expect(waiting.plan.changes).toEqual([]);
    expect(summary(waiting)).toContain('abc-123 setup-failed: no /dev/net/tun');
    host.nowMs += 61_000;
    expect(summary(await pass(failing))).toEqual(['abc-123 active']);
  });

  it('is tried at once when something else is wanted', async () => {
    host.breaks.set('wireguard.create', new Error('no /dev/net/tun'));
    await pass([makeEntry()]);
    host.breaks.clear();
    await pass([makeEntry({ mtu: 1400 })]);
    expect(host.linkTable.get('wg_24001')?.mtu).toBe(1400);
  });

  it('is not waited for when what is there has changed', async () => {
    host.breaks.set('wireguard.create', new Error('wg_24001: file exists'));
    await pass([makeEntry()]);
    expect((await pass([makeEntry()])).plan.changes.filter(({ kind }) => kind === 'create-tunnel')).toEqual(
      [],
    );
    host.breaks.clear();
    await host.wireguard.create(['wg_24001' as never]);
    Object.assign(host.linkTable.get('wg_24001') ?? {}, { alias: 'moenet-agent:abc-123' });
    await pass([makeEntry()]);
    expect(host.wireguardTable.get('wg_24001')?.peers).toHaveLength(1);
  });
});

describe('a step that fails as a whole', () => {
  it('is a failure of the sessions that it was for, and the pass goes on', async () => {
    host.breaks.set('links.apply', new Error('changing links (ip -batch): no result within 60 s'));
    const failed = await pass([makeEntry({ status: 'queued-for-setup' })]);
    expect(summary(failed)).toEqual([
      'abc-123 setup-failed: changing links (ip -batch): no result within 60 s',
    ]);
    expect(host.wireguardTable.has('wg_24001')).toBe(true);
    host.breaks.clear();
    host.nowMs += 61_000;
    expect(summary(await pass([makeEntry({ status: 'queued-for-setup' })]))).toEqual(['abc-123 active']);
  });
});

it('a change that BIRD accepts is checked and loaded in one go', async () => {
  const check = vi.spyOn(host.bird, 'check');
  await pass([makeEntry(), second]);
  expect(host.counts.get('bird.commit')).toBe(1);
  expect(check).not.toHaveBeenCalled();
});

describe('a configuration that BIRD refused', () => {
  const entries = [makeEntry({ status: 'queued-for-setup' }), second];
  const error =
    'abc-123 setup-failed: BIRD refuses the configuration in peers/dn42_4242421080.conf: syntax error';

  it('is not tried again until something about it is new, and stays reported', async () => {
    host.birdRefuses = 'abc-123';
    await pass(entries);
    host.counts.clear();
    const again = await pass(entries);
    expect(again.plan.changes).toEqual([]);
    expect(host.counts.has('bird.commit')).toBe(false);
    expect(summary(again)).toEqual([error]);
    host.birdRefuses = undefined;
    const changed = [makeEntry({ status: 'queued-for-setup', policy: 'peer' }), second];
    expect(summary(await pass(changed))).toEqual(['abc-123 active']);
  });

  it('is tried again when something else that BIRD reads is new, or BIRD itself', async () => {
    host.birdRefuses = 'abc-123';
    await pass(entries);
    host.birdRefuses = undefined;
    expect(summary(await pass(entries))).toEqual([error]);
    host.besides = 'the typo is mended';
    expect(summary(await pass(entries))).toEqual(['abc-123 active']);
  });

  it('applies again to what BIRD reads now, where BIRD refuses that as well', async () => {
    host.birdRefuses = 'abc-123';
    await pass(entries);
    host.besides = 'another typo';
    expect(summary(await pass(entries))).toEqual([error]);
    host.counts.clear();
    expect((await pass(entries)).plan.changes).toEqual([]);
    expect(host.counts.has('bird.commit')).toBe(false);
  });

  it('leaves no reload pending', async () => {
    host.birdRefuses = 'abc-123';
    await pass([makeEntry()]);
    expect(memory.current.reloadPending).toBe(false);
  });
});
