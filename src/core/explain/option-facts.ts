import type { OperatorOptions } from '../desired/options/operator-options.js';
import type { DesiredSession } from '../desired/sessions.js';
import { defaultPolicy } from '../model/routing.js';
import type { Session } from '../model/session.js';
import { type SessionOptionName, type SessionOptions, toPublicOptions } from '../model/session-options.js';
import type { Fact } from './explanation.js';

/** Where the options of a session come from. */
export interface OptionSources {
  /** The row as the control plane sent it; absent where it is not listed. */
  readonly row: Session | undefined;
  readonly operator: readonly OperatorOptions[];
  /** The network's own limits, where it has any. */
  readonly limits: {
    readonly ebgpImportLimit?: number | undefined;
    readonly ebgpExportLimit?: number | undefined;
  };
}

const titles: Readonly<Record<SessionOptionName, string>> = {
  policy: 'policy',
  importLimit: 'import limit',
  exportLimit: 'export limit',
  prepend: 'prepend',
  localPreference: 'local preference',
  med: 'MED',
  holdTime: 'hold time',
  password: 'password',
  bfd: 'BFD',
  passive: 'passive',
  addPaths: 'add paths',
  roles: 'BGP roles',
  shutdown: 'shutdown',
};

/** Those that are shown also where nobody sets them. */
const always: readonly SessionOptionName[] = [
  'policy',
  'importLimit',
  'exportLimit',
  'localPreference',
  'holdTime',
];

/** Each option of the session that counts, and who says so: the default, the operator's file, or the session's data. */
export function optionFacts({ session }: DesiredSession, sources: OptionSources): Fact[] {
  const set: Readonly<Record<string, unknown>> = toPublicOptions(session.options ?? {});
  const names = (Object.keys(titles) as SessionOptionName[]).filter(
    (name) => always.includes(name) || set[name] !== undefined,
  );
  const ignored = (session.ignoredOptions ?? []).map((words) => ({
    what: 'ignored',
    value: words,
    why: 'data may not say that',
  }));
  return [
    ...names.map((name): Fact => {
      const value = set[name];
      const found =
        value === undefined
          ? defaultOf(name, session, sources)
          : { value, why: whoSets(name, session, sources) };
      return { what: titles[name], value: String(found.value), why: found.why };
    }),
    ...ignored,
  ];
}

function whoSets(name: SessionOptionName, { asn, uuid }: Session, { row, operator }: OptionSources): string {
  const byFile = operator.findLast(
    (each) => (each.uuid === uuid || each.asn === asn) && each.options[name] !== undefined,
  );
  if (byFile) return `the operator's file, sessions.${byFile.key}`;
  return row?.options?.[name] === undefined
    ? 'remembered from before'
    : "the session's data at the control plane";
}

/** What counts where nobody sets the option. */
function defaultOf(
  name: SessionOptionName,
  session: Session,
  { limits }: OptionSources,
): { readonly value: unknown; readonly why: string } {
  const { ebgpImportLimit, ebgpExportLimit } = limits;
  const limit = (ofNetwork: number | undefined, usual: number) =>
    ofNetwork === undefined
      ? { value: `${usual} routes per address family`, why: 'default' }
      : { value: `${ofNetwork} routes per address family`, why: "the network's policy" };
  switch (name) {
    case 'policy':
      return { value: session.policy, why: 'the row' };
    case 'importLimit':
      return limit(ebgpImportLimit, defaultPolicy.ebgpImportLimit);
    case 'exportLimit':
      return limit(ebgpExportLimit, defaultPolicy.ebgpExportLimit);
    case 'localPreference':
      return {
        value: `${preferences[session.policy]}, and up to 20 more for near origins`,
        why: 'by the policy',
      };
    default:
      return { value: '90 s', why: 'default' };
  }
}

/** As `policy.conf.hbs` has them. */
const preferences: Readonly<Record<NonNullable<SessionOptions['policy']>, number>> = {
  full: 100,
  downstream: 100,
  peer: 150,
  upstream: 200,
};
