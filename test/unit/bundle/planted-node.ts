import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { seal } from '../../../src/adapters/state/envelope.js';
import type { Patient } from '../../../src/bundle/source.js';
import { loadConfig } from '../../../src/config/load.js';
import type { Run } from '../../../src/platform/exec.js';
import type { AnswerOf, OperationName } from '../../../src/shell/daemon-api.js';
import { startBirdDaemon } from '../../fakes/bird-daemon.js';
import { badStatus } from '../../fakes/node-status.js';

/** A secret that has a character for each way of escaping, and the name of its place. */
const word = (place: string) => `Pl4nt/${place}+${randomBytes(6).toString('hex')}=%'x`;
const key = () => randomBytes(32).toString('base64');

/** One secret for each place where a node has some. */
export function plantedSecrets() {
  return {
    token: word('token').replaceAll("'", '!'),
    environmentToken: word('environment'),
    proxyPassword: 'Pl4nt-proxy-0001',
    lowerProxyPassword: 'Pl4nt-proxy-0002',
    daemonToken: word('daemon'),
    daemonProxyPassword: 'Pl4nt-proxy-0003',
    credential: word('credential'),
    unitCredential: word('unit'),
    unitVariable: word('variable').replaceAll("'", '!'),
    sessionPassword: word('session'),
    unknownKey: word('unknown'),
    privateKey: key(),
    interfaceKey: key(),
    interfacePsk: key(),
    sessionPsk: key(),
    dataPassword: word('data'),
    rememberedPassword: word('memory'),
    templatePassword: word('template'),
    birdPassword: word('bird'),
    origPassword: word('orig').replaceAll("'", '!'),
    statusToken: word('status'),
  };
}

export type Secrets = ReturnType<typeof plantedSecrets>;

/** The ways in which a program may write a secret. */
export function encodingsOf(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const isKey = /^[A-Za-z0-9+/]{43}=$/.test(secret);
  return [
    secret,
    secret.toLowerCase(),
    json,
    JSON.stringify(json).slice(1, -1),
    encodeURIComponent(secret),
    encodeURIComponent(secret).toLowerCase(),
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    Buffer.from(`user:${secret}`).toString('base64').replace(/=+$/, ''),
    Buffer.from(secret).toString('hex'),
    ...(isKey
      ? [
          Buffer.from(secret, 'base64').toString('hex'),
          Buffer.from(secret, 'base64url').toString('base64url'),
        ]
      : []),
  ];
}

