import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { genkey } from '../../../src/adapters/wireguard/wg.js';
import type { ObservedWireGuard } from '../../../src/core/model/observed.js';
import { ProgramError, type Run, run } from '../../../src/platform/exec.js';
import { named, openTunnelHost, until } from './tunnel-host.js';

// wireguard-go's tunnels also where the kernel has WireGuard: only those have a process that can be stopped.
let host: Awaited<ReturnType<typeof openTunnelHost>>;
beforeAll(async () => {
  host = await openTunnelHost('unread', 'userspace');
});
afterAll(() => host.close());

const names = ['wg_1', 'wg_2', 'wg_3'];
let stuck: number;
beforeEach(async () => {
  for (const [index, name] of names.entries()) {
    await host.create(named(name));
    const config = `[Interface]\nPrivateKey = ${(await genkey(run)).reveal()}\nListenPort = ${24001 + index}\n`;
    await host.wireguard.syncConfig(named(name), config);
  }
  stuck = await serverOf('wg_2');
  return async () => {
    process.kill(stuck, 'SIGCONT');
    await host.links.apply(names.map((name) => ({ interface: name, remove: true })));
    await until('the daemons have ended', async () => (await host.daemons()).length === 0);
  };
});

async function serverOf(name: string): Promise<number> {
  for (const pid of await host.daemons()) {
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8');
    if (words.split('\0').includes(name)) return pid;
  }
  throw new Error(`no daemon has ${name}`);
}

const stop = async () => {
  process.kill(stuck, 'SIGSTOP');
  await until('it is stopped', async () => /\) T /.test(await readFile(`/proc/${stuck}/stat`, 'utf8')));
};

const shown = (devices: readonly ObservedWireGuard[]) =>
  devices.map(({ interface: name, listenPort, unread }) => [name, listenPort, unread?.server]);

describe('an interface whose wireguard-go is stopped', () => {
  it('keeps what was seen last, and the others are read, also by an agent that starts then', async () => {
    await host.wireguard.observe();
    await stop();
    const server = { name: 'wireguard-go', pid: stuck, isStopped: true };
    const before = Date.now();
    expect(shown(await host.wireguard.observe())).toEqual([
      ['wg_1', 24001, undefined],
      ['wg_2', 24002, server],
      ['wg_3', 24003, undefined],
    ]);
    expect(Date.now() - before).toBeLessThan(30_000);
    const [, fresh] = await host.open(host.namespace.run).observe();
    expect(fresh).toMatchObject({ publicKey: undefined, listenPort: 0, peers: [], unread: { server } });
  });

  it('is not asked again while it is stopped, and is read like all others when it resumes', async () => {
    await host.wireguard.observe();
    await stop();
    await host.wireguard.observe();
    const asked: string[] = [];
    const counting: Run = (program, args, options) => {
      if (program === 'wg') asked.push(args.join(' '));
      return host.namespace.run(program, args, options);
    };
    const wireguard = host.open(counting);
    await wireguard.observe();
    asked.length = 0;
    await wireguard.observe();
    expect(asked.sort()).toEqual(['show wg_1 dump', 'show wg_3 dump']);
    process.kill(stuck, 'SIGCONT');
    expect(shown(await wireguard.observe())[1]).toEqual(['wg_2', 24002, undefined]);
    asked.length = 0;
    await wireguard.observe();
    expect(asked).toEqual(['show all dump']);
  });

  it('is gone when the process is killed: nobody answers on its socket', async () => {
    await stop();
    await host.wireguard.observe();
    process.kill(stuck, 'SIGKILL');
    await until('it has ended', async () => !(await host.daemons()).includes(stuck));
    expect(shown(await host.wireguard.observe())).toEqual([
      ['wg_1', 24001, undefined],
      ['wg_3', 24003, undefined],
    ]);
    // The clean-up signals it.
    stuck = await serverOf('wg_1');
  });

  it('is gone, too, where the process ends while it is asked', async () => {
    let asked = 0;
    const wireguard = host.open((program, args, options) => {
      if (args.join(' ') !== 'show wg_2 dump' || asked++ !== 1)
        return host.namespace.run(program, args, options);
      const facts = { program: 'wg', exitCode: 1, stderr: 'Connection reset by peer', missing: false };
      throw new ProgramError({ ...facts, message: facts.stderr });
    });
    await stop();
    await wireguard.observe();
    process.kill(stuck, 'SIGKILL');
    await until('it has ended', async () => !(await host.daemons()).includes(stuck));
    const seen = await wireguard.observe();
    expect(seen.map((device) => device.interface)).toEqual(['wg_1', 'wg_3']);
    expect(asked).toBe(3);
    stuck = await serverOf('wg_1');
  });
});

it('an interface whose server answers nonsense does not count as missing', async () => {
  const socket = '/run/wireguard/wg_odd.sock';
  const script = `require('net').createServer((client) => client.on('data', () => client.end('nonsense\\n\\n')))
    .listen('${socket}', () => console.log('listening'))`;
  const child = host.namespace.spawn('node', ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await once(child.stdout ?? child, 'data');
    const found = await host.wireguard.observe();
    expect(shown(found)).toEqual([
      ['wg_1', 24001, undefined],
      ['wg_2', 24002, undefined],
      ['wg_3', 24003, undefined],
      ['wg_odd', 0, { name: 'node', pid: child.pid, isStopped: false }],
    ]);
    expect(found[3]?.unread?.reason).toMatch(/: Unable to access interface/);
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
    await host.namespace.run('rm', ['-f', socket]);
  }
});

it('an interface that answers late, as on a busy machine, is not set aside', async () => {
  let late = 2;
  const busy: Run = async (program, args, options) => {
    const isLate =
      program === 'wg' && (args.join(' ') === 'show wg_2 dump' || args.includes('all')) && late-- > 0;
    return isLate
      ? host.namespace.run('sleep', ['60'], { ...options, timeoutMs: 100 })
      : host.namespace.run(program, args, options);
  };
  expect(shown(await host.open(busy).observe())).toEqual(
    names.map((name, index) => [name, 24001 + index, undefined]),
  );
  expect(late).toBeLessThan(0);
});

it('a wg that does not start is an error of its own', async () => {
  const broken: Run = (program, args, options) =>
    host.namespace.run(
      program === 'wg' ? 'sleep' : program,
      program === 'wg' ? ['60'] : args,
      program === 'wg' ? { ...options, timeoutMs: 200 } : options,
    );
  await expect(host.open(broken).observe()).rejects.toThrow(/did not finish within/);
});
