import type { z } from 'zod';
import type { NodeSpec } from '../scenario/node-spec.js';
import type { Scenario } from '../scenario/scenario.js';
import type { BirdConfigDocument } from './bird-config-document.js';
import type { Dialect } from './dialect.js';
import type { Told } from './posts.js';
import type { SessionRow } from './session-row.js';
import type { Status } from './status.js';

/** What the nodes have told of themselves, by their names. */
export interface Heartbeats {
  readonly publicKeys: ReadonlyMap<string, string>;
  /** IPv4, at which the other nodes find them; one dialect tells it. */
  readonly publicAddresses: ReadonlyMap<string, string>;
}

export type RefusalStatus = 401 | 404 | 413 | 422 | 429;

/** How one dialect puts things: paths, wrapping, numbers, shapes. All else here knows them in words alone. */
export interface Wire {
  readonly dialect: Dialect;
  /** Below which all calls are. */
  readonly base: string;
  readonly maxBodyBytes: number;
  /** Whether a session that is told to be deleted also goes where nobody has queued it for that. */
  readonly destroysUnasked: boolean;
  /** Whether an agent may tell the one status of a session that has the other; where not, the row stays as it is. */
  mayBecome(from: Status, to: Status): boolean;
  /** What is answered to a `modify`: whether the row was changed, and why not. */
  modified(reason: string | undefined): object;
  /** What each POST must have in it: path below `base`, with `:router` for the node's name → the body's schema. */
  readonly posts: Readonly<Record<string, z.ZodType<Told>>>;
  config(node: NodeSpec): object;
  birdConfig(document: BirdConfigDocument): object;
  mesh(scenario: Scenario, node: NodeSpec, heartbeats: Heartbeats): object;
  sessions(rows: readonly SessionRow[]): object;
  /** What a good answer is wrapped in. */
  success(data: object): object;
  refusal(httpStatus: RefusalStatus, reason: string): object;
  /** Headers of every answer, where a node has this many requests left in the minute. */
  headers(limitPerMinute: number, left: number): Readonly<Record<string, string>>;
}
