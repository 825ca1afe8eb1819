import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { loadTemplates } from '../../src/adapters/templates/load-templates.js';
import { asn } from '../../src/core/model/values/asn.js';
import { renderBird } from '../../src/core/render/bird.js';
import type { Pending } from '../../src/core/render/running-options.js';
import type { Namespace } from '../../src/lab/namespace.js';
import { documented } from '../unit/core/render/routings.js';
import { makeSession, v6 } from '../unit/make.js';
import { asns, birdRouter, type Router, routes } from './neighbor.js';
import { ends } from './path.js';

/** What the node's BGP session and its kernel protocols have: what the agent renders, or what BIRD does if nothing is said. */
export type NodeOptions = 'ours' | 'defaults';

const protocol = `dn42_${asns.neighbor}`;

/** Our node's BIRD with one session, configured as the agent renders it. */
export async function openNode(host: Namespace, options: NodeOptions): Promise<Router> {
  const directory = '/run/bird/etc';
  const root = `/proc/${host.pid}/root`;
  for (const name of ['peers', 'ibgp.d']) await mkdir(`${root}${directory}/${name}`, { recursive: true });
  for (const [path, text] of await filesOf(options)) {
    await mkdir(dirname(`${root}${directory}/${path}`), { recursive: true });
    await writeFile(`${root}${directory}/${path}`, text);
  }
  return birdRouter(host, 'bird', `${directory}/bird.conf`, routes.neighbor);
}

/** Its files: path → text. */
export async function filesOf(options: NodeOptions): Promise<(readonly [string, string])[]> {
  const session = makeSession({
    uuid: 'session-1',
    asn: asn.parse(asns.neighbor),
    interface: ends.node.interface,
    ipv6LinkLocal: v6(ends.neighbor.address),
  });
  const routing = {
    ...documented,
    birdVersion: undefined,
    policy: { ...documented.policy, rpkiServers: [] },
    sessions: [{ protocol, latencyTier: undefined, session }],
    ibgpPeers: [],
    meshInterfaces: [],
  };
  if (options === 'ours') return render(routing, undefined);
  const none = { protocol: [], ipv4: [], ipv6: [] };
  const files = await render(routing, () => ({ running: new Map([[protocol, none]]), waiting: [] }));
  return files.map(([path, text]) => [path, text.replaceAll('    graceful restart on;\n', '')]);
}

async function render(
  routing: Parameters<typeof renderBird>[0],
  runs: (() => Pending) | undefined,
): Promise<(readonly [string, string])[]> {
  const files = renderBird(routing, await loadTemplates(), runs);
  return files.map(({ path, content }) => [path, content] as const);
}
