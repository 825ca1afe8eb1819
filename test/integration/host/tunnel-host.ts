import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openLinks } from '../../../src/adapters/iproute2/links.js';
import { openWireGuard } from '../../../src/adapters/wireguard/wireguard.js';
import { type InterfaceName, interfaceName } from '../../../src/core/model/values/interface-name.js';
import { openNamespace } from '../../../src/lab/namespace.js';
import type { Run } from '../../../src/platform/exec.js';

/**
 * A host in a namespace with the adapters on it. `commands` holds the programs that were run since it was emptied. Its tunnels are
 * wireguard-go's, or with `auto` the kernel's where that has WireGuard.
 */
export async function openTunnelHost(name: string, implementation: 'auto' | 'userspace' = 'userspace') {
  const namespace = await openNamespace(name);
  const scratchDir = await mkdtemp(join(tmpdir(), 'moenet-scratch-'));
  const commands: string[] = [];
  const run: Run = (program, args, options) => {
    commands.push(program);
    return namespace.run(program, args, options);
  };
  const links = openLinks({ run });
  const open = (by: Run, kind: 'auto' | 'kernel' | 'userspace' = implementation) =>
    openWireGuard({
      run: by,
      links: openLinks({ run: by }),
      implementation: kind,
      scratchDir,
      socketDir: `/proc/${namespace.pid}/root/run/wireguard`,
      unixTable: `/proc/${namespace.pid}/net/unix`,
    });
  const wireguard = open(run);
  return {
    namespace,
    scratchDir,
    commands,
    links,
    wireguard,
    /** Makes one tunnel, or throws. */
    create: async (tunnel: InterfaceName) => {
      const words = (await wireguard.create([tunnel])).failures.get(tunnel);
      if (words !== undefined) throw new Error(words);
    },
    /** All of the adapter, whose commands `by` runs. */
    open,
    /** The wireguard-go processes of this host. */
    daemons: () => daemonsOf(namespace.pid),
    /** Deletes every tunnel, for their daemons would keep the namespace, and waits for the daemons to end. */
    close: async () => {
      const kinds = ['tun', 'wireguard'];
      const tunnels = (await links.observe()).filter(({ kind }) => kinds.includes(kind ?? ''));
      await links.apply(tunnels.map((link) => ({ interface: link.name, remove: true })));
      await until('the daemons have ended', async () => (await daemonsOf(namespace.pid)).length === 0);
      await namespace.close();
      await rm(scratchDir, { recursive: true });
    },
  };
}

const limitMs = 60_000;

export const named = (text: string): InterfaceName => interfaceName.parse(text);

/** Waits until `holds` says true, at most 60 s. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited ${limitMs / 1000} s until ${what}`);
    await sleep(20);
  }
}

async function daemonsOf(holder: number): Promise<readonly number[]> {
  const net = await readlink(`/proc/${holder}/ns/net`);
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry));
  const ours = await Promise.all(
    pids.map(async (pid) => {
      const comm = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
      if (comm.trim() !== 'wireguard-go') return false;
      return (await readlink(`/proc/${pid}/ns/net`).catch(() => '')) === net;
    }),
  );
  return pids.filter((_, index) => ours[index]).map(Number);
}
