import type { Hooks } from '../model/local-config.js';
import type { SessionOptions } from '../model/session-options.js';

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
