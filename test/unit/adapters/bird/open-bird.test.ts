import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openBird } from '../../../../src/adapters/bird/open-bird.js';
import { ProgramError, type Run } from '../../../../src/platform/exec.js';
import {
  type BirdDaemon,
  type BirdDaemonOptions,
  startBirdDaemon,
  status,
} from '../../../fakes/bird-daemon.js';
import { patiently } from '../../../patiently.js';

let configDir: string;
let controlSocket: string;
let daemon: BirdDaemon | undefined;

beforeEach(async () => {
  configDir = await mkdtemp(join(tmpdir(), 'bird-dir-'));
  controlSocket = join(configDir, 'bird.ctl');
  await writeFile(join(configDir, 'bird.conf'), 'operator\n');
});

afterEach(async () => {
  await daemon?.close();
  daemon = undefined;
  await rm(configDir, { recursive: true });
});

const noProgram: Run = async (program) => {
  throw new Error(`${program} was not to be run`);
};

async function open(options: BirdDaemonOptions = {}) {
  daemon = await startBirdDaemon(controlSocket, options);
  return openAlone();
}

function openAlone(run: Run = noProgram) {
  return openBird({
    configDir,
    controlSocket,
    mode: 'full',
    run,
    connectTimeoutMs: 200,
    replyTimeoutMs: 200,
  });
}

const main = {
  path: 'bird.conf',
  content: '# moenet-agent:node:\nagent\n',
  owner: { kind: 'node' },
} as const;

const candidate = () => join(configDir, '.moenet-agent.staged/bird.conf');
const trial = () => `configure "${candidate()}" timeout 120`;
const mainText = () => readFile(join(configDir, 'bird.conf'), 'utf8');

async function expectUntouched() {
  expect(await mainText()).toBe('operator\n');
  expect((await readdir(configDir)).sort()).toEqual(daemon ? ['bird.conf', 'bird.ctl'] : ['bird.conf']);
}

describe('observing', () => {
  it('shows version and protocols over one connection', async () => {
    const bird = await open({ version: '3.1.8' });
    expect(await bird.observe()).toMatchObject({
      running: true,
      version: '3.1.8',
      protocols: [{ name: 'device1' }],
    });
    expect(daemon?.commands).toEqual(['show status', 'configure status', 'show protocols all']);
  });

  it('shows a BIRD that is down or hung as not running and names the socket', async () => {
    expect(await openAlone().observe()).toEqual({
      running: false,
      reason: `BIRD does not answer on ${controlSocket}: no such file (is bird running?)`,
    });
    const bird = await open({ silentOn: 'show protocols all' });
    expect(await bird.observe()).toEqual({
      running: false,
      reason: `BIRD does not answer on ${controlSocket}: no reply to "show protocols all" within 0.2 s (is bird hung?)`,
    });
  });

  it('shows what is not understood as not running', async () => {
    const bird = await open({ replies: { 'show status': '8007 Access denied\n' } });
    expect(await bird.observe()).toMatchObject({
      running: false,
      reason: expect.stringContaining('does not understand what answers'),
    });
  });

  it('throws the signal’s reason', async () => {
    await expect(openAlone().observe(AbortSignal.abort(new Error('stopping')))).rejects.toThrow('stopping');
  });
});

