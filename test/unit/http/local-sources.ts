import { Secret } from '../../../src/core/model/values/secret.js';
import type { LocalSources } from '../../../src/http/listen-local.js';
import type { LookUps } from '../../../src/http/look-ups.js';
import { openLiveStatus } from '../../../src/http/page-live.js';
import type { Page } from '../../../src/http/page-routes.js';
import type { Handlers } from '../../../src/shell/daemon-api.js';
import { goodStatus } from '../../fakes/node-status.js';

/** A page that shows `goodStatus`. */
export function makePage(replaced: Partial<Page> = {}): Page {
  return {
    files: { html: '<!doctype html>', script: 'let a;', style: 'p {}', icon: '<svg/>' },
    live: openLiveStatus({ status: () => goodStatus, nowSeconds: () => 1_700_000_020 }),
    handlers: {
      explain: ({ subject }: { readonly subject: string }) => ({ matches: [], names: [subject] }),
    } as Partial<Handlers> as Handlers,
    lookUps: { ping: async (target: string) => `ping ${target}` } as Partial<LookUps> as LookUps,
    ...replaced,
  };
}

export const token = new Secret('the-token');

/** Sources that answer, with tools that say what they were asked for; each can be replaced. */
export function makeSources(replaced: Partial<LocalSources> = {}): LocalSources {
  return {
    status: () => goodStatus,
    health: () => ({ status: 'degraded', problems: ['x'] }) as { status: string },
    metrics: async () => 'moenet_agent_info 1\n',
    history: async ({ hours }) => ({
      step: 60,
      from: hours * 3600,
      series: {
        rtt: [12.5],
        loss: [0],
        received: [1000],
        sent: [0],
        imported: [3],
        refused: [0],
        exported: [7],
        up: [null],
      },
    }),
    resync: async () => ({ ok: true, changes: [], errors: [] }),
    setMaintenance: async (on) => ({
      ok: true,
      on,
      sinceSeconds: undefined,
      changes: [],
      errors: [],
      traffic: undefined,
    }),
    page: makePage(),
    operations: () => undefined,
    onError: () => undefined,
    tools: {
      ping: async (target) => `ping ${JSON.stringify(target)}`,
      tcping: async (target) => `tcping ${JSON.stringify(target)}`,
      trace: async (target) => `trace ${JSON.stringify(target)}`,
      dig: async (question) => `dig ${JSON.stringify(question)}`,
      locate: async () => ({ words: 'nowhere' }),
    },
    ...replaced,
  };
}
