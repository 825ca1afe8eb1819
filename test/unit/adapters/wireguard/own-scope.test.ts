import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { runOutsideService } from '../../../../src/adapters/wireguard/own-scope.js';
import type { Run } from '../../../../src/platform/exec.js';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'moenet-agent-scope-'));
  vi.spyOn(process, 'geteuid').mockReturnValue(0);
});

afterAll(async () => {
  vi.restoreAllMocks();
  await rm(directory, { recursive: true });
});

/** The programs that are started in a process of this cgroup; those in `failing` end with 1. */
async function startedIn(cgroup: string, failing: readonly string[] = []): Promise<string[]> {
  const file = join(directory, 'cgroup');
  await writeFile(file, cgroup);
  const started: string[] = [];
  const run: Run = async (program, args) => {
    started.push([program, ...args].join(' '));
    return { exitCode: failing.includes(program) ? 1 : 0, stdout: program, stderr: '' };
  };
  const { stdout } = await runOutsideService(run, ['wireguard-go', 'wg_1'], { okExitCodes: [1] }, file);
  expect(stdout).toBe(started.at(-1)?.split(' ')[0]);
  return started;
}

const inScope = 'systemd-run --scope --quiet --collect -- wireguard-go wg_1';

it('a daemon gets a scope of its own where the agent is in a service', async () => {
  expect(await startedIn('0::/system.slice/moenet-agent.service\n')).toEqual([inScope]);
});

it('it starts as usual in a session, and where it fails in the scope', async () => {
  expect(await startedIn('0::/user.slice/user-0.slice/session-3.scope\n')).toEqual(['wireguard-go wg_1']);
  expect(await startedIn('0::/init.service\n', ['systemd-run'])).toEqual([inScope, 'wireguard-go wg_1']);
});
