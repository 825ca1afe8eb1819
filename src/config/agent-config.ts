import type { NodeSettings } from '../core/desired/settings.js';
import type { Ipv4, Ipv6 } from '../core/model/values/ip.js';
import type { NftSet } from '../core/model/values/port-set.js';
import type { HttpProxy } from '../core/model/values/proxy.js';
import type { Secret } from '../core/model/values/secret.js';

type DialectChoice = 'auto' | 'documented' | 'moenet-core';

/** Where the local HTTP server listens. Without a host: on every address of the machine. Port 0: any free one. */
export interface ListenAddress {
  readonly host: string | undefined;
  readonly port: number;
}

/**
 * The settings of the file and the environment, every value valid, every path absolute. Only settings that `GET config`
 * may fill are `undefined`; `mergeBootstrap` fills them.
 */
export interface AgentConfig {
  readonly bootstrap: {
    /** Without a slash at its end; a path prefix is kept. */
    readonly apiUrl: string;
    readonly nodeName: string;
    readonly token: Secret;
    /** The environment's proxy for `apiUrl`. */
    readonly proxy?: HttpProxy | undefined;
    readonly dialect: DialectChoice;
  };
  readonly server: {
    /** At least one. */
    readonly listen: readonly ListenAddress[];
    /** It reads `/metrics` and nothing else. */
    readonly metricsToken?: Secret | undefined;
    readonly metrics: 'token' | 'open-on-loopback';
  };
  readonly stateDir: string;
  /** False: none is kept on disk. */
  readonly history: boolean;
  readonly runtimeDir: string;
  readonly templatesDir: string | undefined;
  readonly bird: {
    readonly configDir: string | undefined;
    readonly controlSocket: string | undefined;
    readonly mode: 'full' | 'include';
    /** The kernel's table for DN42's routes; undefined: the main one. */
    readonly kernelTable?: number | undefined;
  };
  readonly wireguard: {
    readonly privateKeyPath: string | undefined;
    readonly publicKeyPath: string | undefined;
    readonly implementation: 'auto' | 'kernel' | 'userspace';
  };
  /** The operator's set for the ports of tunnels; absent: none. */
  readonly firewall?: { readonly nftSet?: NftSet | undefined };
  readonly loopback: { readonly interface: string };
  readonly intervals: {
    readonly lookMs: number;
    readonly sessionsMs: number;
    readonly reportMs: number;
    readonly heartbeatMs: number;
    readonly meshMs: number;
    readonly birdConfigMs: number;
  };
  /** What the operator of this very node adds to the network's policy. */
  readonly policy: NodeSettings['policy'];
  /** What the operator wants of single sessions. */
  readonly sessions: NodeSettings['sessions'];
  readonly limits: { readonly requestsPerMinute: number };
  /** Set by the agent's unit, which has fewer rights than its work needs. */
  readonly unit?: {
    /** The sockets of the helpers that systemd starts. */
    readonly helpersDir: string | undefined;
    /** Where the unit shows /proc/sys/net. */
    readonly sysctlsDir: string | undefined;
  };
}

/** The effective configuration: the file over `GET config` over the defaults. */
export interface NodeConfig extends AgentConfig {
  /** The paths of `GET config` that the agent ignores, one sentence each. */
  readonly refusedPaths: readonly string[];
  readonly bird: AgentConfig['bird'] & { readonly configDir: string; readonly controlSocket: string };
  readonly wireguard: AgentConfig['wireguard'] & {
    readonly privateKeyPath: string;
    readonly publicKeyPath: string;
    readonly persistentKeepaliveSeconds: number;
    /** Our link-local address on every tunnel; undefined: derived from the loopback address. */
    readonly ipv6LinkLocal: Ipv6 | undefined;
  };
  readonly loopback: AgentConfig['loopback'] & {
    readonly ipv4: Ipv4 | undefined;
    readonly ipv6: Ipv6 | undefined;
  };
  readonly ping: { readonly count: number; readonly timeoutMs: number };
}
