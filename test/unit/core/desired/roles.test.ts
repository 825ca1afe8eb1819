import { describe, expect, it } from 'vitest';
import { describeRoles, refusedRoles } from '../../../../src/core/desired/policy/roles.js';
import type { DesiredSession } from '../../../../src/core/desired/sessions.js';
import type { ObservedBird } from '../../../../src/core/model/observed.js';
import type { PolicyName } from '../../../../src/core/model/policy-name.js';
import { makeSession } from '../../make.js';

function item(policy: PolicyName): DesiredSession {
  return { session: makeSession({ policy }), protocol: 'dn42_4242421080' } as DesiredSession;
}

function birdWith(lastError: string): ObservedBird {
  const bgp = { state: 'Idle', neighborAddress: undefined, neighborAs: undefined, lastError };
  const row = { proto: 'BGP', state: 'start', since: '', info: '', disabled: false, channels: [] };
  return { running: true, version: '2.0.12', protocols: [{ ...row, name: 'dn42_4242421080', bgp }] };
}

describe('a neighbor that refuses our BGP role', () => {
  const refused = ['abc-123 peer'];

  it.each(['BGP Error: Role mismatch', 'Received: Role mismatch'])('is known by "%s"', (error) => {
    expect(refusedRoles([item('peer')], birdWith(error), [])).toEqual(refused);
    expect(describeRoles([item('peer')], refused)[0]).toMatch(/^AS4242421080 on wg_24001: .*"peer"/);
  });

  it('is remembered when BIRD shows another error, or does not answer', () => {
    expect(refusedRoles([item('peer')], birdWith('Socket: Connection closed'), refused)).toEqual(refused);
    expect(refusedRoles([item('peer')], { running: false, reason: 'off' }, refused)).toEqual(refused);
  });

  it('is not known while BIRD does not answer', () => {
    expect(refusedRoles([item('peer')], { running: false, reason: 'off' }, [])).toEqual([]);
  });

  it('gets another chance with another policy, and is forgotten with the session', () => {
    expect(refusedRoles([item('upstream')], birdWith('Socket: Connection closed'), refused)).toEqual([]);
    expect(refusedRoles([], birdWith('BGP Error: Role mismatch'), refused)).toEqual([]);
  });

  it('is no neighbor with any other error', () => {
    expect(refusedRoles([item('peer')], birdWith('BGP Error: Hold timer expired'), [])).toEqual([]);
    expect(describeRoles([item('peer')], [])).toEqual([]);
  });
});
