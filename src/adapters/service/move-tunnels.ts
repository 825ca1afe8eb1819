import { readdir, readFile } from 'node:fs/promises';
import type { Run } from '../../platform/exec.js';

const unit = 'moenet-agent.service';
const scope = 'moenet-agent-tunnels.scope';

/**
 * Moves each wireguard-go that runs in the agent's unit into a scope of its own, where nobody kills it with the agent: a version
 * of the agent that ran as root started it there. Returns how many there were. systemd forgets the scope with its last process.
 */
export async function moveTunnels(run: Run): Promise<number> {
  const pids = await tunnelsInUnit();
  if (pids.length === 0) return 0;
  // busctl(1) writes an array as its length and its members.
  const properties = ['2', 'Description', 's', 'WireGuard tunnels of an earlier MoeNet agent'];
  const processes = ['PIDs', 'au', String(pids.length), ...pids];
  const manager = [
    'org.freedesktop.systemd1',
    '/org/freedesktop/systemd1',
    'org.freedesktop.systemd1.Manager',
  ];
  const call = ['StartTransientUnit', 'ssa(sv)a(sa(sv))', scope, 'fail', ...properties, ...processes, '0'];
  await run('busctl', ['--quiet', 'call', ...manager, ...call]);
  return pids.length;
}

async function tunnelsInUnit(): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    const read = (name: string) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
    if ((await read('comm')).trim() !== 'wireguard-go') continue;
    if ((await read('cgroup')).trim().endsWith(`/${unit}`)) found.push(pid);
  }
  return found;
}
