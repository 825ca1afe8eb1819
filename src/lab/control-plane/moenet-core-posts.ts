import { z } from 'zod';
import { count, interfaceName, problems, statusIn, text, wireGuardKey } from './fields.js';
import type { Told } from './posts.js';

// In this dialect's order; 2 is what runs, 6 what does not.
const status = statusIn([
  'deleted',
  'disabled',
  'active',
  'pending review',
  'queued for setup',
  'queued for delete',
  'error',
  'teardown',
  'rejected',
]);

/** Any moment of the last minutes, in Unix seconds or milliseconds: it is only kept. */
const timestamp = z
  .int()
  .refine((time) => [time, time * 1000].some((ms) => Math.abs(ms - Date.now()) < 300_000), 'is not now');

const signed = { node_id: text, timestamp };

const modify = z
  .looseObject({
    uuid: text.optional(),
    peer_id: text.optional(),
    status: status.optional(),
    observedEndpoint: z.union([z.ipv4(), z.ipv6()]).optional(),
    interface: interfaceName,
    // A column of the table; what does not fit is a failed call.
    lastError: z.string().max(255).nullish(),
  })
  .refine(({ uuid, peer_id }) => (uuid ?? peer_id) !== undefined, 'uuid is missing')
  .transform(({ peer_id, uuid = peer_id ?? '', observedEndpoint: address, ...rest }, context): Told => {
    const { status, interface: name, lastError } = rest;
    if (status === undefined) {
      if (address === undefined) {
        context.addIssue({ code: 'custom', message: 'neither a status nor an observedEndpoint' });
        return z.NEVER;
      }
      return { name: 'observed endpoint', body: { uuid, address } };
    }
    return {
      name: 'modify',
      body: {
        uuid,
        status,
        interface: name ?? undefined,
        error: lastError ?? undefined,
      },
    };
  });

const row = z.looseObject({
  name: z.string().nullish(),
  state: z.string().nullish(),
  info: z.string().nullish(),
  type: z.string().nullish(),
  uuid: text,
  rtt: z.number().nullish(),
  rxBytes: count,
  txBytes: count,
  routesImported: count,
});

/** A row is stored where it has both a name and a state; one session may have several. */
const report = z
  .looseObject({ ...signed, sessions: z.array(row) })
  .transform(({ node_id, sessions }): Told => {
    const stored = sessions.filter(({ name, state }) => name && state);
    const lines = stored.map(({ name, uuid, rtt, rxBytes, txBytes, routesImported }) => {
      return { uuid, rtt, rxBytes, txBytes, routesImported, protocols: [name ?? ''] };
    });
    return {
      name: 'report',
      sender: node_id,
      body: { sessions: lines },
      lost: stored.length === sessions.length ? undefined : lostRows(sessions.length, stored.length),
    };
  });

function lostRows(all: number, stored: number): string {
  return `${all - stored} of ${all} rows have no name or no state`;
}

/** The call under the node's own path only says that it is alive. */
const alive = z.looseObject({}).transform((): Told => ({ name: 'alive', body: {} }));

const nodeStatus = z.looseObject({
  version: text,
  kernel: text,
  loadAvg: z.string().regex(/^\d+\.\d\d \d+\.\d\d \d+\.\d\d$/),
  uptime: z.number().min(0),
  timestamp,
  tx: count,
  rx: count,
  tcp: count,
  udp: count,
  meshPublicKey: wireGuardKey.optional(),
  publicIpv4: z.ipv4().optional(),
  publicIpv6: z.ipv6().optional(),
  problems: problems.optional(),
});

const heartbeat = z
  .looseObject({ node_id: text, agent_version: text, status: nodeStatus })
  .transform(({ node_id, status: { version, uptime, meshPublicKey, publicIpv4, publicIpv6 } }): Told => {
    const body = { version, uptime, meshPublicKey, publicIpv4, publicIpv6 };
    return { name: 'heartbeat', sender: node_id, body };
  });

const meshStatus = z
  .looseObject({ ...signed, peers: z.record(z.string().regex(/^\d+$/), z.string()) })
  .transform(({ node_id, peers }): Told => ({ name: 'mesh/status', sender: node_id, body: { peers } }));

const measurement = z.looseObject({ target: text, rtt_ms: z.number().min(0), loss: z.number().min(0) });

const rtt = z.looseObject({ measurements: z.array(measurement), timestamp }).transform(
  ({ measurements }): Told => ({
    name: 'rtt',
    body: { targets: measurements.map(({ target }) => target) },
  }),
);

/** What an agent must post in the moenet-core dialect. */
export const moenetCorePosts = {
  heartbeat,
  ':router/heartbeat': alive,
  ':router/modify': modify,
  ':router/report': report,
  ':router/mesh/status': meshStatus,
  ':router/rtt': rtt,
};
