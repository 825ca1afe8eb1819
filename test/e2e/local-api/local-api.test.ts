import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withoutTimes } from '../../bird-times.js';
import { until } from '../../integration/host/tunnel-host.js';
import { type AgentNode, birdc, openAgentNode } from '../agent-node.js';
import { type Answer, type Caller, openCaller } from './caller.js';
import { addresses, type Neighborhood, neighborAsn, openNeighborhood } from './neighborhood.js';

// One node with one neighbor for all of it: what a test changes it puts back.
let node: AgentNode;
let neighborhood: Neighborhood;
let caller: Caller;
const peerName = `dn42_${neighborAsn}`;

beforeAll(async () => {
  node = await openAgentNode('jp1');
  neighborhood = await openNeighborhood(node.namespace);
  caller = openCaller(node.namespace);
  await node.answer('sessions', { sessions: [neighborhood.session] });
  await node.start();
  const publicKey = join(node.directory, 'keys/public.key');
  await until('the node has a key', async () => (await readFile(publicKey, 'utf8').catch(() => '')) !== '');
  await neighborhood.connect((await readFile(publicKey, 'utf8')).trim());
  await until('the session is Established and has its routes', complete);
}, 90_000);

afterAll(async () => {
  await caller.close();
  await node.close();
  await neighborhood.close();
});

async function established(): Promise<boolean> {
  const { stdout } = await birdc(node.namespace, 'show', 'protocols', peerName);
  return stdout.includes('Established');
}

/** Established, and all routes are exchanged, which takes a moment longer. */
async function complete(): Promise<boolean> {
  const { stdout } = await birdc(node.namespace, 'show', 'protocols', 'all', peerName);
  const routes = [...stdout.matchAll(/Routes: +(\d+) imported, .*?(\d+) exported/g)];
  const [imported, exported] = [1, 2].map((n) => routes.reduce((sum, row) => sum + Number(row[n]), 0));
  return imported === 3 && exported === 2;
}

async function call(
  method: string,
  path: string,
  body?: unknown,
  authorization = `Bearer ${node.token}`,
): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return caller.call({ method, url: `http://127.0.0.1:24368${path}`, authorization, body: text });
}

async function tool(path: string, target: string): Promise<string> {
  const { status, json } = await call('POST', path, { target });
  expect([status, typeof json['result']]).toEqual([200, 'string']);
  return json['result'] as string;
}

describe('who may ask', () => {
  it('is everybody for /health, which then says no more than the status', async () => {
    expect((await call('GET', '/health', undefined, '')).json).toEqual({ status: expect.any(String) });
  });

  it.each(['', 'Bearer', 'Bearer wrong', 'Basic abc'])(
    'is nobody else without the token (%j)',
    async (auth) => {
      const { status, json } = await call('GET', '/status', undefined, auth);
      expect([status, json]).toEqual([401, { error: 'the bearer token is missing or wrong' }]);
    },
  );
});

