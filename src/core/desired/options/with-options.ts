import { isNarrower } from '../../model/policy-name.js';
import { defaultPolicy } from '../../model/routing.js';
import { nameOfSession, type Session, type SessionEntry } from '../../model/session.js';
import type { SessionOptions } from '../../model/session-options.js';
import type { OperatorOptions } from './operator-options.js';

interface Limits {
  readonly ebgpImportLimit?: number | undefined;
  readonly ebgpExportLimit?: number | undefined;
}

/** The most that a session's own data may ask for: the local preference that a route has where nothing speaks for it. */
const mostPreferenceOfData = 100;

/**
 * The row with the options that count: those of the operator's file, of which one for the uuid comes before one for the AS, and then those
 * of its `data` at the control plane. Anybody who may write a row may write `data`, so data can only take away: a narrower policy,
 * lower limits than the network's, no preference above the ordinary one.
 */
export function withOptions(
  entry: SessionEntry,
  operator: readonly OperatorOptions[],
  limits: Limits = {},
): SessionEntry {
  if (entry.kind !== 'session') return entry;
  const { session } = entry;
  const ofData = session.options ? reduce(session, session.options, limits) : noOptions;
  const ofFile = operatorOptions(session, operator);
  // The same row stays the same object, by which others know that nothing has changed.
  if (!session.options && !session.ignoredOptions && Object.keys(ofFile).length === 0) return entry;
  const options = { ...ofData.options, ...ofFile };
  const ignored = [...(session.ignoredOptions ?? []), ...ofData.ignored].filter(
    (reason) => !Object.keys(ofFile).some((name) => reason.startsWith(`data.${name}:`)),
  );
  return {
    ...entry,
    session: {
      ...session,
      policy: options.policy ?? session.policy,
      options: Object.keys(options).length > 0 ? options : undefined,
      ignoredOptions: ignored.length > 0 ? ignored : undefined,
    },
  };
}

const noOptions = { options: {} as SessionOptions, ignored: [] as readonly string[] };

function operatorOptions({ asn, uuid }: Session, operator: readonly OperatorOptions[]): SessionOptions {
  const ofAs = operator.filter((each) => each.asn === asn);
  const ofUuid = operator.filter((each) => each.uuid === uuid);
  return Object.assign({}, ...[...ofAs, ...ofUuid].map(({ options }) => options)) as SessionOptions;
}

/** What is left of the options of a row's data, and why the others do not count. */
function reduce(
  session: Session,
  { policy, localPreference, importLimit, exportLimit, ...rest }: SessionOptions,
  { ebgpImportLimit, ebgpExportLimit }: Limits,
): { readonly options: SessionOptions; readonly ignored: readonly string[] } {
  const candidates = [
    within('localPreference', localPreference, mostPreferenceOfData),
    within('importLimit', importLimit, ebgpImportLimit ?? defaultPolicy.ebgpImportLimit),
    within('exportLimit', exportLimit, ebgpExportLimit ?? defaultPolicy.ebgpExportLimit),
    policy === undefined || isNarrower(policy, session.policy)
      ? { options: policy === undefined ? {} : { policy } }
      : {
          ignored: `data.policy: ${policy} lets through more than the session's policy ${session.policy}`,
        },
  ];
  return {
    options: Object.assign({}, rest, ...candidates.map(({ options }) => options ?? {})) as SessionOptions,
    ignored: candidates.flatMap(({ ignored }) => ignored ?? []),
  };
}

function within(
  name: 'localPreference' | 'importLimit' | 'exportLimit',
  value: number | undefined,
  most: number,
): { readonly options?: SessionOptions; readonly ignored?: string } {
  if (value === undefined) return {};
  if (value <= most) return { options: { [name]: value } };
  return { ignored: `data.${name}: ${value} is more than ${most}, the most that data may ask for` };
}

/** A sentence for each session whose data says what does not count. */
export function describeIgnored({ ignoredOptions, ...session }: Session): string[] {
  if (!ignoredOptions) return [];
  return [
    `${nameOfSession(session)}: the agent ignores a part of its data at the control plane: ${ignoredOptions.join('; ')}; an operator may set it under "sessions" in the agent's configuration file`,
  ];
}

/** The keys of the operator's file that are no session's of this node. */
export function describeUnmatched(
  operator: readonly OperatorOptions[],
  entries: readonly SessionEntry[],
): string[] {
  const present = entries.map((entry) => (entry.kind === 'session' ? entry.session : entry));
  const isThere = ({ asn, uuid }: OperatorOptions) =>
    present.some((row) => (asn === undefined ? row.uuid === uuid : asnOf(row) === asn));
  return operator
    .filter((each) => !isThere(each))
    .map(({ key }) => `sessions.${key} in the configuration file is no session of this node`);
}

function asnOf(row: Session | Exclude<SessionEntry, { kind: 'session' }>): number | undefined {
  if ('kind' in row) return row.kind === 'refused' ? row.asn : row.peer?.asn;
  return row.asn;
}
