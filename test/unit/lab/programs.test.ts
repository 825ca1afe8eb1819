import { expect, it } from 'vitest';
import { hasKernelWireGuard } from '../../../src/lab/programs.js';
import { ProgramError, type Run } from '../../../src/platform/exec.js';

/** A machine that makes WireGuard interfaces for whom `allows` says so; `asked` holds the command lines. */
function machine(allows: (line: string) => boolean) {
  const asked: string[] = [];
  const run: Run = async (program, args) => {
    const line = [program, ...args].join(' ');
    asked.push(line);
    if (allows(line)) return { stdout: '', stderr: '', exitCode: 0 };
    const stderr = 'Error: Unknown device type.';
    throw new ProgramError({ program, exitCode: 2, stderr, missing: false, message: stderr });
  };
  return { run, asked };
}

it.each([
  ['root', (line: string) => !line.includes('--user'), true],
  ['a user in a namespace of their own', (line: string) => line.includes('--user'), true],
  ['nobody', () => false, false],
])('the kernel’s WireGuard is there where it makes an interface for %s', async (_, allows, has) => {
  const { run, asked } = machine(allows);
  expect(await hasKernelWireGuard(run)).toBe(has);
  for (const line of asked) expect(line).toMatch(/^unshare .*--net -- ip link add dev probe type wireguard$/);
});
