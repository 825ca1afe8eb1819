/** Debian's suite that the virtual machine is made of: Debian 12. */
export const suite = 'bookworm';

/**
 * Its kernel, without the drivers of real hardware, and what a router node has installed. Programs are unpacked and not
 * configured: nothing of theirs runs here.
 */
export const packages: readonly string[] = [
  'linux-image-cloud-amd64',
  // The system below the agent.
  'coreutils',
  'dash',
  'findutils',
  'grep',
  'kmod',
  'libstdc++6',
  'mount',
  'sed',
  'tar',
  'util-linux',
  // What the agent and its lab run.
  'bird2',
  'fping',
  'iproute2',
  'iputils-ping',
  'wireguard-go',
  'wireguard-tools',
];

/** What the packages ask for only to be configured or to make another initramfs. */
export const unneededPackages: readonly string[] = [
  'adduser',
  'debconf',
  'init-system-helpers',
  'initramfs-tools',
  'linux-base',
  'ucf',
];

/** The kernel's modules that are there to be loaded; those that they need come along. */
export const modules: readonly string[] = [
  // A router's: the first two are what this virtual machine is for.
  'wireguard',
  'dummy',
  'tun',
  // The lab's "internet".
  'bridge',
  'veth',
  // The way to the tests outside, and the project's files.
  'virtio_pci',
  'virtio_console',
  'virtio_blk',
];

/** Where wireguard-go is: in no PATH, so that a test which does not ask for it proves that the kernel is enough. */
export const userspaceDirectory = '/opt/userspace';

/** Where the virtual machine has the project's files. */
export const projectInside = '/project';

/** What of the project runs there. */
export const projectFiles: readonly string[] = [
  'dist',
  'package.json',
  'templates',
  'test/e2e/fixture-server.mjs',
  'test/kernel/guest',
];
