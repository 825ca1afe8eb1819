import type { BootstrapConfig } from '../core/model/control-plane.js';
import type { AgentConfig, NodeConfig } from './agent-config.js';

/**
 * The effective configuration: what the file says overrides what `GET config` brought, which overrides the defaults.
 * `bootstrap` is undefined where neither the control plane nor a stored copy has answered yet.
 */
export function mergeBootstrap(file: AgentConfig, bootstrap: BootstrapConfig | undefined): NodeConfig {
  const { bird, wireguard, metric, node } = bootstrap ?? {};
  return {
    ...file,
    bird: {
      ...file.bird,
      configDir: file.bird.configDir ?? bird?.configDir ?? '/etc/bird',
      controlSocket: file.bird.controlSocket ?? bird?.controlSocket ?? '/run/bird/bird.ctl',
    },
    wireguard: {
      ...file.wireguard,
      privateKeyPath:
        file.wireguard.privateKeyPath ?? wireguard?.privateKeyPath ?? '/etc/wireguard/private.key',
      publicKeyPath: file.wireguard.publicKeyPath ?? wireguard?.publicKeyPath ?? '/etc/wireguard/public.key',
      persistentKeepaliveSeconds: wireguard?.persistentKeepaliveSeconds ?? 25,
      ipv6LinkLocal: wireguard?.ipv6LinkLocal,
    },
    loopback: { ...file.loopback, ipv4: node?.loopbackIpv4, ipv6: node?.loopbackIpv6 },
    ping: { count: metric?.pingCount ?? 3, timeoutMs: (metric?.pingTimeoutSeconds ?? 2) * 1000 },
  };
}
