import { describe, expect, it } from 'vitest';
import {
  drainSeconds,
  fileDisables,
  isDisabledByHand,
  nextDisabled,
  offNames,
  runningProtocols,
  type SessionLook,
} from '../../../../../src/core/desired/disabled/disabled.js';
import type { Disabled } from '../../../../../src/core/model/disabled.js';
import type { BirdProtocol, ObservedBird } from '../../../../../src/core/model/observed.js';

const name = 'dn42_4242421080';
const base = { name, proto: 'BGP', since: '', info: '', channels: [] };
const bgp = { neighborAddress: undefined, neighborAs: undefined, lastError: undefined };
const up: BirdProtocol = { ...base, state: 'up', disabled: false, bgp: { ...bgp, state: 'Established' } };
const down: BirdProtocol = { ...base, state: 'down', disabled: true, bgp: { ...bgp, state: 'Down' } };
const limited: BirdProtocol = {
  ...down,
  bgp: { ...bgp, state: 'Down', lastError: 'Automatic shutdown: Route limit exceeded' },
};
const device: BirdProtocol = { ...up, name: 'device1', proto: 'Device', bgp: undefined };

const fileText = (line: string) =>
  `# moenet-agent:abc-123\nprotocol bgp ${name} from moenet_ebgp {\n${line}}\n`;
const offFile = fileText('    disabled yes;\n');

function look(
  protocols: readonly BirdProtocol[],
  { bird, ...more }: Partial<SessionLook> & { readonly bird?: ObservedBird } = {},
): SessionLook {
  return {
    names: [name],
    previousNames: [],
    running: runningProtocols(
      bird ?? { running: true, version: '2.0.12', protocols: [device, ...protocols] },
    ),
    file: fileText(''),
    isLoaded: true,
    nowSeconds: 1000,
    ...more,
  };
}

const off: Disabled = { by: 'birdc', phase: 'off', sinceSeconds: 900 };
const draining: Disabled = {
  by: 'moenet-agent',
  phase: 'draining',
  sinceSeconds: 990,
  drainedAtSeconds: 990 + drainSeconds,
};

describe('a protocol that is down', () => {
  it('counts as disabled by hand unless BIRD says why it shut the session down by itself', () => {
    expect(isDisabledByHand(down)).toBe(true);
    expect(isDisabledByHand(limited)).toBe(false);
    expect(isDisabledByHand(up)).toBe(false);
    expect(isDisabledByHand({ ...down, proto: 'Static', bgp: undefined })).toBe(false);
  });

  it('begins to be disabled by hand with the words that the operator gave', () => {
    const expected = { by: 'birdc', phase: 'off', sinceSeconds: 1000 };
    expect(nextDisabled(undefined, look([down]))).toEqual(expected);
    const said = { ...down, message: 'moves to another rack' };
    expect(nextDisabled(undefined, look([said]))).toEqual({ ...expected, words: 'moves to another rack' });
  });

  it('is nothing of an operator where a limit was hit, or BIRD has started nothing yet', () => {
    expect(nextDisabled(undefined, look([limited]))).toBeUndefined();
    const waits = { ...device, state: 'down', disabled: true };
    const bird = { running: true, version: '2.0.12', protocols: [waits, down] } as const;
    expect(nextDisabled(undefined, look([], { bird }))).toBeUndefined();
  });

  it('is one of two: the other one stays on', () => {
    const [v4, v6] = [`${name}_v4`, `${name}_v6`];
    const names = [v4, v6];
    const seen = look(
      [
        { ...down, name: v4 },
        { ...up, name: v6 },
      ],
      { names },
    );
    const disabled = nextDisabled(undefined, seen);
    expect(disabled?.protocols).toEqual([v4]);
    expect(offNames(disabled, names)).toEqual([v4]);
    const both = nextDisabled(
      disabled,
      look(
        [
          { ...down, name: v4 },
          { ...down, name: v6 },
        ],
        { names },
      ),
    );
    expect(both).toMatchObject({ sinceSeconds: 1000, protocols: undefined });
    expect(offNames(both, names)).toEqual(names);
  });

  it('is found under the name that it had before the agent', () => {
    const previous = { ...down, name: 'bgp_old' };
    const disabled = nextDisabled(undefined, look([previous], { previousNames: ['bgp_old'] }));
    expect(offNames(disabled, [name])).toEqual([name]);
  });
});

