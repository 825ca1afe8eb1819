import { z } from 'zod';
import { count, interfaceName, problems, statusIn, text, wireGuardKey } from './fields.js';
import type { Told } from './posts.js';

// As an agent posts them: "tear it down, then report 0".
const status = statusIn([
  'deleted',
  'active',
  'error',
  'pending review',
  'queued for setup',
  'queued for delete',
  'setup failed',
]);

// Further keys are welcome; these must be there, of these types.
const modify = z
  .looseObject({ uuid: text, status, interface: interfaceName, error: z.string().nullish() })
  .transform(({ uuid, status, interface: name, error }): Told => {
    return {
      name: 'modify',
      body: { uuid, status, interface: name ?? undefined, error: error ?? undefined },
    };
  });

const session = z
  .looseObject({
    uuid: text,
    rtt: z.number().nullish(),
    rxBytes: count,
    txBytes: count,
    routesImported: count,
  })
  .transform(({ uuid, rtt, rxBytes, txBytes, routesImported }) => {
    return { uuid, rtt, rxBytes, txBytes, routesImported, protocols: [] };
  });

const report = z
  .looseObject({ sessions: z.array(session) })
  .transform(({ sessions }): Told => ({ name: 'report', body: { sessions } }));

const heartbeat = z
  .looseObject({
    version: text,
    uptime: z.number().min(0),
    meshPublicKey: wireGuardKey.nullish(),
    problems: problems.optional(),
  })
  .transform(({ version, uptime, meshPublicKey }): Told => {
    return { name: 'heartbeat', body: { version, uptime, meshPublicKey: meshPublicKey ?? undefined } };
  });

const meshStatus = z
  .looseObject({ peers: z.record(z.string(), z.string()) })
  .transform(({ peers }): Told => ({ name: 'mesh/status', body: { peers } }));

/** What an agent must post in the documented dialect. */
export const documentedPosts = {
  ':router/modify': modify,
  ':router/report': report,
  ':router/heartbeat': heartbeat,
  ':router/mesh/status': meshStatus,
};
