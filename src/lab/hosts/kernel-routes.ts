import type { Namespace } from '../namespace.js';

/** Says which of the prefixes the host's kernel has no route to; nothing where it has all. */
export async function missingInKernel(
  host: Namespace,
  prefixes: readonly string[],
): Promise<string | undefined> {
  const [ipv4, ipv6] = await Promise.all(
    ['-4', '-6'].map((family) => host.run('ip', ['-j', family, 'route'])),
  );
  const routes: readonly { dst: string }[] = [ipv4, ipv6].flatMap((answer) =>
    JSON.parse(answer?.stdout || '[]'),
  );
  const missing = prefixes.find((prefix) => !routes.some(({ dst }) => dst === prefix));
  return missing === undefined ? undefined : `the kernel has no route to ${missing}`;
}

/** The host's interfaces that have an address, as their own or as that of their other end. */
export async function interfacesWith(host: Namespace, address: string): Promise<string[]> {
  const { stdout } = await host.run('ip', ['-j', 'address']);
  const links: readonly { ifname: string; addr_info: readonly { local?: string; address?: string }[] }[] =
    JSON.parse(stdout);
  return links
    .filter(({ addr_info }) => addr_info.some((own) => own.local === address || own.address === address))
    .map(({ ifname }) => ifname);
}

/** The interface by which the host's kernel sends to an address; undefined where it does not know how. */
export async function interfaceTowards(host: Namespace, address: string): Promise<string | undefined> {
  const { stdout } = await host.run('ip', ['-j', 'route', 'get', address], { okExitCodes: [0, 2] });
  const routes: readonly { dev?: string }[] = JSON.parse(stdout || '[]');
  return routes[0]?.dev;
}
