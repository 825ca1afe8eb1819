import type { InterfaceName } from '../../core/model/interface-name.js';
import { ProgramError, type Run } from '../../platform/exec.js';
import type { WireGuard } from '../../shell/ports.js';
import {
  createInKernel,
  createInUserspace,
  type Implementation,
  isWithoutKernelSupport,
} from './create-interface.js';
import { sweepPrivateFiles } from './private-file.js';
import { showAllDump, syncConfig } from './wg.js';

/**
 * The WireGuard interfaces of the host. With `auto` the kernel makes them, or wireguard-go where the kernel has none;
 * what worked first is used from then on. `scratchDir` holds configurations while wg reads them.
 */
export function openWireGuard(options: {
  readonly run: Run;
  readonly implementation: 'auto' | Implementation;
  readonly scratchDir: string;
}): WireGuard {
  const { run, implementation, scratchDir } = options;
  let works = implementation === 'auto' ? undefined : implementation;
  let swept = false;
  return {
    observe: async (signal) => {
      if (!swept) await sweepPrivateFiles(scratchDir);
      swept = true;
      return showAllDump(run, signal);
    },
    create: async (name, signal) => {
      works = await create(run, works, name, signal);
    },
    syncConfig: (name, config, signal) => syncConfig(run, { name, config, scratchDir }, signal),
  };
}

async function create(
  run: Run,
  implementation: Implementation | undefined,
  name: InterfaceName,
  signal: AbortSignal | undefined,
): Promise<Implementation> {
  if (implementation !== 'userspace') {
    try {
      await createInKernel(run, name, signal);
      return 'kernel';
    } catch (error) {
      if (implementation === 'kernel' || !isWithoutKernelSupport(error)) throw error;
    }
  }
  try {
    await createInUserspace(run, name, signal);
    return 'userspace';
  } catch (error) {
    const missing = error instanceof ProgramError && error.missing && implementation === undefined;
    throw missing
      ? new Error('the kernel has no WireGuard, and wireguard-go is not installed', { cause: error })
      : error;
  }
}
