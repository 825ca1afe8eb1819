import { expect, it } from 'vitest';
import { describeSwitching } from '../../../../../src/core/desired/disabled/say-disabled.js';
import type { DesiredSession } from '../../../../../src/core/desired/sessions.js';
import type { Disabled } from '../../../../../src/core/model/disabled.js';
import { makeSession } from '../../../make.js';

const session = makeSession();
const name = `session ${session.uuid} (AS${session.asn})`;

it.each<[Disabled['phase'], string[]]>([
  [
    'draining',
    [
      `${name}: the agent leads traffic away until 1970-01-01 00:16:40 UTC, then disables it; to keep it enabled, run: moenet-agent enable ${session.interface}`,
    ],
  ],
  ['returning', [`${name}: an operator enabled it; BIRD does not run it yet`]],
  ['off', []],
])('a session that is %s: %j', (phase, expected) => {
  const disabled: Disabled = { by: 'moenet-agent', phase, sinceSeconds: 900, drainedAtSeconds: 1000 };
  expect(describeSwitching([{ session, disabled } as DesiredSession])).toEqual(expected);
});
