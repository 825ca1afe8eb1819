import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect } from 'vitest';
import { run } from '../../src/platform/exec.js';
import type { NodeStatus } from '../../src/shell/status/status.js';
import type { BundleDocument } from '../../src/wire/debug-bundle.js';
import { until } from '../integration/host/tunnel-host.js';
import { undescribed } from '../published-schema.js';
import type { AgentNode } from './agent-node.js';
import { it } from './with-node.js';

/** Makes a bundle and unpacks it with tar; `read` gives a file of it. */
async function makeBundle(node: AgentNode) {
  const target = await mkdtemp(join(tmpdir(), 'moenet-bundle-'));
  const file = join(target, 'bundle.tar.gz');
  const { stdout, exitCode } = await node.agent('--json', 'debug', 'bundle', '--output', file);
  const document: BundleDocument = JSON.parse(stdout);
  const { mode, size } = await stat(file);
  await run('tar', ['-xzf', file, '-C', target]);
  await rm(file);
  const [directory = '', ...others] = await readdir(target);
  expect(others).toEqual([]);
  const root = join(target, directory);
  const names = (await readdir(root, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  const texts = new Map<string, string>();
  for (const name of names) texts.set(name, await readFile(join(root, name), 'utf8'));
  await rm(target, { recursive: true });
  return { document, exitCode, mode, size, directory, texts, all: [...texts.values()].join('\n') };
}

const password = 'an-operators-password';

const presharedKey = 'cGxhbnRlZC1wcmVzaGFyZWQta2V5LTAwMDAwMDAwMDE=';

/** A password of the operator's and a preshared key of the control plane's for one session. */
async function plant(node: AgentNode) {
  const { sessions } = JSON.parse(await readFile(join(node.directory, 'sessions.json'), 'utf8'));
  const [{ credential, ...first }, ...rest] = sessions;
  const keys = JSON.stringify({ ...credential, presharedKey });
  await node.answer('sessions', { sessions: [{ ...first, credential: keys }, ...rest] });
  const file = join(node.directory, 'agent.json');
  const config = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(file, JSON.stringify({ ...config, sessions: { AS4242421080: { password } } }));
}

async function statusOf(node: AgentNode): Promise<NodeStatus> {
  return JSON.parse((await node.agent('--json', 'status')).stdout);
}

/** What each of the documents has that the published schemas do not describe. */
async function undescribedIn(node: AgentNode, texts: ReadonlyMap<string, string>) {
  const of = (name: string) => JSON.parse(texts.get(name) ?? '');
  const asked = async (...args: string[]) => JSON.parse((await node.agent('--json', ...args)).stdout);
  const explained = [...texts.keys()].filter((name) => name.startsWith('explain/'));
  return [
    ...undescribed('status', await asked('status')),
    ...undescribed('doctor', of('doctor.json')),
    ...undescribed('events', of('events.json')),
    ...explained.flatMap((name) => undescribed('explain', of(name).explanation)),
    ...undescribed('explain-prefix', await asked('explain', 'prefix', '172.22.188.0/26')),
    ...undescribed('plan', await asked('plan', '--diff')),
  ];
}

describe.concurrent('debug bundle', () => {
  it('has what a running node knows, and none of its secrets', async ({ node }) => {
    await plant(node);
    await node.start();
    await until('the first pass', async () => (await statusOf(node)).lastPass !== undefined);
    const { document, exitCode, mode, size, directory, texts, all } = await makeBundle(node);
    expect(exitCode).toBe(0);
    expect(mode & 0o777).toBe(0o600);
    expect(document.bytes).toBe(size);
    expect(directory).toMatch(/^moenet-agent-debug-jp1-\d{8}T\d{6}Z$/);
    expect(JSON.parse(texts.get('status.json') ?? '')).toMatchObject({ agent: { node: 'jp1' } });
    expect(JSON.parse(texts.get('doctor.json') ?? '')).toHaveProperty('findings');
    expect(JSON.parse(texts.get('events.json') ?? '').events).toContainEqual(
      expect.objectContaining({ kind: 'start' }),
    );
    expect([...texts.keys()].filter((name) => name.startsWith('explain/')).length).toBeGreaterThan(0);
    expect(texts.get('bird/protocols.txt')).toContain('dn42_4242421080');
    expect(texts.get('bird/files/bird.conf.orig')).toContain('router id 192.0.2.1');
    expect(texts.get('wireguard/show.txt')).toContain('private key: (hidden)');
    expect(texts.get('wireguard/show.txt')).toContain('preshared key: (hidden)');
    expect(texts.get('network/links.json')).toContain('moenet-agent:abc-123');
    expect(texts.get('state/answer-sessions.json')).toContain('"credential": "[secret]"');
    expect(texts.get('contents.txt')).toContain('Look through the files before you send them.');

    expect(await undescribedIn(node, texts)).toEqual([]);
    const sessionFile = [...texts].find(([, text]) => /password "/.test(text));
    expect(sessionFile?.[1]).toContain('password "[secret]"');
    const key = (await readFile(join(node.directory, 'keys/private.key'), 'utf8')).trim();
    for (const secret of [
      node.token,
      password,
      presharedKey,
      key,
      Buffer.from(key, 'base64').toString('hex'),
    ])
      expect(all).not.toContain(secret);
  });

  it('is made without a daemon and without a configuration, and says what is missing', async ({ node }) => {
    await writeFile(join(node.directory, 'agent.json'), `{"bootstrap": {"token": "${node.token}" torn`);
    const { document, exitCode, texts, all } = await makeBundle(node);
    expect(exitCode).toBe(0);
    const missing = new Map(document.missing.map(({ name, why }) => [name, why]));
    expect(missing.get('status.json')).toBe('no daemon is running');
    expect(missing.get('configuration/file.json')).toMatch(/not JSON/);
    expect(texts.get('contents.txt')).toContain('status.json: no daemon is running');
    expect(texts.get('doctor.json')).toContain('not JSON');
    expect(all).not.toContain(node.token);
  });

  it('has less for a user who may read little', async ({ node }) => {
    await node.start();
    const target = await mkdtemp(join(tmpdir(), 'moenet-bundle-'));
    await chmod(target, 0o777);
    const file = join(target, 'b.tar.gz');
    const { exitCode, stdout } = await node.namespace.run(
      'setpriv',
      [
        '--reuid=65534',
        '--regid=65534',
        '--clear-groups',
        'node',
        resolve('dist/main.js'),
        'debug',
        'bundle',
        '--output',
        file,
      ],
      { timeoutMs: 120_000 },
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain('missing:');
    expect(stdout).toMatch(/status\.json.*: /);
    expect(await stat(file)).toMatchObject({ uid: 65534 });
    await rm(target, { recursive: true });
  });
});
