import { type Hooks, noHooks } from '../model/local-config.js';
import type { RoutedSession } from '../model/routing.js';
import type { SessionOptions } from '../model/session-options.js';
import type { Templates } from './templates.js';

/** Statements that the import filter of a session begins with. */
export function importFirst(
  asn: number,
  { localPreference }: SessionOptions,
  { localImport }: Hooks,
): string[] {
  return [
    ...(localImport ? [`local_import(${asn});`] : []),
    ...(localPreference === undefined ? [] : [`moenet_wished_preference = ${localPreference};`]),
  ];
}

/** Statements that its export filter begins with. */
export function exportFirst(
  asn: number,
  { prepend = 0, med }: SessionOptions,
  { localExport }: Hooks,
): string[] {
  return [
    ...(localExport ? [`local_export(${asn});`] : []),
    ...Array.from({ length: prepend }, () => 'bgp_path.prepend(MOENET_AS);'),
    ...(med === undefined ? [] : [`bgp_med = ${med};`]),
  ];
}

/** The values of `peer.conf.hbs` that came later than the first templates that operators copied → who needs them. */
const later: Readonly<Record<string, (options: SessionOptions, hooks: Hooks) => boolean>> = {
  importFirst: ({ localPreference }, { localImport }) => localImport || localPreference !== undefined,
  exportFirst: ({ prepend, med }, { localExport }) => localExport || (prepend ?? 0) > 0 || med !== undefined,
  importLimit: ({ importLimit }) => importLimit !== undefined,
  exportLimit: ({ exportLimit }) => exportLimit !== undefined,
  cryptoConstant: () => true,
};

/** What does not apply because an operator's own session template is older, in words. */
export function templateNotes(
  templates: Templates,
  sessions: readonly Pick<RoutedSession, 'session'>[],
  hooks: Hooks = noHooks,
): string[] {
  const text = templates['bird/peer.conf.hbs'];
  const missing = Object.keys(later).filter(
    (value) =>
      !text.includes(value) && sessions.some(({ session }) => later[value]?.(session.options ?? {}, hooks)),
  );
  if (missing.length === 0) return [];
  return [
    `the template bird/peer.conf.hbs in templatesDir does not use ${missing.join(', ')}: options of single sessions, hooks in local/ or the encryption of links do not apply; take these lines over from the shipped template`,
  ];
}