describe('committing', () => {
  it('checks the candidate, loads it on trial and confirms it, over one connection', async () => {
    const bird = await open();
    expect(await bird.commit([main], [])).toEqual({ kind: 'loaded' });
    expect(daemon?.commands).toEqual([
      `configure check "${candidate()}"`,
      'configure check',
      // Whether somebody has something on trial, and what is disabled by hand.
      'configure status',
      'show protocols all',
      trial(),
      'configure status',
      'configure status',
      'configure status',
      'configure confirm',
    ]);
    expect(await mainText()).toBe(main.content);
  });

  it('waits for a reconfiguration that is in progress', async () => {
    const busy = status('2.0.12', 'Reconfiguration in progress');
    const idle = status('2.0.12', 'Daemon is up and running');
    const bird = await open({
      replies: {
        [trial()]: '0002-Reading configuration\n0004 Reconfiguration in progress\n',
        'show status': [busy, busy, idle],
      },
    });
    expect(await bird.commit([main], [])).toEqual({ kind: 'loaded' });
    expect(daemon?.commands.filter((command) => command === 'show status')).toHaveLength(3);
  });

  it('changes no file when BIRD refuses to load what it found good', async () => {
    const bird = await open({ replies: { [trial()]: '0006 Reconfiguration ignored, shutting down\n' } });
    expect(await bird.commit([main], [])).toEqual({
      kind: 'rejected',
      message: 'Reconfiguration ignored, shutting down',
      file: undefined,
    });
    await expectUntouched();
  });

  it('keeps the previous files in place until the trial is over, and has all new ones in place before the confirmation', async () => {
    const seen: string[] = [];
    for (const silentOn of [`configure check "${candidate()}"`, trial(), 'configure confirm']) {
      const bird = await open({ silentOn });
      const ended = bird.commit([main], []).catch(() => 'ended');
      await vi.waitUntil(() => daemon?.commands.includes(silentOn), patiently);
      seen.push(await mainText());
      expect(await ended).toBe('ended');
      expect(await mainText()).toBe('operator\n');
      await daemon?.close();
      await openAlone().recover();
      await openAlone().endRecovery();
    }
    expect(seen).toEqual(['operator\n', 'operator\n', main.content]);
  });

  it('leaves its journal where BIRD falls silent in a trial: the next run ends it', async () => {
    const silent = await open({ silentOn: trial() });
    await expect(silent.commit([main], [])).rejects.toThrow('no reply to "configure');
    await expect(silent.commit([main], [])).rejects.toThrow('must first undo an earlier change');
    await daemon?.close();
    const bird = await open();
    expect(await bird.recover()).toEqual(['bird.conf']);
    expect(daemon?.commands).toEqual(['configure status', 'show protocols all', 'configure']);
    await bird.endRecovery();
    await expectUntouched();
  });

  it('changes nothing when BIRD dies of the check', async () => {
    const bird = await openSilentCheck();
    await expect(bird.commit([main], [])).rejects.toThrow('it closed the connection before the reply');
    await expectUntouched();
  });

  it('goes on after a commit that failed', async () => {
    const bird = openAlone(async () => ({ stdout: '', stderr: '', exitCode: 0 }));
    const [bad, good] = await Promise.all([
      bird.commit([{ ...main, path: '../x.conf' }], []),
      bird.commit([main], []),
    ]);
    expect([bad.kind, good.kind]).toEqual(['rejected', 'written-not-loaded']);
  });

  it.each([
    '../bird.conf',
    'peers/../x.conf',
    '/etc/x.conf',
    'peers/.x.conf',
    'peers/a b.conf',
    'other/x.conf',
    'x',
  ])('writes no file called %s', async (path) => {
    expect(await openAlone().commit([{ ...main, path }], [])).toMatchObject({ kind: 'rejected', file: path });
    expect(await openAlone().commit([], [path])).toMatchObject({ kind: 'rejected', file: path });
    await expectUntouched();
  });

  it('says that the check cannot be made where bird is not installed', async () => {
    const bird = openAlone(async (program) => {
      const facts = { program, exitCode: undefined, stderr: '', missing: true };
      throw new ProgramError({ ...facts, message: `${program}: is not installed` });
    });
    await expect(bird.commit([main], [])).rejects.toThrow('bird: is not installed');
    await expectUntouched();
  });

  it('rejects a candidate that bird -p dies of', async () => {
    const bird = openAlone(async (program) => {
      const facts = { program, exitCode: undefined, stderr: '', missing: false };
      throw new ProgramError({ ...facts, message: `${program}: failed with exit code SIGSEGV` });
    });
    expect(await bird.commit([main], [])).toMatchObject({
      kind: 'rejected',
      message: expect.stringContaining('SIGSEGV'),
    });
    await expectUntouched();
  });

  function openSilentCheck() {
    return open({ hangUpOn: `configure check "${candidate()}"` });
  }
});

it('enables a protocol, and throws where BIRD has none of the name', async () => {
  const bird = await open();
  daemon?.protocols.set('dn42_a', { proto: 'BGP', state: 'down', info: '' });
  await bird.enable('dn42_a');
  expect(daemon?.protocols.get('dn42_a')?.state).toBe('start');
  await expect(bird.enable('dn42_b')).rejects.toThrow('enable dn42_b: BIRD says 8003 No protocols match');
  await expect(bird.enable('dn42_*')).rejects.toThrow('not the name of a BIRD protocol');
});

it.each(['etc/bird', '/etc/"bird', '/etc/bird*', '/etc/bi\nrd'])(
  'does not open the directory %j',
  (directory) => {
    expect(() => openBird({ configDir: directory, controlSocket, mode: 'full', run: noProgram })).toThrow(
      'bird.configDir',
    );
  },
);
