import type { Handlers } from '../../../src/shell/daemon-api.js';
import { goodStatus } from '../../fakes/node-status.js';

export const traffic = { seconds: 3, rxBytesPerSecond: 10, txBytesPerSecond: 0, largest: [] };
export const done = { ok: true, changes: ['create tunnel wg_24001'], errors: [] };

/** A daemon that answers every operation, and that says what it was asked for; each can be replaced. */
export function makeHandlers(replaced: Partial<Handlers> = {}): Handlers {
  let on = false;
  return {
    status: () => goodStatus,
    explainRoute: async ({ to }) => ({
      to,
      network: undefined,
      summary: '',
      routes: [],
      roas: [],
      targets: [],
    }),
    events: async ({ sinceSeconds = 0, session }) => ({
      events: [{ atMs: sinceSeconds * 1000, kind: 'note', level: 'info', text: String(session) }],
      flaps: [],
    }),
    history: async ({ hours }) => ({
      step: 60,
      from: hours * 3600,
      series: {
        rtt: [12.5, null],
        loss: [0, null],
        received: [1000, null],
        sent: [0, null],
        imported: [3, null],
        refused: [0, null],
        exported: [7, null],
        up: [1, null],
      },
    }),
    explain: async ({ subject }) => ({ matches: [], names: [subject] }),
    plan: async () => ({ changes: [], reports: [], problems: [] }),
    resync: async () => done,
    maintenance: async () => ({ on, sinceSeconds: undefined, traffic }),
    adoption: async () => ({
      items: [],
      leftAlone: ['interface dn42_x: it is not a WireGuard interface'],
    }),
    restartBird: async () => ({ ok: true, errors: [], seconds: 2 }),
    adopt: async () => ({ ok: true, changes: ['adopted'], errors: [] }),
    switchSession: async ({ session, to }) => ({
      ...done,
      errors: [`${session} ${to}`],
      session: undefined,
      state: undefined,
    }),
    setMaintenance: async (wanted) => {
      on = wanted.on;
      return { ...done, on, sinceSeconds: undefined, traffic: undefined };
    },
    ...replaced,
  };
}