describe('the tools', () => {
  it('ping an address over the tunnel', async () => {
    expect(await tool('/ping', addresses.neighbor)).toContain(
      '4 packets transmitted, 4 received, 0% packet loss',
    );
  });

  it('ping a name that the resolver of DN42 knows, and a link-local address with its interface', async () => {
    expect(await tool('/ping', 'web.lab.dn42')).toMatch(
      /^web\.lab\.dn42 \(172\.21\.80\.1\)\n[\s\S]* 0% packet loss/,
    );
    expect(await tool('/ping', `fe80::1080%${peerName}`)).toContain(' 0% packet loss');
  });

  it('ping shows that nobody answers', async () => {
    expect(await tool('/ping', '172.21.80.66')).toMatch(/100% packet loss|unreachable/);
  });

  it('tcping tells open ports from closed ones', async () => {
    expect(await tool('/tcping', '172.20.0.53:53')).toMatch(/^TCP .*\n1: open, \d+\.\d ms\n[\s\S]*\n4: open/);
    expect(await tool('/tcping', addresses.neighbor)).toContain('port 80\n1: refused');
  });

  it('trace shows each hop', async () => {
    const text = await tool('/trace', addresses.behind);
    expect(text).toMatch(/ 1 {2}172\.21\.80\.1 .*\n 2 {2}172\.21\.80\.65 /);
  });

  it('route shows the routes to an address, a prefix and a name', async () => {
    const text = await tool('/route', addresses.behind);
    expect(text).toContain(`172.21.80.0/24       unicast [${peerName} `);
    expect(text).toContain('BGP.as_path: 4242421080');
    expect(withoutTimes(await tool('/route', '172.21.80.0/24'))).toBe(withoutTimes(text));
    expect(withoutTimes(await tool('/route', 'web.lab.dn42'))).toBe(withoutTimes(text));
    expect(await tool('/route', 'fd42:1080::/48')).toContain('fd42:1080::/48');
    expect(await tool('/route', '172.23.0.1')).toBe('there is no route to 172.23.0.1');
  });

  it('path shows the AS path of each', async () => {
    expect(await tool('/path', addresses.behind)).toBe(`172.21.80.0/24 * ${peerName}: 4242421080`);
  });

  it('dig asks the resolver of DN42', async () => {
    const lines = async (target: string) => (await tool('/dig', target)).split('\n').slice(1);
    expect(await lines('web.lab.dn42')).toEqual(['web.lab.dn42. 3600 IN A 172.21.80.1']);
    expect(await lines('lab.dn42 mx')).toEqual(['lab.dn42. IN MX 10 web.lab.dn42.']);
    expect(await lines('lab.dn42 TXT')).toEqual(['lab.dn42. IN TXT "hello \\"lab\\""']);
    expect(await lines('172.21.80.1')).toEqual(['1.80.21.172.in-addr.arpa. IN PTR web.lab.dn42.']);
    expect(await lines('nobody.lab.dn42')).toEqual(['; there is no such name (NXDOMAIN)']);
    expect(await lines('lab.dn42 AAAA')).toEqual(['; there is no AAAA record']);
  });

  it.each([
    ['/ping', '-f 172.20.0.53'],
    ['/ping', '172.21.80.0/24'],
    ['/ping', '127.0.0.1'],
    ['/ping', '::ffff:127.0.0.1'],
    ['/ping', 'inside.lab.dn42'],
    ['/tcping', 'web.lab.dn42:99999'],
    ['/trace', 'ff02::1%dn42_4242421080'],
    ['/route', '172.20.0.53 all\nconfigure'],
    ['/path', 'for'.padEnd(301, 'x')],
    ['/dig', 'web.lab.dn42 AXFR'],
    ['/dig', ''],
  ])('%s refuses %j with a reason', async (path, target) => {
    const { status, json } = await call('POST', path, { target });
    expect([status, json]).toEqual([400, { error: expect.stringMatching(/.{10}/) }]);
  });
});

