import { describe, expect, it } from 'vitest';
import type { DesiredProtocol } from '../../../../src/core/model/artifacts.js';
import type { BirdProtocol, ObservedBird } from '../../../../src/core/model/observed.js';
import { sessionId } from '../../../../src/core/model/values/session-id.js';
import { diffProtocols } from '../../../../src/core/plan/diff-bird.js';

const owner = { kind: 'session', uuid: sessionId.parse('abc-123') } as const;
const wanted: DesiredProtocol = { name: 'dn42_1', owner };
const running: BirdProtocol = {
  name: 'dn42_1',
  proto: 'BGP',
  state: 'up',
  since: '',
  info: '',
  channels: [],
  disabled: false,
  bgp: undefined,
};
const disabled: BirdProtocol = { ...running, state: 'down', disabled: true };

function changesFor(protocol: DesiredProtocol, present: BirdProtocol) {
  const bird: ObservedBird = { running: true, version: '2.0.12', protocols: [present] };
  return diffProtocols([protocol], bird, false, false).map((change) => [change.kind, change.why]);
}

describe('a protocol of a session', () => {
  it('that is to run and runs, or is to be off and is off, needs nothing', () => {
    expect(changesFor(wanted, running)).toEqual([]);
    expect(changesFor({ ...wanted, off: true }, disabled)).toEqual([]);
  });

  it('is disabled if an operator disabled the session, and enabled if one enabled it', () => {
    expect(changesFor({ ...wanted, off: true }, running)).toEqual([
      ['disable-protocol', 'an operator disabled its session'],
    ]);
    expect(changesFor({ ...wanted, returns: true }, disabled)).toEqual([
      ['enable-protocol', 'an operator enabled its session'],
    ]);
  });

  it('that BIRD shut down by itself is enabled; one that was disabled by hand just now is not', () => {
    const bgp = { state: 'Down', neighborAddress: undefined, neighborAs: undefined };
    expect(changesFor(wanted, { ...disabled, bgp: { ...bgp, lastError: 'Route limit exceeded' } })).toEqual([
      ['enable-protocol', 'BIRD shut it down by itself: Route limit exceeded'],
    ]);
    expect(changesFor(wanted, { ...disabled, bgp: { ...bgp, lastError: undefined } })).toEqual([]);
  });
});
