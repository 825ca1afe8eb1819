import { describe, expect, it } from 'vitest';
import type { BirdFile } from '../../../../src/core/model/artifacts.js';
import type { BirdProtocol, Observed } from '../../../../src/core/model/observed.js';
import { sessionId } from '../../../../src/core/model/values/session-id.js';
import { describePending, pendingOptions } from '../../../../src/core/render/running-options.js';

const owner = { kind: 'session', uuid: sessionId.parse('abc-123') } as const;

function fileWith(options: string, channel = ''): BirdFile {
  const content = `protocol bgp dn42_1 from moenet_ebgp {\n neighbor fe80::2 as 1;\n ${options}\n ipv4 { import table on; ${channel} };\n}\n`;
  return { path: 'peers/dn42_1.conf', owner, content };
}

function protocol(state: string): BirdProtocol {
  const bgp = { state, neighborAddress: undefined, neighborAs: undefined, lastError: undefined };
  return {
    name: 'dn42_1',
    proto: 'BGP',
    state: 'up',
    since: '',
    info: '',
    disabled: false,
    bgp,
    channels: [],
  };
}

function seen(text: string, bgpState = 'Established'): Pick<Observed, 'birdFiles' | 'bird'> {
  return {
    birdFiles: new Map([['peers/dn42_1.conf', text]]),
    bird: { running: true, version: '2.0.12', protocols: [protocol(bgpState)] },
  };
}

function pendingIn(wanted: BirdFile, now: Pick<Observed, 'birdFiles' | 'bird'>) {
  const { running = new Map(), waiting = [] } = pendingOptions(now)(wanted) ?? {};
  return { running, waiting };
}

describe('the options that a protocol runs with', () => {
  it('are those of the file in place, while it is Established', () => {
    const wanted = fileWith('hold time 90;', 'add paths on;');
    const { running, waiting } = pendingIn(wanted, seen(fileWith('hold time 30; passive on;').content));
    expect([...running]).toEqual([
      ['dn42_1', { protocol: ['hold time 30', 'passive on'], ipv4: [], ipv6: [] }],
    ]);
    expect(waiting).toEqual([
      'hold time 90',
      'no longer hold time 30',
      'no longer passive on',
      'ipv4: add paths on',
    ]);
  });

  it('are those of the file in place also while BIRD does not answer', () => {
    const { birdFiles } = seen(fileWith('hold time 30;').content);
    const silent = { running: false, reason: 'BIRD does not answer' } as const;
    const { running } = pendingIn(fileWith('hold time 90;'), { birdFiles, bird: silent });
    expect([...running.keys()]).toEqual(['dn42_1']);
  });

  it.each([
    ['', 'password "hunter2";', ['a password']],
    ['password "hunter2";', '', ['no longer a password']],
    ['password "hunter2";', 'password "hunter3";', ['password changed']],
    ['password "hunter2";', 'authentication md5; password "hunter2";', ['authentication md5']],
  ])('say only that a password changed: %s → %s', (before, after, said) => {
    const wanted = fileWith(after);
    const { running, waiting } = pendingIn(wanted, seen(fileWith(before).content));
    expect(running.get('dn42_1')?.protocol).toEqual(before ? [before.slice(0, -1)] : []);
    expect(waiting).toEqual(said);
  });

  it.each([
    ['is not Established', seen(fileWith('hold time 30;').content, 'Active')],
    ['has the same options in other words', seen(fileWith('# the same\n hold time 90;').content)],
    ['has a file that is damaged', seen('protocol bgp dn42_1 { ipv4 {')],
    ['has no file yet', { birdFiles: new Map(), bird: { running: false, reason: 'off' } } as const],
  ])('are of no account where it %s', (_, now) => {
    expect([...pendingIn(fileWith('hold time 90;'), now).running]).toEqual([]);
  });

  it('are named once for all sessions that wait for the same', () => {
    const file = (nodeId: number): BirdFile => ({
      path: `ibgp.d/ibgp_${nodeId}.conf`,
      owner: { kind: 'mesh', nodeId },
      content: '',
      pending: ['hold time 90'],
    });
    expect(describePending([file(2)], [])).toEqual([
      'ibgp_2 keeps its BGP options until it is down, because a change would reset the session; waiting: hold time 90; to apply them now: moenet-agent resync --session ibgp_2 --reset',
    ]);
    expect(describePending([file(2), file(3)], [])[0]).toMatch(
      /^ibgp_2, ibgp_3 keep their BGP options until they are down/,
    );
  });
});
