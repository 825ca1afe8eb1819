import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Explained } from '../../src/core/explain/explanation.js';
import { listenLocal, localApp } from '../../src/http/listen-local.js';
import type { LookUps } from '../../src/http/look-ups.js';
import { openLiveStatus } from '../../src/http/page-live.js';
import type { Handlers } from '../../src/shell/daemon-api.js';
import type { NodeStatus } from '../../src/shell/status/status.js';
import { makeSources, token } from '../unit/http/local-sources.js';
import { events, explainedRoute, history, pathText, pingText, plan, traceText } from './answers.js';
import { hostileName } from './many-sessions.js';

export { token };

/** A session of which one minute is known. */
export const newSession = '00000000-0000-4000-8000-000000000002';

/** The server of the page with a node behind it that is made up: its status can be changed. */
export interface FixtureNode {
  readonly base: string;
  status: NodeStatus;
  /** Tells the open pages that the status may have changed, as a look does. */
  tell(): void;
  close(): Promise<void>;
}

export async function openFixtureNode(first: NodeStatus): Promise<FixtureNode> {
  const nowSeconds = () => Math.floor(Date.now() / 1000);
  const node = { status: first };
  const live = openLiveStatus({ status: () => node.status, nowSeconds, togetherMs: 50 });
  const page = {
    files: await builtFiles(),
    live,
    handlers: {
      explain: ({ subject }: { readonly subject: string }) => explained(node.status, subject),
      explainRoute: () => explainedRoute,
      events: () => events(nowSeconds()),
      plan: () => plan,
      history: ({ session, hours }: { readonly session: string; readonly hours: number }) =>
        history(nowSeconds(), hours, session === newSession),
    } as Partial<Handlers> as Handlers,
    lookUps: {
      ping: async () => pingText,
      trace: async () => traceText,
      path: async () => pathText,
    } as Partial<LookUps> as LookUps,
  };
  const app = localApp(token, makeSources({ page }), { hosts: ['127.0.0.1'] });
  const server = await listenLocal({ host: '127.0.0.1', port: 0 }, app);
  return Object.assign(node, {
    base: `http://127.0.0.1:${server.port}/`,
    tell: live.changed,
    close: async () => {
      live.close();
      await server.close();
    },
  });
}

/** As the build makes them. */
async function builtFiles() {
  const { scriptOf } = await import(resolve('rolldown.config.js'));
  const text = (name: string) => readFile(resolve('src/page', name), 'utf8');
  return {
    html: await text('index.html'),
    style: await text('app.css'),
    icon: await text('icon.svg'),
    script: await scriptOf(resolve('src/page/main.tsx')),
  };
}

function explained({ sessions }: NodeStatus, subject: string): Explained {
  const row = sessions.find(({ uuid }) => uuid === subject);
  if (!row) return { matches: [], names: [] };
  return {
    matches: [],
    names: [],
    explanation: {
      kind: 'session',
      title: `AS${row.asn} over ${row.interface} (session ${row.uuid})`,
      name: row.interface ?? row.uuid,
      state: row.state,
      trouble: row.trouble,
      summary: row.trouble
        ? `it does not work: ${row.trouble.words}`
        : 'it works: BGP is Established over a fresh tunnel',
      controlPlane: [
        { what: 'name', value: hostileName },
        { what: 'endpoint', value: 'peer.example.net:51820', why: 'resolves to 198.51.100.7' },
        { what: 'MTU', value: '1420' },
      ],
      desired: [
        { what: 'interface', value: row.interface ?? '' },
        { what: 'addresses', value: 'fe80::1/64', why: 'our link-local address on every tunnel' },
        { what: 'import limit', value: '9000 routes', why: 'from the policy of the control plane' },
      ],
      observed: [
        { what: 'handshake', value: '42 s ago', why: 'fresh' },
        { what: 'traffic', value: '1.2 GB received, 340 MB sent' },
      ],
      protocols: [
        {
          name: row.bgp?.protocols[0] ?? 'dn42',
          state: row.bgp?.state ?? 'not running',
          stateWords: 'routes are exchanged',
          since: '2026-11-20 08:12:44',
          timers: [],
          capabilities: {
            both: ['4-octet AS numbers', 'extended next hop'],
            onlyUs: ['graceful restart'],
            onlyNeighbor: [],
          },
        },
      ],
      differences: [],
      changes: [
        {
          atSeconds: Math.floor(Date.now() / 1000) - 4000,
          change: `create tunnel ${row.interface}`,
          why: 'it is not there',
        },
      ],
      rtt: {
        target: 'fe80::1080',
        lastMs: row.rttMs,
        loss: row.loss,
        tier: 2,
        averageMs: row.rttMs,
        history: (row.rttHistory ?? []).map((rttMs, n) => ({
          atSeconds: n * 60,
          ...(rttMs !== null && { rttMs }),
        })),
      },
      refusedRoutes: [
        {
          reason: 3,
          words: 'RPKI says that the origin may not announce it',
          count: 4,
          examples: ['172.20.1.0/24', 'fd00:1::/48'],
        },
      ],
      next: row.trouble ? ['BIRD dials again within 2 minutes'] : [],
      advice: row.trouble
        ? [
            {
              symptom: 'no handshake since the tunnel was made',
              advice: 'check the public key and the endpoint',
            },
          ]
        : [],
      notes: [],
    },
  };
}
