import { dirname } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { userspaceDirectory } from './recipe.js';
import { openRouter, type Router } from './router.js';
import { seeLinks, seeWireGuard } from './seen.js';
import { sessionRow } from './sessions.js';

/** With this file the kernel cannot load the module, as where the package with it is missing. */
const withoutWireGuard = '/etc/modprobe.d/without-wireguard.conf';

let router: Router;
beforeEach(async () => {
  router = await openRouter();
});
afterEach(async () => {
  await router?.run('rm', ['-f', withoutWireGuard]);
  await router?.close();
});

it('new tunnels are the kernel’s as soon as it has WireGuard, and those of wireguard-go go on beside them', async () => {
  const { run, startAgent, pass } = router;
  const kinds = async (...names: readonly string[]) => {
    const links = await seeLinks(run);
    return names.map((name) => links.get(name)?.linkinfo?.info_kind);
  };
  const forbid = () => run('tee', [withoutWireGuard], { input: 'install wireguard /bin/false\n' });

  await run('mkdir', ['-p', dirname(withoutWireGuard)]);
  await run('modprobe', ['tun']);
  await forbid();
  const [one, two, three] = [sessionRow(1), sessionRow(2), sessionRow(3)];
  const status = await startAgent([one], [userspaceDirectory]);
  expect(status.lastPass).toMatchObject({ failures: 0 });
  expect(await kinds('wg_24001')).toEqual(['tun']);
  const { ifindex } = (await seeLinks(run)).get('wg_24001') ?? {};

  await run('rm', [withoutWireGuard]);
  // The agent itself asks for the module again only after ten minutes.
  await run('modprobe', ['wireguard']);
  expect(await pass([{ ...one, port: 24011 }, two])).toMatchObject({ ok: true, errors: [] });
  expect(await kinds('wg_24001', 'wg_24002')).toEqual(['tun', 'wireguard']);
  expect((await seeLinks(run)).get('wg_24001')?.ifindex).toBe(ifindex);
  const ports = [await seeWireGuard(run, 'wg_24001'), await seeWireGuard(run, 'wg_24002')];
  expect(ports.map(({ listenPort }) => listenPort)).toEqual([24011, 24002]);

  expect(
    await pass([
      { ...one, port: 24011 },
      { ...two, status: 5 },
    ]),
  ).toMatchObject({ ok: true });
  await run('modprobe', ['--remove', 'wireguard']);
  await forbid();
  expect(await pass([{ ...one, port: 24011 }, three])).toMatchObject({ ok: true, errors: [] });
  expect(await kinds('wg_24001', 'wg_24002', 'wg_24003')).toEqual(['tun', undefined, 'tun']);
});
