import { join } from 'node:path';
import { documented } from '../../../../src/adapters/control-plane/dialects/documented.js';
import { parseBirdConfig } from '../../../../src/adapters/control-plane/parse/parse-bird-config.js';
import { parseConfig } from '../../../../src/adapters/control-plane/parse/parse-config.js';
import { parseMesh } from '../../../../src/adapters/control-plane/parse/parse-mesh.js';
import { parseSessions } from '../../../../src/adapters/control-plane/parse/parse-sessions.js';
import { openRoutingRules } from '../../../../src/adapters/iproute2/rules.js';
import { openKernelRoutes } from '../../../../src/adapters/kernel-routes/kernel-routes.js';
import { openPortSets } from '../../../../src/adapters/nftables/port-sets.js';
import { openSysctls } from '../../../../src/adapters/proc/sysctls.js';
import { openUdpPorts } from '../../../../src/adapters/proc/udp-ports.js';
import { loadTemplates } from '../../../../src/adapters/templates/load-templates.js';
import { openKeyStore } from '../../../../src/adapters/wireguard/key-store.js';
import type { Routing } from '../../../../src/core/model/routing.js';
import { parsePrefix } from '../../../../src/core/model/values/ip.js';
import { makeFakeState } from '../../../../src/lab/simulated/machine/fake-state.js';
import { run } from '../../../../src/platform/exec.js';
import type { PassResult } from '../../../../src/shell/pass/context.js';
import { openMemory } from '../../../../src/shell/pass/memory.js';
import { reconcile } from '../../../../src/shell/pass/pass.js';
import { fixture } from '../../../unit/adapters/control-plane/fixture.js';
import { nodeSettings } from '../../../unit/make.js';
import { openTunnelHost } from '../../host/tunnel-host.js';
import { makeRealBird } from './real-bird.js';

/** Sessions of `GET sessions`, in the documented dialect. */
export type Rows = readonly object[];

/**
 * A node of the documented network without its mesh, with real links, real WireGuard and a real BIRD; one that is asked for
 * a pass makes it as the daemon does.
 */
export async function openRealNode(
  name: string,
  neighborRanges: readonly string[] = [],
  policy: Partial<Routing['policy']> = {},
  roaUnknown: 'accept' | 'reject' = 'accept',
) {
  let steppedMs = 0;
  const host = await openTunnelHost(name);
  const { namespace, links, wireguard } = host;
  const birdConfig = parseBirdConfig(fixture('documented/bird-config.json'));
  const bird = await makeRealBird(namespace);
  await bird.put('bird.conf', 'router id 192.0.2.1;\nprotocol device {}\n');
  await bird.start();
  const keys = openKeyStore({
    run,
    privateKeyPath: join(bird.base, 'private.key'),
    publicKeyPath: join(bird.base, 'public.key'),
  });
  const context = {
    host: {
      links,
      wireguard,
      keys,
      bird: bird.open('full'),
      kernelRoutes: openKernelRoutes({ procNet: `/proc/${namespace.pid}/net`, run: namespace.run }),
      rules: openRoutingRules({ run: namespace.run }),
      portSets: openPortSets({ run: namespace.run }),
      uplink: { controlPlaneHost: 'control.example.net', observe: async () => ({ resolvers: [] }) },
      resolver: { resolve: async () => new Map(), unresolved: () => [] },
      udpPorts: openUdpPorts({ net: `/proc/${namespace.pid}/net` }),
      // The kernel shows those of the namespace that the test itself is in.
      sysctls: openSysctls(),
      clock: {
        now: () => Date.now() + steppedMs,
        monotonic: () => performance.now(),
        sleep: async () => undefined,
      },
    },
    memory: await openMemory(makeFakeState()),
    templates: await loadTemplates(),
    settings: {
      ...nodeSettings,
      keepaliveSeconds: 1,
      loopbackInterface: 'lo',
      policy: {
        ...nodeSettings.policy,
        roaUnknown,
        neighborRanges: neighborRanges.flatMap((block) => parsePrefix(block) ?? []),
      },
    },
  } as const;
  await namespace.run('ip', ['link', 'set', 'lo', 'up']);
  const { publicKey } = (await keys.read()) ?? (await keys.create());
  return {
    namespace,
    publicKey,
    memory: context.memory,
    configDir: bird.configDir,
    /** BIRD is killed and started again. */
    startBirdAgain: async () => {
      await bird.stop();
      await bird.start();
    },
    clock: {
      addSeconds: (seconds: number) => {
        steppedMs += seconds * 1000;
      },
    },
    pass: (rows: Rows): Promise<PassResult> =>
      reconcile(
        context,
        {
          config: parseConfig(fixture('documented/config.json')),
          birdConfig: { ...birdConfig, policy: { ...birdConfig.policy, ...policy }, ibgpPeers: [] },
          mesh: parseMesh({ peers: [] }),
          sessions: parseSessions(rows, documented),
        },
        new AbortController().signal,
      ),
    birdc: async (...words: string[]) =>
      (await namespace.run('birdc', ['-s', bird.controlSocket, ...words])).stdout,
    close: async () => {
      await bird.close();
      await host.close();
    },
  };
}
