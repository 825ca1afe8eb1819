import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect } from 'vitest';
import type { Diagnosis } from '../../src/doctor/finding.js';
import type { AgentNode } from './agent-node.js';
import { it } from './with-node.js';

/** What `doctor --json` finds and its exit code. */
async function doctor(node: AgentNode) {
  const { stdout, exitCode } = await node.agent('doctor', '--json');
  const { findings }: Diagnosis = JSON.parse(stdout);
  const of = (check: string) =>
    findings.filter((each) => each.check === check).map(({ level, text }) => `${level}: ${text}`);
  return { exitCode, findings, of, stdout };
}

const withoutRemedy = (findings: Diagnosis['findings']) =>
  findings.filter(({ level, remedy }) => level !== 'ok' && !remedy);

const filesOf = async (node: AgentNode) => (await readdir(node.directory, { recursive: true })).sort();

describe.concurrent('doctor', () => {
  it('finds nothing wrong with a node that is about to start, and changes nothing', async ({ node }) => {
    // The first command is counted and logged like every other.
    await doctor(node);
    const before = await filesOf(node);
    const links = (await node.namespace.run('ip', ['-d', 'link'])).stdout;
    const { exitCode, findings, of, stdout } = await doctor(node);
    expect(findings.filter(({ level }) => level === 'fault')).toEqual([]);
    expect(withoutRemedy(findings)).toEqual([]);
    expect(exitCode).toBe(0);
    expect(of('control plane')).toEqual([
      expect.stringMatching(/^ok: http:\/\/127.0.0.1:18080 answers within \d+ ms$/),
      expect.stringMatching(
        /^ok: it takes the token, and knows jp1 as node 1 of AS\d+ \(dialect (?:documented|moenet-core)\)$/,
      ),
    ]);
    expect(of('time').at(-1)).toBe("ok: the clock agrees with the control plane's");
    expect(of('sockets')[0]).toMatch(/^ok: BIRD \d+\.\d+.* answers on /);
    expect(stdout).not.toContain(node.token);
    expect(await filesOf(node)).toEqual(before);
    expect((await node.namespace.run('ip', ['-d', 'link'])).stdout).toBe(links);
  });

  it('tells a user without rights what it may not see, and takes nothing of that for absent or broken', async ({
    node,
  }) => {
    await chmod(node.directory, 0o755);
    await chmod(join(node.directory, 'agent.json'), 0o644);
    await chmod(join(node.directory, 'bird'), 0o700);
    const nobody = ['--reuid', '65534', '--regid', '65534', '--clear-groups', process.execPath];
    const args = [resolve('dist/main.js'), '-c', join(node.directory, 'agent.json'), 'doctor', '--json'];
    const options = { okExitCodes: [0, 1], timeoutMs: 60_000 };
    const { stdout } = await node.namespace.run('setpriv', [...nobody, ...args], options);
    const { findings }: Diagnosis = JSON.parse(stdout);
    const main = join(node.directory, 'bird/bird.conf');
    expect(findings).toContainEqual({
      check: 'BIRD',
      level: 'warning',
      text: `this user may not read ${main}`,
      remedy: 'sudo moenet-agent doctor',
    });
    const ofBird = findings.find(({ check, text }) => check === 'sockets' && text.includes('BIRD'));
    expect(ofBird).toMatchObject({ level: 'warning', remedy: 'sudo moenet-agent doctor' });
  });

  it('finds what was broken: forwarding, BIRD, its configuration, the token, the firewall', async ({
    node,
  }) => {
    await node.agent('run', '--once');
    await node.stopBird();
    await node.namespace.run('sysctl', ['-q', '-w', 'net.ipv4.ip_forward=0']);
    const rules =
      'table inet filter { chain input { type filter hook input priority 0; policy drop; iif "lo" accept; }; }';
    await node.namespace.run('nft', ['-f', '-'], { input: rules });
    await writeFile(join(node.directory, 'bird/bird.conf'), 'router id 192.0.2.1;\nprotocol nonsense {}\n');
    const file = join(node.directory, 'agent.json');
    const config = JSON.parse(await readFile(file, 'utf8'));
    config.bootstrap.token = 'another-token';
    await writeFile(file, JSON.stringify(config));
    const { exitCode, of, findings, stdout } = await doctor(node);
    expect(exitCode).toBe(1);
    expect(of('sysctls')).toEqual([expect.stringMatching(/^fault: IPv4 forwarding is off/)]);
    expect(of('sockets')[0]).toMatch(/^fault: BIRD does not answer/);
    expect(of('BIRD')[0]).toMatch(/^fault: BIRD refuses .*bird\.conf:2:\d+ syntax error/);
    expect(of('control plane')).toEqual([
      expect.stringMatching(/^ok: .* answers within/),
      expect.stringMatching(/^fault: it does not give jp1 its configuration: .*401/),
    ]);
    expect(of('firewall')[0]).toMatch(/closes the UDP ports 24001, 24002/);
    expect(withoutRemedy(findings)).toEqual([]);
    expect(stdout).not.toContain('another-token');
  });

  it('works without a configuration, and says so', async ({ node }) => {
    const file = join(node.directory, 'agent.json');
    await writeFile(file, '{"bootstrap": {"apiUrl": "ftp://x"}}');
    const { exitCode, of, findings } = await doctor(node);
    expect(exitCode).toBe(1);
    expect(withoutRemedy(findings)).toEqual([]);
    expect(of('configuration')).toContainEqual(expect.stringMatching(/^fault: bootstrap\.apiUrl: /));
    expect(of('programs')).toContainEqual(expect.stringMatching(/^ok: bird /));
    const { stdout } = await node.agent('doctor');
    expect(stdout).toMatch(/\n\d+ faults?(?:, \d+ warnings?)?\nmore: \S*troubleshooting\.md#\S+.*$/);
  });
});
