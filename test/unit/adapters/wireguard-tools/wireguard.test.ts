import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWireGuard } from '../../../../src/adapters/wireguard-tools/wireguard.js';
import { type InterfaceName, interfaceName } from '../../../../src/core/model/interface-name.js';
import { ProgramError, type Run, type RunOptions } from '../../../../src/platform/exec.js';

const name = (text: string): InterfaceName => interfaceName.parse(text);
const banner = '┌────┐\n│ Running wireguard-go is not required │\n└────┘\n';

/** A host with `ip link add` and wireguard-go, whose first daemons may end at once; `commands` counts what was run. */
function fakeHost(facts: {
  kernel: 'none' | 'wireguard' | 'forbidden';
  userspace?: boolean;
  ending?: number;
}) {
  let ending = facts.ending ?? 0;
  const interfaces = new Map<string, string>();
  const commands: string[] = [];
  const fail = (program: string, stderr: string, missing = false): never => {
    throw new ProgramError({ program, exitCode: 1, stderr, missing, message: `${program}: ${stderr}` });
  };
  const startDaemon = (dev: string, options: RunOptions | undefined) => {
    const busy = interfaces.has(dev);
    if (!busy && ending-- <= 0) interfaces.set(dev, options?.leavesDaemon ? 'tun' : 'tun that dies with us');
    if (busy && !options?.okExitCodes?.includes(1)) fail('wireguard-go', banner);
    const stdout = busy ? `ERROR: (${dev}) 2026/01/01 12:00:00 Failed to create TUN device: busy` : '';
    return { stdout, stderr: banner, exitCode: busy ? 1 : 0 };
  };
  const run: Run = async (program, args, options) => {
    commands.push(program);
    if (program === 'ip' && args.join(' ') === `link add dev ${args[3]} type wireguard`) {
      if (facts.kernel === 'none') fail('ip', 'Error: Unknown device type.');
      if (facts.kernel === 'forbidden') fail('ip', 'RTNETLINK answers: Operation not permitted');
      interfaces.set(args[3] ?? '', 'wireguard');
      return { stdout: '', stderr: '', exitCode: 0 };
    }
    if (program === 'wireguard-go' && args.length === 1) {
      if (facts.userspace === false) fail('wireguard-go', '', true);
      return startDaemon(args[0] ?? '', options);
    }
    if (program === 'wg' && args.join(' ') === `show ${args[1]} listen-port`)
      return { stdout: '', stderr: '', exitCode: interfaces.has(args[1] ?? '') ? 0 : 1 };
    throw new Error(`unknown: ${program} ${args.join(' ')}`);
  };
  return { run, interfaces, commands };
}

describe('create', () => {
  const open = (run: Run, implementation: 'auto' | 'kernel' | 'userspace' = 'auto') =>
    openWireGuard({ run, implementation, scratchDir: '/nonexistent' });

  it('makes a kernel interface where the kernel has WireGuard', async () => {
    const host = fakeHost({ kernel: 'wireguard' });
    await open(host.run).create(name('wg_1'));
    expect(host.interfaces.get('wg_1')).toBe('wireguard');
  });

  it('falls back to wireguard-go and then asks the kernel no more', async () => {
    const host = fakeHost({ kernel: 'none' });
    const wireguard = open(host.run);
    await wireguard.create(name('wg_1'));
    await wireguard.create(name('wg_2'));
    expect(Object.fromEntries(host.interfaces)).toEqual({ wg_1: 'tun', wg_2: 'tun' });
    expect(host.commands).toEqual(['ip', 'wireguard-go', 'wg', 'wireguard-go', 'wg']);
  });

  it('does not fall back for another failure, or where the kernel is asked for', async () => {
    await expect(open(fakeHost({ kernel: 'forbidden' }).run).create(name('wg_1'))).rejects.toThrow(
      /not permitted/,
    );
    await expect(open(fakeHost({ kernel: 'none' }).run, 'kernel').create(name('wg_1'))).rejects.toThrow(
      /Unknown device type/,
    );
  });

  it('says that there is neither the one nor the other', async () => {
    const host = fakeHost({ kernel: 'none', userspace: false });
    await expect(open(host.run).create(name('wg_1'))).rejects.toThrow(
      'the kernel has no WireGuard, and wireguard-go is not installed',
    );
  });

  it('starts a daemon that ended right after its start once more, and no more than that', async () => {
    const once = fakeHost({ kernel: 'none', ending: 1 });
    await open(once.run, 'userspace').create(name('wg_1'));
    expect([...once.interfaces.keys()]).toEqual(['wg_1']);
    const always = fakeHost({ kernel: 'none', ending: 9 });
    await expect(open(always.run, 'userspace').create(name('wg_1'))).rejects.toThrow(
      'wireguard-go wg_1: ended right after its start',
    );
    expect(always.commands).toEqual(['wireguard-go', 'wg', 'wireguard-go', 'wg']);
  });

  it('gives the words of wireguard-go without its banner', async () => {
    const host = fakeHost({ kernel: 'none' });
    const wireguard = open(host.run);
    await wireguard.create(name('wg_1'));
    await expect(wireguard.create(name('wg_1'))).rejects.toThrow(
      /^wireguard-go wg_1: Failed to create TUN device: busy$/,
    );
  });
});

describe('syncConfig', () => {
  let scratchDir: string;
  beforeEach(async () => {
    scratchDir = await mkdtemp(join(tmpdir(), 'moenet-wg-'));
  });
  afterEach(() => rm(scratchDir, { recursive: true }));

  const open = (run: Run) => openWireGuard({ run, implementation: 'auto', scratchDir });

  it('hands the text over in a private file and leaves nothing behind', async () => {
    const modes: number[] = [];
    let text = '';
    const run: Run = async (program, args) => {
      expect([program, args[0], args[1]]).toEqual(['wg', 'syncconf', 'wg_1']);
      const path = args[2] ?? '';
      for (const file of [path, dirname(path)]) modes.push((await stat(file)).mode & 0o777);
      text = await readFile(path, 'utf8');
      return { stdout: '', stderr: '', exitCode: 0 };
    };
    await open(run).syncConfig(name('wg_1'), '[Interface]\nListenPort = 1\n');
    expect(modes).toEqual([0o600, 0o700]);
    expect(text).toBe('[Interface]\nListenPort = 1\n');
    expect(await readdir(scratchDir)).toEqual([]);
  });

  it('fails without what wg quotes from the text, and leaves nothing behind either', async () => {
    const stderr = "Line unrecognized: `PrivateKeyy=c2VjcmV0'\nConfiguration parsing error";
    const run: Run = async (program) => {
      throw new ProgramError({ program, exitCode: 1, stderr, missing: false, message: `wg: ${stderr}` });
    };
    const error: ProgramError = await open(run)
      .syncConfig(name('wg_1'), 'PrivateKeyy = c2VjcmV0')
      .then(
        () => expect.unreachable(),
        (reason) => reason,
      );
    expect(error.message).toBe("wg syncconf wg_1: Line unrecognized: `...'\nConfiguration parsing error");
    expect(`${error.stderr}${error.stack}${JSON.stringify(error)}`).not.toContain('c2VjcmV0');
    expect(await readdir(scratchDir)).toEqual([]);
  });
});