describe('a session that is off', () => {
  it('stays off whatever BIRD shows, and while BIRD does not answer', () => {
    expect(nextDisabled(off, look([down], { file: offFile }))).toEqual(off);
    expect(nextDisabled(off, look([]))).toEqual(off);
    const bird = { running: false, reason: 'no such file' } as const;
    expect(nextDisabled(off, look([], { bird }))).toEqual(off);
  });

  it('stays off also if BIRD runs it because its file did not say so yet, or is not loaded', () => {
    expect(nextDisabled(off, look([up]))).toEqual(off);
    expect(nextDisabled(off, look([up], { file: offFile, isLoaded: false }))).toEqual(off);
  });

  it('comes back by birdc enable: its loaded file disables it, and BIRD runs it', () => {
    expect(nextDisabled(off, look([up], { file: offFile }))).toBeUndefined();
  });

  it('stays off under another name', () => {
    expect(offNames({ ...off, protocols: [`${name}_v4`] }, [name])).toEqual([name]);
  });
});

describe('a session whose traffic is led away', () => {
  it('is switched off when the time is over', () => {
    const at = (nowSeconds: number) => nextDisabled(draining, look([up], { nowSeconds }))?.phase;
    expect(at(990 + drainSeconds - 1)).toBe('draining');
    expect(at(990 + drainSeconds)).toBe('off');
  });

  it('does not wait longer because the clock was set back', () => {
    expect(nextDisabled(draining, look([up], { nowSeconds: 10 }))?.phase).toBe('off');
  });

  it('is off at once by birdc disable', () => {
    expect(nextDisabled(draining, look([down]))).toEqual({ by: 'birdc', phase: 'off', sinceSeconds: 1000 });
  });
});

it('a session that returns is disabled until BIRD runs it', () => {
  const returning: Disabled = { ...off, phase: 'returning' };
  expect(nextDisabled(returning, look([down], { file: offFile }))).toEqual(returning);
  expect(nextDisabled(returning, look([]))).toEqual(returning);
  expect(nextDisabled(returning, look([{ ...up, state: 'start' }]))).toBeUndefined();
});

it('a file disables the protocol whose block says so, and no other', () => {
  const two = `${offFile}\nprotocol bgp other from moenet_ebgp {\n}\n`;
  expect([fileDisables(two, name), fileDisables(two, 'other')]).toEqual([true, false]);
  expect([fileDisables(fileText(''), name), fileDisables(undefined, name)]).toEqual([false, false]);
});

it('of a session with two protocols, one that has another name now switches off both', () => {
  const previous = { ...down, name: 'bgp_old' };
  const disabled = nextDisabled(
    undefined,
    look([previous], { names: ['a_v4', 'a_v6'], previousNames: ['bgp_old'] }),
  );
  expect(disabled).toEqual({ by: 'birdc', phase: 'off', sinceSeconds: 1000 });
  expect(offNames(disabled, ['a_v4', 'a_v6'])).toEqual(['a_v4', 'a_v6']);
});

it('of a session with two protocols, the second one that is switched off by hand joins the first', () => {
  const first: Disabled = { ...off, protocols: ['a_v4'] };
  const second = look([{ ...down, name: 'a_v6' }], { names: ['a_v4', 'a_v6'] });
  expect(offNames(nextDisabled(first, second), ['a_v4', 'a_v6'])).toEqual(['a_v4', 'a_v6']);
});
