import { existsSync } from 'node:fs';

/** What is known of WireGuard in the kernel, so that `ip` is not asked for each new tunnel. */
export interface KernelSupport {
  /** True where the kernel has it now. */
  isThere(): boolean;
  /** True where the kernel has said so lately, and no module has come since. */
  isAbsent(): boolean;
  /** The kernel has no WireGuard, and loads no module when it is asked for one. */
  noteAbsent(): void;
}

/** A module that is installed is not loaded before somebody asks. */
const askAgainAfterMs = 600_000;

export function openKernelSupport(
  module = '/sys/module/wireguard',
  now: () => number = () => performance.now(),
): KernelSupport {
  let absentSinceMs: number | undefined;
  const isThere = () => existsSync(module);
  return {
    isThere,
    isAbsent: () => absentSinceMs !== undefined && now() - absentSinceMs < askAgainAfterMs && !isThere(),
    noteAbsent: () => {
      absentSinceMs = now();
    },
  };
}
