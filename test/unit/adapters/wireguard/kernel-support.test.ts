import { expect, it } from 'vitest';
import { openKernelSupport } from '../../../../src/adapters/wireguard/kernel-support.js';

it('a kernel without WireGuard is asked again after ten minutes, and at once where a module has come', () => {
  let nowMs = 1_000;
  const support = openKernelSupport('/nonexistent', () => nowMs);
  expect(support.isAbsent()).toBe(false);
  support.noteAbsent();
  expect(support.isAbsent()).toBe(true);
  nowMs += 600_000;
  expect(support.isAbsent()).toBe(false);

  const loaded = openKernelSupport('/sys', () => nowMs);
  loaded.noteAbsent();
  expect(loaded.isAbsent()).toBe(false);
});
