import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLinks } from '../../../../src/adapters/iproute2/links.js';
import type { KernelSupport } from '../../../../src/adapters/wireguard/kernel-support.js';
import { openWireGuard } from '../../../../src/adapters/wireguard/wireguard.js';
import { type InterfaceName, interfaceName } from '../../../../src/core/model/values/interface-name.js';
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
  const why = (dev: string) => {
    if (facts.kernel === 'none') return 'Error: Unknown device type.';
    if (facts.kernel === 'forbidden') return 'RTNETLINK answers: Operation not permitted';
    return interfaces.has(dev) ? 'RTNETLINK answers: File exists' : undefined;
  };
  const addLinks = (batch: string) => {
    const failures = batch
      .trim()
      .split('\n')
      .flatMap((line, index) => {
        const dev = /^link add dev (\S+) type wireguard$/.exec(line)?.[1] ?? fail('ip', `unknown: ${line}`);
        const words = why(dev);
        if (words === undefined) interfaces.set(dev, 'wireguard');
        return words === undefined ? [] : [`${words}\nCommand failed -:${index + 1}\n`];
      });
    return { stdout: '', stderr: failures.join(''), exitCode: failures.length > 0 ? 1 : 0 };
  };
  const run: Run = async (program, args, options) => {
    commands.push(program);
    if (program === 'ip' && args.join(' ') === '-force -batch -') return addLinks(options?.input ?? '');
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
  // A module that the machine of the tests may have is none of theirs.
  const unknown = { isThere: () => false, isAbsent: () => false, noteAbsent: () => undefined };
  const open = (
    run: Run,
    implementation: 'auto' | 'kernel' | 'userspace' = 'auto',
    kernelSupport: KernelSupport = unknown,
  ) =>
    openWireGuard({
      run,
      links: openLinks({ run }),
      implementation,
      scratchDir: '/nonexistent',
      kernelSupport,
    });
  const names = (...texts: string[]) => texts.map(name);

  it('makes interfaces of the kernel in one command where its module is loaded, else in two, however many there are', async () => {
    const host = fakeHost({ kernel: 'wireguard' });
    const made = await open(host.run).create(names('wg_1', 'wg_2', 'wg_3', 'wg_4'));
    expect([...host.interfaces.values()]).toEqual(['wireguard', 'wireguard', 'wireguard', 'wireguard']);
    expect(made).toEqual({ inKernel: new Set(['wg_1', 'wg_2', 'wg_3', 'wg_4']), failures: new Map() });
    expect(host.commands).toEqual(['ip', 'ip']);
    await open(host.run, 'auto', { ...unknown, isThere: () => true }).create(names('wg_5', 'wg_6', 'wg_7'));
    expect(host.interfaces.size).toBe(7);
    expect(host.commands).toEqual(['ip', 'ip', 'ip']);
  });

  it('says of which interface the kernel would not make, and makes the others', async () => {
    const host = fakeHost({ kernel: 'wireguard' });
    host.interfaces.set('wg_1', 'something else').set('wg_3', 'something else');
    const made = await open(host.run).create(names('wg_1', 'wg_2', 'wg_3'));
    expect(made.failures).toEqual(
      new Map([
        ['wg_1', 'File exists'],
        ['wg_3', 'File exists'],
      ]),
    );
    expect(made.inKernel).toEqual(new Set(['wg_2']));
  });

  it('uses wireguard-go where the kernel has no WireGuard, and asks the kernel once for all interfaces', async () => {
    const host = fakeHost({ kernel: 'none' });
    const made = await open(host.run).create(names('wg_1', 'wg_2'));
    expect(made).toEqual({ inKernel: new Set(), failures: new Map() });
    expect(Object.fromEntries(host.interfaces)).toEqual({ wg_1: 'tun', wg_2: 'tun' });
    expect(host.commands.toSorted()).toEqual(['ip', 'wg', 'wg', 'wireguard-go', 'wireguard-go']);
  });

  it('asks the kernel again when a module has come, and knows of its absence until then', async () => {
    const facts = { kernel: 'none' as 'none' | 'wireguard' };
    const host = fakeHost(facts);
    let isNoted = false;
    const kernelSupport = {
      isThere: () => facts.kernel === 'wireguard',
      isAbsent: () => isNoted && facts.kernel === 'none',
      noteAbsent: () => {
        isNoted = true;
      },
    };
    const { run } = host;
    const places = { scratchDir: '/nonexistent', implementation: 'auto' } as const;
    const wireguard = openWireGuard({ run, links: openLinks({ run }), kernelSupport, ...places });
    const asked = () => host.commands.filter((command) => command === 'ip').length;
    await wireguard.create(names('wg_1'));
    await wireguard.create(names('wg_2'));
    expect(asked()).toBe(1);
    facts.kernel = 'wireguard';
    await wireguard.create(names('wg_3'));
    facts.kernel = 'none';
    await wireguard.create(names('wg_4'));
    expect(asked()).toBe(2);
    const kinds = { wg_1: 'tun', wg_2: 'tun', wg_3: 'wireguard', wg_4: 'tun' };
    expect(Object.fromEntries(host.interfaces)).toEqual(kinds);
  });

  it('does not take wireguard-go for another failure', async () => {
    const host = fakeHost({ kernel: 'forbidden' });
    const { failures } = await open(host.run).create(names('wg_1', 'wg_2'));
    expect(failures.get('wg_2')).toBe('Operation not permitted');
    expect(host.interfaces.size).toBe(0);
  });

  it('says what to do where the configured kernel WireGuard is missing, and where wireguard-go is missing, too', async () => {
    const kernel = await open(fakeHost({ kernel: 'none' }).run, 'kernel').create(names('wg_1', 'wg_2'));
    expect([...kernel.failures.keys()]).toEqual(['wg_1', 'wg_2']);
    expect(kernel.failures.get('wg_1')).toMatch(
      /^the kernel has no WireGuard, .*"kernel".*modprobe wireguard.*set wireguard\.implementation to "auto"/,
    );
    const host = fakeHost({ kernel: 'none', userspace: false });
    const neither = await open(host.run).create(names('wg_1'));
    expect(neither.failures.get('wg_1')).toMatch(
      /^the kernel has no WireGuard, and wireguard-go is not installed: .*modprobe wireguard.*apt-get/,
    );
  });

  it('starts a daemon that ended right after its start once more, and no more than that', async () => {
    const once = fakeHost({ kernel: 'none', ending: 1 });
    await open(once.run, 'userspace').create(names('wg_1'));
    expect([...once.interfaces.keys()]).toEqual(['wg_1']);
    const always = fakeHost({ kernel: 'none', ending: 9 });
    const { failures } = await open(always.run, 'userspace').create(names('wg_1'));
    expect(failures.get('wg_1')).toBe('wireguard-go wg_1: ended right after its start');
    expect(always.commands).toEqual(['wireguard-go', 'wg', 'wireguard-go', 'wg']);
  });

  it('gives the words of wireguard-go without its banner', async () => {
    const host = fakeHost({ kernel: 'none' });
    const wireguard = open(host.run);
    await wireguard.create(names('wg_1'));
    const { failures } = await wireguard.create(names('wg_1'));
    expect(failures.get('wg_1')).toBe('wireguard-go wg_1: Failed to create TUN device: busy');
  });
});

describe('syncConfig', () => {
  let scratchDir: string;
  beforeEach(async () => {
    scratchDir = await mkdtemp(join(tmpdir(), 'moenet-wg-'));
  });
  afterEach(() => rm(scratchDir, { recursive: true }));

  const open = (run: Run) =>
    openWireGuard({ run, links: openLinks({ run }), implementation: 'auto', scratchDir });

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
