import { z } from 'zod';

/** The documented dialect's session statuses (protocol.md, "Session status"). */
export const status = {
  deleted: 0,
  active: 1,
  error: 2,
  pendingReview: 3,
  queuedForSetup: 4,
  queuedForDelete: 5,
};

const words = [
  'deleted',
  'active',
  'error',
  'pending review',
  'queued for setup',
  'queued for delete',
  'setup failed',
];

/** A status in words, as an agent posts it; in the list, 0 means "disabled". */
export function statusWord(code: number): string {
  return words[code] ?? `status ${code}`;
}

const count = z.int().min(0);
const wireGuardKey = z.string().regex(/^[A-Za-z0-9+/]{43}=$/);

// What the agent must post. Further keys are welcome; these must be there, of these types.
const modify = z.looseObject({
  uuid: z.string().min(1),
  status: z.int().min(0).max(6),
  interface: z.string().max(15).nullish(),
  error: z.string().nullish(),
});
const report = z.looseObject({
  sessions: z.array(
    z.looseObject({
      uuid: z.string().min(1),
      rtt: z.number().nullish(),
      rxBytes: count,
      txBytes: count,
      routesImported: count,
    }),
  ),
});
const heartbeat = z.looseObject({
  version: z.string().min(1),
  uptime: z.number().min(0),
  meshPublicKey: wireGuardKey.nullish(),
});
const meshStatus = z.looseObject({ peers: z.record(z.string(), z.string()) });

export const postSchemas = { modify, report, heartbeat, 'mesh/status': meshStatus };
export type PostName = keyof typeof postSchemas;
export const postNames = Object.keys(postSchemas) as readonly PostName[];

interface Bodies {
  readonly modify: z.infer<typeof modify>;
  readonly report: z.infer<typeof report>;
  readonly heartbeat: z.infer<typeof heartbeat>;
  readonly 'mesh/status': z.infer<typeof meshStatus>;
}

/** A body that was posted, by whom and when (Unix milliseconds). */
export type Post = {
  [Name in PostName]: {
    readonly name: Name;
    readonly node: string;
    readonly atMs: number;
    readonly body: Bodies[Name];
  };
}[PostName];
export type PostOf<Name extends PostName> = Extract<Post, { name: Name }>;
