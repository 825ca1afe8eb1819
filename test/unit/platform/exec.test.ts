import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'rolldown';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ProgramError, run } from '../../../src/platform/exec.js';

/** Node itself is the one program every machine with these tests has. */
const node = (script: string, ...args: string[]) => [process.execPath, ['-e', script, ...args]] as const;

const failure = (promise: Promise<unknown>): Promise<ProgramError> =>
  promise.then(
    () => expect.unreachable('the program was expected to fail'),
    (error: unknown) => {
      expect(error).toBeInstanceOf(ProgramError);
      return error as ProgramError;
    },
  );

/** The letter of proc(5); `X` where there is no such process. Whoever inherits an orphan decides when a zombie (`Z`) goes. */
async function stateOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') X');
  return stat.slice(stat.lastIndexOf(') ') + 2).charAt(0);
}

describe('run', () => {
  it('gives both outputs and the exit code', async () => {
    const result = await run(...node('console.log("out"); console.error("err")'));
    expect(result).toEqual({ stdout: 'out', stderr: 'err', exitCode: 0 });
  });

  it('takes arguments as they are, without a shell', async () => {
    const odd = `a b; "$HOME" 'c' *`;
    expect((await run(...node('console.log(process.argv[1])', odd))).stdout).toBe(odd);
  });

  it('hands the input over, and an empty one where there is none', async () => {
    const cat = 'process.stdin.pipe(process.stdout)';
    expect((await run(...node(cat), { input: 'hello' })).stdout).toBe('hello');
    expect((await run(...node(cat))).stdout).toBe('');
  });

  it('speaks English whatever the environment says, and adds variables', async () => {
    const print = node('console.log(process.env.LC_ALL, process.env.ADDED)');
    const result = await run(...print, { env: { LC_ALL: 'de_DE.UTF-8', ADDED: 'yes' } });
    expect(result.stdout).toBe('C yes');
  });

  it('gives a program no variable that is not on the list, such as the token', async () => {
    const own = { MOENET_CP_TOKEN: 'tok', CREDENTIALS_DIRECTORY: '/c', UNHEARD_OF: 'x', TZ: 'UTC' };
    for (const [name, value] of Object.entries(own)) vi.stubEnv(name, value);
    onTestFinished(() => void vi.unstubAllEnvs());
    const print = node('console.log(Object.keys(process.env).join(" "))');
    const names = (await run(...print, { env: { ADDED: 'yes' } })).stdout.split(' ');
    expect(names).toEqual(expect.arrayContaining(['ADDED', 'LC_ALL', 'PATH', 'TZ']));
    const allowed = ['ADDED', 'HOME', 'LC_ALL', 'PATH', 'TMPDIR', 'TZ'];
    expect(names.filter((name) => !allowed.includes(name))).toEqual([]);
  });

  it('finds programs of the system directories', async () => {
    const path = (await run(...node('console.log(process.env.PATH)'))).stdout.split(':');
    expect(path).toEqual(expect.arrayContaining(['/usr/sbin', '/sbin', '/usr/local/sbin']));
  });

  it('fails with the program’s own words, but never with its arguments or input', async () => {
    const error = await failure(
      run(...node('console.error("no such device"); process.exit(3)', 'hidden-argument'), {
        input: 'hidden-input',
      }),
    );
    expect(error).toMatchObject({ exitCode: 3, stderr: 'no such device', missing: false });
    expect(error.message).toBe(`${process.execPath}: no such device`);
    expect(JSON.stringify(error) + error.stack).not.toMatch(/hidden/);
  });

  it('accepts the exit codes that the caller allows', async () => {
    const result = await run(...node('process.exit(1)'), { okExitCodes: [1] });
    expect(result.exitCode).toBe(1);
  });

  it('says that a program is not installed', async () => {
    const error = await failure(run('moenet-no-such-program', []));
    expect(error).toMatchObject({ missing: true, message: 'moenet-no-such-program: is not installed' });
  });

  it('starts a program also where the own working directory is gone', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'moenet-gone-'));
    const own = process.cwd();
    process.chdir(directory);
    onTestFinished(() => process.chdir(own));
    // As the agent does at its start.
    expect(process.cwd()).toBe(directory);
    await rm(directory, { recursive: true });
    expect((await run(...node('console.log("started")'))).stdout).toBe('started');
    const error = await failure(run('moenet-no-such-program', []));
    expect(error.message).toBe('moenet-no-such-program: is not installed');
  });

  it('ends a program that exceeds its time limit', async () => {
    const error = await failure(run(...node('setInterval(() => {}, 1000)'), { timeoutMs: 200 }));
    expect(error.message).toMatch(/did not finish within 0.2 s/);
  });

  it('ends a program when the signal fires', async () => {
    const error = await failure(
      run(...node('setInterval(() => {}, 1000)'), { signal: AbortSignal.timeout(200) }),
    );
    expect(error.message).toMatch(/was stopped/);
  });

  it('ends a program that writes more than the agent can take', async () => {
    const endless = 'const more = () => process.stdout.write(Buffer.alloc(1 << 22), more); more()';
    const error = await failure(run(...node(endless)));
    expect(error.message).toBe(`${process.execPath}: wrote more than the agent can take`);
  });

  it('starts nothing after the signal, and says what the kernel refuses', async () => {
    const stopped = await failure(run('moenet-no-such-program', [], { signal: AbortSignal.abort() }));
    expect(stopped.message).toBe('moenet-no-such-program: was stopped');
    const error = await failure(run('true', ['x'.repeat(4_000_000)]));
    expect(error.message).toBe('true: failed with exit code E2BIG');
  });

  it('takes a program that does not read its input', async () => {
    expect((await run('true', [], { input: 'x'.repeat(1_000_000) })).exitCode).toBe(0);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'leaves no program behind when %s ends the agent',
    async (signal) => {
      const directory = await mkdtemp(join(tmpdir(), 'moenet-exec-'));
      onTestFinished(() => rm(directory, { recursive: true }));
      const file = join(directory, 'exec.mjs');
      await build({ input: 'src/platform/exec.ts', platform: 'node', output: { file, format: 'esm' } });
      const agent = spawn(process.execPath, [
        '--input-type=module',
        '-e',
        `import { run } from '${file}'; await run('sh', ['-c', 'echo $$ > ${directory}/pid; exec sleep 300'])`,
      ]);
      const pid = await vi.waitFor(async () => {
        const text = await readFile(join(directory, 'pid'), 'utf8');
        return text.endsWith('\n') ? Number(text) : expect.unreachable();
      }, 60_000);
      agent.kill(signal);
      expect(await once(agent, 'exit')).toEqual([null, signal]);
      await vi.waitFor(async () => expect(await stateOf(pid)).toMatch(/^[ZX]$/), 10_000);
    },
  );

  it('gives up on a killed program whose child keeps its output open', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'moenet-exec-'));
    const file = join(directory, 'pid');
    onTestFinished(async () => {
      process.kill(Number(await readFile(file, 'utf8')), 'SIGKILL');
      await rm(directory, { recursive: true });
    });
    const startedMs = performance.now();
    const script = 'sleep 300 & echo $! > "$1"; wait';
    const error = await failure(run('sh', ['-c', script, 'sh', file], { timeoutMs: 500 }));
    expect(error.message).toMatch(
      /did not finish within 0.5 s; the agent killed it, but it or a program that it started still runs/,
    );
    expect(performance.now() - startedMs).toBeLessThan(10_000);
  });

  it('starts a program that leaves a daemon in a session of its own, and any in the root directory', async () => {
    const stat = 'require("fs").readFileSync("/proc/self/stat", "utf8").split(" ")[5]';
    const print = node(`console.log(${stat} === String(process.pid), process.cwd())`);
    expect((await run(...print, { leavesDaemon: true })).stdout).toBe('true /');
    expect((await run(...print)).stdout).toBe('false /');
  });
});