describe('one peer', () => {
  it('is shown as the system has it', async () => {
    const { status, json } = await call('GET', `/peer/${peerName}`);
    expect([status, json]).toEqual([
      200,
      {
        peer_name: peerName,
        bgp_status: 'Established',
        wg_status: 'up',
        last_handshake: expect.stringMatching(/^Now$|seconds? ago$/),
        transfer: { rx: expect.stringMatching(/^[\d.]+ \w+$/), tx: expect.stringMatching(/^[\d.]+ \w+$/) },
        uptime: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/),
        routes_imported: 3,
        routes_exported: 2,
      },
    ]);
  });

  it.each(['dn42_4242420001', 'dn42_x', 'ibgp_2', '..%2fx'])('%s is not known', async (name) => {
    expect((await call('GET', `/peer/${name}`)).status).toBe(404);
  });

  it('restarts its tunnel and its BGP session, and no other', async () => {
    const before = await birdc(node.namespace, 'show', 'protocols', 'moenet_own_v4');
    const { status, json } = await call('POST', '/restart', { peer_name: peerName });
    expect([status, json]).toEqual([
      200,
      {
        success: true,
        message: `${peerName} was restarted`,
        steps: [
          `WireGuard: removed the peer from ${peerName}`,
          `WireGuard: set the peer on ${peerName} again`,
          `BGP: restarted ${peerName}`,
        ],
      },
    ]);
    await until('the session is Established again and has its routes', complete);
    expect(await birdc(node.namespace, 'show', 'protocols', 'moenet_own_v4')).toEqual(before);
  });

  it('restarts only what is asked for', async () => {
    const wg = await call('POST', '/restart', { peer_name: peerName, wg_only: true });
    expect(wg.json['steps']).toHaveLength(2);
    expect(await established()).toBe(true);
    const bgp = await call('POST', '/restart', { peer_name: 'ibgp_2', bgp_only: true });
    expect(bgp.json['steps']).toEqual(['BGP: restarted ibgp_2']);
  });

  it.each([
    [{ peer_name: 'dn42_4242420001' }, 404],
    [{ peer_name: 'ibgp_99' }, 404],
    [{ peer_name: 'moenet_own_v4' }, 400],
    [{ peer_name: `${peerName}\nconfigure` }, 400],
    [{ peer_name: peerName, wg_only: true, bgp_only: true }, 400],
    ['not JSON', 400],
    [{}, 400],
  ])('restart of %j is %i', async (body, status) => {
    const answer = await call('POST', '/restart', body);
    expect([answer.status, answer.json]).toEqual([status, { error: expect.any(String) }]);
  });
});

describe('the health of all sessions', () => {
  it('is that of tunnels and BGP now', async () => {
    await until('the session is Established and has its routes', complete);
    const { json } = await call('GET', '/health/sessions');
    expect(json).toEqual({
      node: 'jp1',
      timestamp: expect.any(Number),
      sessions: [
        {
          asn: neighborAsn,
          interface: peerName,
          wg: {
            exists: true,
            up: true,
            last_handshake: expect.any(String),
            handshake_ok: true,
            has_link_local: true,
            transfer: { rx: expect.any(String), tx: expect.any(String) },
          },
          bgp: { state: 'Established', uptime: expect.any(String), routes_imported: 3, routes_exported: 2 },
        },
      ],
      summary: { total: 1, established: 1, bgp_down: 0, wg_down: 0 },
    });
  });

  it('has nothing to repair where all is well', async () => {
    const { status, json } = await call('POST', '/health/fix');
    expect([status, json]).toEqual([200, { node: 'jp1', addresses_fixed: 0, bgp_restarted: 0 }]);
  });

  it('is repaired: a lost address comes back, and a session that is stuck starts over', async () => {
    await node.namespace.run('ip', ['address', 'flush', 'dev', peerName]);
    const broken = await call('GET', '/health/sessions');
    expect(broken.json).toMatchObject({ sessions: [{ wg: { has_link_local: false } }] });
    await until('the session is down', async () => !(await established()));
    const { json } = await call('POST', '/health/fix');
    expect(json).toMatchObject({ addresses_fixed: 1 });
    expect(json['details']).toContainEqual({
      asn: neighborAsn,
      interface: peerName,
      action: 'add_address',
      result: 'ok',
    });
    await until('the session is Established again and has its routes', complete);
  });
});

it('starts a session over that is down although its tunnel works', async () => {
  const neighbor = (word: string) =>
    neighborhood.neighbor.run('birdc', ['-s', '/run/bird/bird.ctl', word, 'node']);
  await neighbor('disable');
  await until('the session is down', async () => !(await established()));
  const restarted = { asn: neighborAsn, interface: peerName, action: 'restart_bgp', result: 'ok' };
  expect((await call('POST', '/health/fix')).json).toEqual({
    node: 'jp1',
    addresses_fixed: 0,
    bgp_restarted: 1,
    details: [restarted],
  });
  await neighbor('enable');
  await until('the session is Established again and has its routes', complete);
});

