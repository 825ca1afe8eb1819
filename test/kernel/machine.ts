import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from '../../src/platform/child-environment.js';
import { run } from '../../src/platform/exec.js';
import { connect, consoleTail, type Place } from './connection.js';
import type { Image } from './image.js';
import { projectFiles } from './recipe.js';

const project = fileURLToPath(new URL('../../', import.meta.url));

/** On an idle machine it takes a quarter of that, and less than half where others work too. */
const bootLimitMs = 180_000;

/** A running virtual machine. */
interface Machine {
  readonly place: Place;
  /** Ends QEMU, and with it everything inside. */
  stop(): Promise<void>;
}

/**
 * Boots the image, without a network, with a disk that holds the project's files as they are now. Returns when it runs
 * programs; throws with the end of its console where it does not within the limit.
 */
export async function startMachine(image: Image): Promise<Machine> {
  const directory = await mkdtemp(join(tmpdir(), 'moenet-kernel-'));
  const place: Place = { socket: join(directory, 'commands'), console: join(directory, 'console.log') };
  const disk = join(directory, 'project.tar');
  await run('tar', ['--create', `--file=${disk}`, `--directory=${project}`, ...projectFiles]);
  const qemu = spawnQemu(image, disk, place);
  const stop = async () => {
    if (qemu.exitCode === null && qemu.signalCode === null) {
      qemu.kill('SIGKILL');
      await once(qemu, 'exit');
    }
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await untilReady(qemu, place);
    return { place, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function untilReady(qemu: ChildProcess, place: Place): Promise<void> {
  let said = '';
  qemu.stderr?.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  const ended = new Promise<never>((_, reject) => {
    qemu.on('error', reject);
    qemu.on('exit', (code, signal) =>
      consoleTail(place).then((tail) =>
        reject(new Error(`QEMU ended (${signal ?? code}): ${said}\n${tail}`)),
      ),
    );
  });
  // It may also end later, when nobody waits for that.
  ended.catch(() => undefined);
  const connection = await Promise.race([connect(place), ended]);
  try {
    await Promise.race([connection.run('true', [], { timeoutMs: bootLimitMs }), ended]);
  } finally {
    connection.close();
  }
}

/** Emulated, and so the same everywhere: Debian's kernel does not boot on every /dev/kvm that can be opened. */
function spawnQemu({ kernel, root }: Image, disk: string, { socket, console }: Place): ChildProcess {
  const parameters = [
    ...['console=ttyS0', 'panic=-1', 'quiet', 'mitigations=off'],
    // An emulated timer does not pass the check of it where the machine is busy.
    'no_timer_check',
    // Else the kernel takes a clock that it can read only by a call of QEMU, which programs do all the time.
    'tsc=reliable',
    // Interfaces and namespaces are deleted at once.
    'rcupdate.rcu_expedited=1',
  ];
  const args = [
    ...['-accel', 'tcg,thread=multi', '-cpu', 'max', '-smp', '2', '-m', '2048'],
    ...['-no-user-config', '-nodefaults', '-display', 'none', '-nic', 'none', '-no-reboot'],
    ...['-serial', `file:${console}`],
    ...['-kernel', kernel, '-initrd', root, '-append', parameters.join(' ')],
    ...['-drive', `file=${disk},if=virtio,format=raw,readonly=on`],
    ...['-chardev', `socket,id=commands,path=${socket},server=on,wait=off`],
    ...['-device', 'virtio-serial-pci', '-device', 'virtserialport,chardev=commands,nr=1'],
  ];
  // The kernel ends QEMU with this process, in whatever way that ends.
  return spawn('setpriv', ['--pdeathsig', 'KILL', 'qemu-system-x86_64', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: childEnvironment(),
  });
}
