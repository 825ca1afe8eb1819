import { type Namespace, openNamespace } from '../../../src/lab/namespace.js';

/** Where the control plane is that is not on the node's own machine. */
export const controlPlane = '10.99.0.1';

/** The control plane's host, at the other end of the node's uplink. */
export async function layUplink(inside: Namespace) {
  const host = await openNamespace('control');
  await inside.run('ip', ['-batch', '-'], {
    input: `link add uplink type veth peer name eth0 netns ${host.pid}
address add 10.99.0.5/24 dev uplink
link set uplink up
`,
  });
  const input = `address add ${controlPlane}/24 dev eth0\nlink set eth0 up\nlink set lo up\n`;
  await host.run('ip', ['-batch', '-'], { input });
  return { host, address: controlPlane };
}
