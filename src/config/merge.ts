import type { BootstrapConfig } from '../core/model/control-plane.js';
import type { AgentConfig, NodeConfig } from './agent-config.js';
import { choosePath } from './control-plane-paths.js';

/**
 * The effective configuration: the file over `GET config` over the defaults. Paths of `GET config` count only inside the
 * default directories; `refusedPaths` lists the others. `bootstrap` is undefined where neither the control plane nor a
 * stored copy has answered yet.
 */
export function mergeBootstrap(file: AgentConfig, bootstrap: BootstrapConfig | undefined): NodeConfig {
  const { bird, wireguard, metric, node } = bootstrap ?? {};
  const refusedPaths: string[] = [];
  const path = (key: Parameters<typeof choosePath>[0], ofFile?: string, ofControlPlane?: string) =>
    choosePath(key, ofFile, ofControlPlane, (sentence) => refusedPaths.push(sentence));
  const keys = file.wireguard;
  return {
    ...file,
    refusedPaths,
    bird: {
      ...file.bird,
      configDir: path('bird.configDir', file.bird.configDir, bird?.configDir),
      controlSocket: path('bird.controlSocket', file.bird.controlSocket, bird?.controlSocket),
    },
    wireguard: {
      ...keys,
      privateKeyPath: path('wireguard.privateKeyPath', keys.privateKeyPath, wireguard?.privateKeyPath),
      publicKeyPath: path('wireguard.publicKeyPath', keys.publicKeyPath, wireguard?.publicKeyPath),
      persistentKeepaliveSeconds: wireguard?.persistentKeepaliveSeconds ?? 25,
      ipv6LinkLocal: wireguard?.ipv6LinkLocal,
    },
    loopback: { ...file.loopback, ipv4: node?.loopbackIpv4, ipv6: node?.loopbackIpv6 },
    ping: { count: metric?.pingCount ?? 3, timeoutMs: (metric?.pingTimeoutSeconds ?? 2) * 1000 },
  };
}
