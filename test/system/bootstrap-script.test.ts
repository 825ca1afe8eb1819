import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { birdConf } from '../fakes/bootstrap-script.js';
import { aptInstall, type Container, openContainer } from './container.js';
import { debianNamed } from './debian.js';
import { nodeOfTests } from './image.js';
import { connectNeighbor, equip, pinging, readStatus, soon, token, untilPass } from './router.js';

// What the control plane's bootstrap script does on a fresh machine, with our executable at its download address.

const address = 'http://127.0.0.1:18090/moenet-agent';
const download = `require('node:http').createServer((_, response) =>
  require('node:fs').createReadStream('/opt/test/moenet-agent').pipe(response)).listen(18090, '127.0.0.1')`;

const config = {
  bootstrap: { apiUrl: 'http://127.0.0.1:18080', nodeName: 'jp1', token },
  server: { listen: ':24368' },
};
const unit = `[Unit]
Description=MoeNet Agent
After=network.target bird.service

[Service]
Type=simple
WorkingDirectory=/opt/moenet-agent
ExecStart=/opt/moenet-agent/moenet-agent
Restart=always
RestartSec=5

[Install]
WantedBy=multi-user.target
`;

const script = `set -eu
mkdir -p /opt/moenet-agent /etc/bird/peers /etc/bird/ibgp.d /etc/wireguard
curl --fail --silent --retry 20 --retry-connrefused --retry-delay 1 --output /opt/moenet-agent/moenet-agent ${address}
chmod 755 /opt/moenet-agent/moenet-agent
cat >/opt/moenet-agent/config.json <<'END'
${JSON.stringify(config)}
END
cat >/etc/bird/bird.conf <<'END'
${birdConf}END
echo 'define MAINTENANCE_MODE = false;' >/etc/bird/maintenance.conf
printf 'function is_blacklisted() -> bool {\\n    return false;\\n}\\n' >/etc/bird/blacklist.conf
# A kernel may lack dummy devices: what counts is an interface of that name.
ip link add dummy0 type dummy || ip link add dummy0 type bridge
ip link set dummy0 up
cat >/etc/systemd/system/moenet-agent.service <<'END'
${unit}END
systemctl daemon-reload
systemctl restart bird
systemctl enable --now moenet-agent
`;

let machine: Container;
let neighborKey = '';

beforeAll(async () => {
  machine = await openContainer(debianNamed());
  const { root } = machine;
  await mkdir(join(root, 'opt/test'), { recursive: true });
  await copyFile(inject('packages').executable, join(root, 'opt/test/moenet-agent'));
  await writeFile(join(root, 'opt/test/bootstrap.sh'), script);
  await machine.boot();
  // No fping and no ping; the script's own BIRD is Debian's here.
  const { bird } = debianNamed();
  await aptInstall(machine, bird, 'wireguard-tools', 'wireguard-go', 'iproute2', 'curl', 'libstdc++6');
  ({ neighborKey } = await equip(machine, 'moenet-core'));
  await machine.run('systemd-run', '--unit=download', nodeOfTests, '-e', download);
});

afterAll(() => machine?.close());

it('brings up a node whose session is Established', async () => {
  await machine.run('sh', '/opt/test/bootstrap.sh');
  // The script's program is in no PATH.
  await machine.run('ln', '-s', '/opt/moenet-agent/moenet-agent', '/usr/local/bin/moenet-agent');
  await untilPass(machine);
  await connectNeighbor(machine, neighborKey);
  await vi.waitFor(async () => {
    const { sessions } = await readStatus(machine);
    expect(sessions.map(({ asn, state }) => [asn, state])).toEqual([[4_242_422_189, 'ok']]);
  }, soon);
  const show = ['show', '--property=NRestarts', '--value', 'moenet-agent'];
  expect(await machine.run('systemctl', ...show)).toBe('0');
});

it('a restart of the script’s unit loses no packet', async () => {
  await aptInstall(machine, 'iputils-ping');
  const before = await machine.run('pgrep', '-x', 'wireguard-go');
  const lost = await pinging(machine, async () => {
    await machine.run('systemctl', 'restart', 'moenet-agent');
    await untilPass(machine);
  });
  expect(await machine.run('pgrep', '-x', 'wireguard-go')).toBe(before);
  expect(lost).toContain(' 0% packet loss');
});