describe('the node', () => {
  it('says how it is', async () => {
    const { json } = await call('GET', '/status');
    expect(json).toEqual({
      status: 'ok',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      maintenance_mode: false,
      uptime: expect.any(Number),
      peer_count: 1,
    });
  });

  it('goes into maintenance and out of it, faster than the caller waits', async () => {
    const file = join(node.directory, 'bird/moenet-agent/maintenance.conf');
    const off = { maintenance_mode: false, entered_at: null, message: 'maintenance is off' };
    const on = { maintenance_mode: true, entered_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) };
    expect((await call('GET', '/maintenance')).json).toEqual(off);
    const startedMs = Date.now();
    expect((await call('POST', '/maintenance/start')).json).toMatchObject(on);
    expect(Date.now() - startedMs).toBeLessThan(3_000);
    await until('BIRD is told', async () => /true/.test(await readFile(file, 'utf8')));
    expect((await call('GET', '/status')).json).toMatchObject({ maintenance_mode: true });
    expect((await call('GET', '/maintenance')).json).toMatchObject({ ...on, message: 'maintenance is on' });
    expect((await call('POST', '/maintenance/stop')).json).toMatchObject({ maintenance_mode: false });
    expect((await call('GET', '/maintenance')).json).toEqual(off);
    await until('BIRD is told', async () => /false/.test(await readFile(file, 'utf8')));
    expect(await established()).toBe(true);
  });

  it('counts its routes by their communities', async () => {
    const { json } = await call('GET', '/community');
    const latency = json['latency_distribution'] as Record<string, number>;
    expect(Object.keys(latency)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8']);
    expect(Object.values(latency).reduce((sum, count) => sum + count, 0)).toBe(3);
    expect(json).toMatchObject({
      total_routes: expect.any(Number),
      region_distribution: { me: 3 },
    });
    expect(json['total_routes']).toBeGreaterThanOrEqual(5);
  });

  it('fetches and reconciles on request', async () => {
    await node.answer('sessions', { sessions: [{ ...neighborhood.session, mtu: 1400 }] });
    expect((await call('POST', '/sync')).json).toEqual({ status: 'sync_triggered' });
    const mtu = async () =>
      JSON.parse((await node.namespace.run('ip', ['-j', 'link', 'show', peerName])).stdout)[0].mtu;
    await until('the MTU is as the control plane wants it', async () => (await mtu()) === 1400);
    await node.answer('sessions', { sessions: [neighborhood.session] });
  });

  it('shows its metrics as Prometheus text', async () => {
    const { type, text } = await call('GET', '/metrics');
    expect(type).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(text).toContain('moenet_agent_');
  });
});

describe('the probes', () => {
  it('measure the link to a neighbor now, and remember', async () => {
    const probe = await call('POST', '/probe/now', { asn: neighborAsn });
    expect(probe.json).toEqual({
      target: `fe80::1080%${peerName}`,
      asn: neighborAsn,
      rtt_ms: expect.any(Number),
      latency_tier: expect.any(Number),
      timestamp: expect.any(Number),
      success: true,
    });
    const { json } = await call('POST', '/probe/stats', { asn: neighborAsn });
    expect(json).toMatchObject({
      asn: neighborAsn,
      endpoint: `fe80::1080%${peerName}`,
      last_rtt: expect.any(Number),
      last_tier: expect.any(Number),
      last_probe: expect.any(Number),
      stats: { min_rtt: expect.any(Number), max_rtt: expect.any(Number), avg_rtt: expect.any(Number) },
    });
    // A report may have measured too in the meantime.
    expect(json['history']).toContainEqual(probe.json);
  });

  it.each(['/probe/now', '/probe/stats'])('%s does not know other ASNs', async (path) => {
    expect((await call('POST', path, { asn: 4242420001 })).status).toBe(404);
    expect((await call('POST', path, { asn: 'x' })).status).toBe(400);
  });
});

it('answers 404 for other paths, and 405 with what to use', async () => {
  expect(await call('GET', '/nothing')).toMatchObject({ status: 404, json: { error: 'no such path' } });
  expect(await call('GET', '/ping')).toMatchObject({ status: 405, json: { error: 'use POST' } });
});
