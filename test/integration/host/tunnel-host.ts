import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type InterfaceName, interfaceName } from '../../../src/core/model/values/interface-name.js';
import { openNamespace } from '../../../src/lab/namespace.js';
import { openAdapters } from './adapters.js';

/** A host in a namespace of this machine. Its tunnels are wireguard-go's, or with `auto` the kernel's where that has WireGuard. */
export async function openTunnelHost(name: string, implementation: 'auto' | 'userspace' = 'userspace') {
  const namespace = await openNamespace(name);
  const scratchDir = await mkdtemp(join(tmpdir(), 'moenet-scratch-'));
  const adapters = openAdapters(namespace.run, {
    implementation,
    scratchDir,
    socketDir: `/proc/${namespace.pid}/root/run/wireguard`,
    unixTable: `/proc/${namespace.pid}/net/unix`,
    netlinkTable: `/proc/${namespace.pid}/net/netlink`,
  });
  const { links } = adapters;
  return {
    ...adapters,
    namespace,
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
