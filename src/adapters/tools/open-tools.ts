import type { Run } from '../../platform/exec.js';
import type { Resolver } from '../../shell/ports/host.js';
import type { Tools } from '../../shell/ports/tools.js';
import { dig } from './dig.js';
import { openHostFinder } from './find-host.js';
import { openNameServers } from './name-servers.js';
import { ping, trace } from './programs.js';
import { tcping } from './tcping.js';

/** DN42's anycast resolvers. */
const dn42Servers = ['172.20.0.53', 'fd42:d42:d42:54::1'];

/** The tools on this machine; names below `.dn42` are asked of DN42's resolvers, all others of the machine's own. */
export function openTools(options: {
  readonly run: Run;
  readonly resolver: Resolver;
  /** `address` or `address:port`, IPv6 in brackets with a port. */
  readonly servers?: readonly string[];
}): Tools {
  const { run, resolver, servers = dn42Servers } = options;
  const nameServers = openNameServers(servers);
  const find = openHostFinder(resolver, nameServers);
  return {
    ping: async (target, signal) => {
      const found = await find(target, signal);
      return 'words' in found ? found.words : ping(run, found, signal);
    },
    tcping: async ({ host, port }, signal) => {
      const found = await find(host, signal);
      return 'words' in found ? found.words : tcping(found, port, signal);
    },
    trace: async (target, signal) => {
      const found = await find(target, signal);
      return 'words' in found ? found.words : trace(run, found, signal);
    },
    dig: (question, signal) => dig(nameServers, question, signal),
    locate: async (target, signal) => {
      if (target.kind === 'prefix') return target.prefix;
      const found = await find(target, signal);
      return 'words' in found ? found : found.address;
    },
  };
}
