import { writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import type { Diagnosis } from '../../../src/doctor/finding.js';
import { commandLine } from './command-line.js';

const { cli, path } = commandLine();
const diagnosis: Diagnosis = { ok: false, findings: [{ check: 'DNS', level: 'fault', text: 'no resolver' }] };

it('exits 1 with a fault and 0 without', async () => {
  const { exitCode, out } = await cli('doctor', { diagnosis });
  expect([exitCode, out]).toEqual([1, 'DNS            fault    no resolver\n\n1 fault\n']);
  expect(await cli('doctor', {})).toMatchObject({ exitCode: 0, out: '\nnothing is wrong\n' });
});

it('--json prints the document', async () => {
  const { exitCode, out } = await cli('doctor --json', { diagnosis });
  expect([exitCode, JSON.parse(out)]).toEqual([1, diagnosis]);
});

it('goes on with a configuration that cannot be used', async () => {
  await writeFile(path('config.json'), '{"bootstrap": {"nodeName": "jp1"}}', { mode: 0o600 });
  const { exitCode, calls } = await cli('doctor', {});
  expect([exitCode, calls]).toEqual([0, ['diagnose undefined 2']]);
});
