import { expect, it } from 'vitest';
import type { Patient } from '../../../src/doctor/check.js';
import { controlPlaneCheck } from '../../../src/doctor/checks/control-plane.js';
import { ControlPlaneError, type FailureKind } from '../../../src/shell/ports/control-plane-error.js';

/** What the check finds where the control plane answers, and `GET config` fails in this way. */
async function find(kind: FailureKind) {
  const patient = {
    node: { bootstrap: { apiUrl: 'https://api.example.net', nodeName: 'jp1' } },
    configPath: '/etc/x.json',
    stored: {},
    controlPlane: {
      checkHealth: async () => undefined,
      fetchConfig: () => Promise.reject(new ControlPlaneError('GET config', { kind, reason: 'no' })),
    },
  } as unknown as Patient;
  return (await controlPlaneCheck.look(patient, new AbortController().signal)).at(-1);
}

it.each(['unauthorized', 'unknown-node'] as const)('%s: what helps is the configuration', async (kind) => {
  expect(await find(kind)).toEqual({
    level: 'fault',
    text: 'it does not give jp1 its configuration: GET config: no',
    remedy: `\${EDITOR:-vi} /etc/x.json && moenet-agent check-config /etc/x.json`,
  });
});

it('server-error: what helps is to see its answer', async () => {
  expect(await find('server-error')).toMatchObject({
    level: 'fault',
    remedy: 'curl -v https://api.example.net/health',
  });
});