/** A node that has a secret in each place, and repeats all of them in all that it says: `echoed` marks the places. */
export async function openPlantedNode(secrets: Secrets) {
  const root = await mkdtemp(join(tmpdir(), 'moenet-planted-'));
  const path = (name: string) => join(root, name);
  const write = async (name: string, text: string) => {
    await mkdir(dirname(path(name)), { recursive: true });
    await writeFile(path(name), text, { mode: 0o600 });
  };
  const all = Object.values(secrets).flatMap(encodingsOf);
  const echo = ['echoed', ...all].join(' ; ');
  const lines = ['echoed', ...all].join('\n');

  await write(
    'config.json',
    JSON.stringify({
      bootstrap: { apiUrl: 'https://api.example.net', nodeName: 'jp1', token: secrets.token },
      sessions: { AS4242421080: { password: secrets.sessionPassword.slice(0, 80) } },
      webhook: { clientSecret: secrets.unknownKey, note: echo },
    }),
  );
  await write('token', `${secrets.credential}\n`);
  await write('private.key', `${secrets.privateKey}\n`);
  const credential = JSON.stringify({ publicKey: key(), presharedKey: secrets.sessionPsk });
  const rows = [{ uuid: 'a1', credential, data: { password: secrets.dataPassword, note: echo } }];
  await write('state/answer-sessions.json', seal({ dialect: 'documented', data: { sessions: rows } }));
  await write(
    'state/memory.json',
    seal({ preserved: { a1: { password: secrets.rememberedPassword } }, note: echo }),
  );
  await write(
    'state/templates.json',
    seal({ own: { 'bird/peer.conf.hbs': `password "${secrets.templatePassword}"; ${echo}` } }),
  );
  await write('state/answer-mesh.json', `{"presharedKey": "${secrets.sessionPsk}" torn`);
  await write(
    'bird/bird.conf',
    `protocol bgp a {\n  password "${secrets.birdPassword}";\n}\n# ${lines.replaceAll('\n', '\n# ')}\n`,
  );
  await write('bird/bird.conf.orig', `password '${secrets.origPassword}'; # ${echo}`);
  const variables = [
    `MOENET_CP_TOKEN=${secrets.daemonToken}`,
    `https_proxy=http://u:${secrets.daemonProxyPassword}@p:1`,
    'A=b',
  ];
  await write('proc/42/environ', variables.join('\0'));
  await write('sysctl/ipv4/ip_forward', `1 ${echo}\n`);
  const bird = await startBirdDaemon(path('bird.ctl'), {
    replies: {
      restrict: '0016 Access restricted\n',
      'show protocols all': `1002-a BGP master up ${echo}\n0000 \n`,
      'show memory': `1018-BIRD memory usage ${echo}\n0000 \n`,
    },
  });

  const said: Readonly<Record<string, string>> = {
    'wg show all': `interface: wg0\n  private key: ${secrets.interfaceKey}\n${lines}`,
    'wg show all private-key': `wg0\t${secrets.interfaceKey}\n`,
    'wg show all preshared-keys': `wg0\t${key()}\t${secrets.interfacePsk}\n`,
    'systemctl cat': `SetCredential=moenet-agent-token:${secrets.unitCredential}\nEnvironment="MY_TOKEN=${secrets.unitVariable}"\n${lines}`,
  };
  const run: Run = async (program, args) => {
    const command = [program, ...args].join(' ');
    if (command.includes('neigh')) throw new Error(`ip: failed, ${echo}`);
    const found = said[command] ?? (command.startsWith('systemctl cat') ? said['systemctl cat'] : undefined);
    return { stdout: found ?? lines, stderr: `echoed on standard error: ${echo}`, exitCode: 0 };
  };
  const answers: { readonly [N in OperationName]?: unknown } = {
    status: {
      ...badStatus,
      agent: { ...badStatus.agent, pid: 42 },
      problems: [`Bearer ${secrets.statusToken} ${echo}`],
    },
    explain: { matches: [], names: [echo] },
    events: { events: [{ atMs: 1, kind: 'note', level: 'info', text: echo }], flaps: [] },
  };
  const env = {
    MOENET_CONFIG: path('config.json'),
    MOENET_CP_TOKEN: secrets.environmentToken,
    HTTPS_PROXY: `http://user:${secrets.proxyPassword}@proxy:3128`,
    http_proxy: `user:${secrets.lowerProxyPassword}@proxy:3128`,
  };
  const { config } = await loadConfig({ env, cwd: root });
  const patient: Patient = {
    run,
    env,
    configFile: path('config.json'),
    config,
    problems: [],
    paths: {
      stateDir: path('state'),
      birdDir: path('bird'),
      birdSocket: path('bird.ctl'),
      privateKey: path('private.key'),
      tokenFiles: [path('token')],
      sysctls: path('sysctl'),
      proc: path('proc'),
    },
    ask: async <N extends OperationName>(name: N) => answers[name] as AnswerOf<N>,
    diagnose: async () => ({
      ok: false,
      findings: [{ check: 'dns', level: 'fault', text: echo, remedy: echo }],
    }),
    now: () => 1_000_000_000_000,
  };
  return {
    patient,
    path,
    write,
    close: async () => {
      await bird.close();
      await rm(root, { recursive: true });
    },
  };
}
