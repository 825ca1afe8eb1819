import { expect, it } from 'vitest';
import { renderDiagnosis } from '../../../src/cli/doctor/view.js';
import type { Check, Patient } from '../../../src/doctor/check.js';
import { examine } from '../../../src/doctor/doctor.js';
import { fault, ok, warning } from '../../../src/doctor/finding.js';

const patient = {} as Patient;
const check = (name: string, look: Check['look'], limitMs = 60_000): Check => ({ name, limitMs, look });

it('is ok without a fault, and not with one', async () => {
  const good = check('one', async () => [ok('fine'), warning('hm', 'true')]);
  expect((await examine(patient, [good])).ok).toBe(true);
  expect((await examine(patient, [good, check('two', async () => [fault('bad', 'true')])])).ok).toBe(false);
});

it('a check that fails or hangs is a finding, and the others go on', async () => {
  const hangs = check('hangs', () => new Promise(() => undefined), 1);
  const fails = check('fails', async () => Promise.reject(new Error('no such file')));
  const { findings } = await examine(patient, [hangs, fails, check('works', async () => [ok('fine')])]);
  expect(findings).toEqual([
    {
      check: 'hangs',
      level: 'warning',
      text: 'the check did not end within 0.001 s',
      remedy: 'moenet-agent doctor',
    },
    {
      check: 'fails',
      level: 'warning',
      text: 'the check failed: no such file',
      remedy: expect.stringMatching(/^(?:sudo moenet-agent doctor|moenet-agent debug bundle)$/),
    },
    { check: 'works', level: 'ok', text: 'fine' },
  ]);
});

it('is shown with a remedy in a line of its own, within the terminal', () => {
  const text = `IPv4 forwarding is off: ${'the kernel drops packets '.repeat(4)}`;
  const findings = [
    { check: 'sysctls', ...fault(text, 'sysctl -w net.ipv4.ip_forward=1') },
    { check: 'sysctls', ...ok('\u001b[2Jfine') },
  ];
  const shown = renderDiagnosis({ ok: false, findings }, { width: 80, paint: (_, each) => each });
  expect(shown).toBe(`sysctls        fault    IPv4 forwarding is off: the kernel drops packets the
                        kernel drops packets the kernel drops packets the kernel
                        drops packets
                        $ sysctl -w net.ipv4.ip_forward=1
               ok       [2Jfine

1 fault
`);
});
