import { open } from 'node:fs/promises';
import type { Check } from '../check.js';
import { type Finding, fault, ok, warning } from '../finding.js';
import { kernelHas } from './kernel-modules.js';

export interface Devices {
  readonly hasWireGuard: boolean;
  readonly hasDummy: boolean;
  /** The error code of opening /dev/net/tun; undefined where it opens. */
  readonly tunError: string | undefined;
  readonly implementation: 'auto' | 'kernel' | 'userspace';
  readonly loopback: string;
}

export function judgeDevices({
  hasWireGuard,
  hasDummy,
  tunError,
  implementation,
  loopback,
}: Devices): Finding[] {
  const usesTun = implementation === 'userspace' || (implementation === 'auto' && !hasWireGuard);
  return [
    ...(hasWireGuard
      ? [ok('the kernel has WireGuard')]
      : implementation === 'kernel'
        ? [fault('the kernel has no WireGuard, and wireguard.implementation wants it', 'modprobe wireguard')]
        : [ok('the kernel has no WireGuard: the agent uses wireguard-go')]),
    ...(usesTun ? [tun(tunError)] : []),
    ...(hasDummy || loopback === 'lo'
      ? []
      : [
          warning(
            `the kernel has no dummy devices: the loopback addresses go on lo unless there is an interface ${loopback}`,
            'modprobe dummy',
          ),
        ]),
  ];
}

function tun(error: string | undefined): Finding {
  if (error === undefined) return ok('/dev/net/tun opens');
  if (error === 'EACCES' || error === 'EPERM')
    return warning(
      'this user may not open /dev/net/tun, which wireguard-go needs; the daemon’s user must',
      'sudo moenet-agent doctor',
    );
  if (error === 'ENOENT')
    return fault(
      'there is no /dev/net/tun, and wireguard-go needs it: load the module, or give the container the device',
      'modprobe tun',
    );
  return fault(`/dev/net/tun does not open (${error}), and wireguard-go needs it`, 'modprobe tun');
}

/** Opening makes no interface: that takes an ioctl. */
async function tunError(): Promise<string | undefined> {
  try {
    await (await open('/dev/net/tun', 'r+')).close();
    return undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  }
}

export const deviceCheck: Check = {
  name: 'kernel',
  limitMs: 5_000,
  look: async ({ node }) =>
    judgeDevices({
      hasWireGuard: await kernelHas('wireguard'),
      hasDummy: await kernelHas('dummy'),
      tunError: await tunError(),
      implementation: node?.wireguard.implementation ?? 'auto',
      loopback: node?.loopback.interface ?? 'dummy0',
    }),
};
