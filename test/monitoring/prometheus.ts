import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'undici';
import type { Namespace } from '../../src/lab/namespace.js';
import { end } from '../faults/harness/faulty-node.js';
import { waitFor } from '../faults/harness/wait-for.js';
import { programOf } from './prometheus-release.js';

interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: 'pending' | 'firing';
}

interface Result<Series> {
  readonly result: readonly Series[];
}

/** Debian's Prometheus, which scrapes the nodes every second. */
export interface Prometheus {
  /** Alerts that fire now. */
  firing(): Promise<readonly Alert[]>;
  /** What an expression gives now, of the first series that it gives; NaN without one. */
  value(expr: string): Promise<number>;
  /** How many series an expression gives at any time since `fromMs`. Throws where Prometheus does not take it. */
  countSince(fromMs: number, expr: string): Promise<number>;
  close(): Promise<void>;
}

interface Options {
  readonly targets: readonly string[];
  readonly token: string;
  readonly rules: string;
}

// Unix sockets reach across network namespaces. The program says "ready" once it listens.
const relay = `
  const { connect, createServer } = require('node:net');
  const [path, port] = process.argv.slice(1);
  const server = createServer((asking) => {
    const answering = connect(Number(port), '127.0.0.1');
    asking.pipe(answering).pipe(asking);
    asking.on('error', () => answering.destroy()).on('close', () => answering.destroy());
    answering.on('error', () => asking.destroy()).on('close', () => asking.destroy());
  });
  server.listen(path, () => process.stdout.write('ready'));
`;

/** Starts Prometheus on a host, as docs/monitoring/README.md configures it; resolves when it answers. */
export async function startPrometheus(host: Namespace, options: Options): Promise<Prometheus> {
  const directory = await mkdtemp(join(tmpdir(), 'moenet-prometheus-'));
  const path = (name: string) => join(directory, name);
  await writeFile(path('token'), options.token, { mode: 0o600 });
  await writeFile(path('alerts.yml'), options.rules);
  await writeFile(path('prometheus.yml'), JSON.stringify(configOf(path, options.targets)));
  const server = host.spawn(
    programOf('prometheus'),
    [
      `--config.file=${path('prometheus.yml')}`,
      `--storage.tsdb.path=${path('data')}`,
      '--web.listen-address=127.0.0.1:9090',
      '--log.level=warn',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const way = host.spawn(process.execPath, ['-e', relay, path('way.sock'), '9090']);
  if (way.stdout) await once(way.stdout, 'data');
  const client = new Client('http://127.0.0.1:9090', { socketPath: path('way.sock') });

  async function ask(where: string, query: Readonly<Record<string, string>> = {}): Promise<unknown> {
    const { statusCode, body } = await client.request({ method: 'GET', path: where, query });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`Prometheus answers ${statusCode}: ${text}`);
    return text.startsWith('{') ? JSON.parse(text).data : text;
  }

  const prometheus: Prometheus = {
    firing: async () => {
      const { alerts } = (await ask('/api/v1/alerts')) as { readonly alerts: readonly Alert[] };
      return alerts.filter(({ state }) => state === 'firing');
    },
    value: async (expr) => {
      const { result } = (await ask('/api/v1/query', { query: expr })) as Result<{
        readonly value: readonly [number, string];
      }>;
      return Number(result[0]?.value[1] ?? Number.NaN);
    },
    countSince: async (fromMs, expr) => {
      const times = { start: String(fromMs / 1000), end: String(Date.now() / 1000), step: '1' };
      const { result } = (await ask('/api/v1/query_range', { query: expr, ...times })) as Result<unknown>;
      return result.length;
    },
    close: async () => {
      await client.destroy();
      await Promise.all([end(server), end(way)]);
      await rm(directory, { recursive: true });
    },
  };
  const answers = () =>
    ask('/-/ready').then(
      () => true,
      () => false,
    );
  await waitFor('Prometheus answers', answers);
  return prometheus;
}

function configOf(path: (name: string) => string, targets: readonly string[]) {
  return {
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    rule_files: [path('alerts.yml')],
    scrape_configs: [
      {
        job_name: 'moenet-agent',
        authorization: { credentials_file: path('token') },
        static_configs: [{ targets }],
      },
    ],
  };
}
