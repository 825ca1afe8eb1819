import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentConfig } from '../config/agent-config.js';
import { mergeBootstrap } from '../config/merge.js';
import type { BootstrapConfig } from '../core/model/control-plane.js';
import type { TeardownItem } from '../core/plan/teardown.js';
import { controlSocketPath } from '../http/client.js';
import { claimNode, DaemonRunningError } from '../http/control-socket.js';
import { findRemains, type TeardownContext, tearDown } from '../shell/operations/teardown.js';
import type { ResyncResult } from '../shell/status/status.js';
import type { Node } from './open-node.js';
import { type PassOptions, withNode } from './with-node.js';

interface TeardownOptions extends PassOptions {
  /** False: only looks. */
  readonly yes: boolean;
  /** The configuration file, which stays. */
  readonly configPath: string | undefined;
}

/** What `teardown` prints. Holds no secret. */
export interface TeardownDocument extends ResyncResult {
  /** What there is to remove, in order; after a removal what there was. */
  readonly items: readonly TeardownItem[];
  /** What stays: paths, each with what it holds. */
  readonly stays: readonly { readonly path: string; readonly what: string }[];
  /** What the reader must know of the look, in words. */
  readonly notes: readonly string[];
}

/**
 * Shows what the agent made on this node, or removes it. Asks the control plane nothing. A removal keeps other agents out;
 * throws where one works on the node.
 */
export async function teardown(config: AgentConfig, options: TeardownOptions): Promise<TeardownDocument> {
  const claim = options.yes ? await claimOrExplain(config) : undefined;
  try {
    return await withNode(config, options, async (node, signal) => {
      const bootstrap = (await node.controlPlane.recall().catch(() => undefined))?.config;
      const context = await contextOf(node, bootstrap);
      const { items, leftAlone } = await findRemains(context, signal);
      const done = options.yes ? await tearDown(context, signal) : { ok: true, changes: [], errors: [] };
      const notes = [...(bootstrap ? [] : [withoutAnswer(context)]), ...leftAlone];
      return { ...done, items, stays: await stayingOf(config, context, options), notes };
    });
  } finally {
    await claim?.release();
  }
}

async function claimOrExplain({ runtimeDir }: AgentConfig) {
  try {
    return await claimNode(controlSocketPath(runtimeDir));
  } catch (error) {
    if (!(error instanceof DaemonRunningError)) throw error;
    throw new Error(
      `${error.message}. The agent removed nothing. Stop it first: systemctl stop moenet-agent`,
    );
  }
}

async function contextOf(node: Node, bootstrap: BootstrapConfig | undefined): Promise<TeardownContext> {
  return {
    host: node.openHost(bootstrap),
    birdRemains: node.openBirdRemains(bootstrap),
    memory: await node.openMemory(),
    loopbackInterface: node.config.loopback.interface,
    nftSet: node.config.firewall?.nftSet,
    bootstrap,
  };
}

/** Paths that the control plane may have named are then the usual ones. */
function withoutAnswer({ birdRemains }: TeardownContext): string {
  return `there is no stored answer of the control plane, so the agent looked for BIRD's files in ${birdRemains.directory}`;
}

async function stayingOf(
  config: AgentConfig,
  { birdRemains, bootstrap }: TeardownContext,
  { configPath }: TeardownOptions,
): Promise<TeardownDocument['stays']> {
  const { wireguard, stateDir } = mergeBootstrap(config, bootstrap);
  const { copies } = await birdRemains.read();
  const candidates = [
    ...(configPath === undefined ? [] : [{ path: configPath, what: 'configuration' }]),
    { path: stateDir, what: 'state of the agent' },
    { path: wireguard.privateKeyPath, what: 'WireGuard private key' },
    { path: wireguard.publicKeyPath, what: 'WireGuard public key' },
    ...copies.map((copy) => ({ path: join(birdRemains.directory, copy), what: 'copy that the agent kept' })),
  ];
  return candidates.filter(({ path }) => existsSync(path));
}
