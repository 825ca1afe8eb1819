import { openLinkListeners } from '../../../src/adapters/iproute2/link-listeners.js';
import { openLinks } from '../../../src/adapters/iproute2/links.js';
import { openWireGuard } from '../../../src/adapters/wireguard/wireguard.js';
import type { InterfaceName } from '../../../src/core/model/values/interface-name.js';
import type { Run } from '../../../src/platform/exec.js';

type Implementation = Parameters<typeof openWireGuard>[0]['implementation'];

/**
 * The adapters of links and WireGuard on a host whose programs `raw` runs. `commands` holds the programs that they ran since it
 * was emptied. `scratchDir`, `socketDir` and `unixTable` are as `openWireGuard` takes them.
 */
export function openAdapters(
  raw: Run,
  {
    implementation,
    netlinkTable,
    ...places
  }: {
    readonly implementation: Implementation;
    readonly scratchDir: string;
    readonly socketDir: string;
    readonly unixTable: string;
    /** The kernel's list of netlink sockets on that host. */
    readonly netlinkTable: string;
  },
) {
  const commands: string[] = [];
  const run: Run = (program, args, options) => {
    commands.push(program);
    return raw(program, args, options);
  };
  const listeners = openLinkListeners({ table: netlinkTable });
  const open = (by: Run, kind: Implementation = implementation) =>
    openWireGuard({
      run: by,
      links: openLinks({ run: by, listeners }),
      implementation: kind,
      listeners,
      ...places,
    });
  const wireguard = open(run);
  return {
    scratchDir: places.scratchDir,
    commands,
    links: openLinks({ run, listeners }),
    wireguard,
    /** Makes one tunnel, or throws. */
    create: async (tunnel: InterfaceName) => {
      const words = (await wireguard.create([tunnel])).failures.get(tunnel);
      if (words !== undefined) throw new Error(words);
    },
    /** All of the adapter, whose commands `by` runs. */
    open,
  };
}
