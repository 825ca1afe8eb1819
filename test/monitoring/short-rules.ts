import { read } from '../unit/documents.js';

/** What of the rules is shorter here, so that one need not wait an hour: how long a thing lasts, and over which time it is counted. */
const windowSeconds = 45;
const overdueSeconds = 8;

/** docs/monitoring/alerts.yml with every `for`, every window and the age of the last pass cut down; conditions, limits and labels are the shipped ones. */
export function shortRules(): string {
  return read('docs/monitoring/alerts.yml')
    .replaceAll(/^( +for:) .+$/gm, '$1 1s')
    .replaceAll(/\[\d+[mh]\]/g, `[${windowSeconds}s]`)
    .replace('last_pass_timestamp_seconds > 300', `last_pass_timestamp_seconds > ${overdueSeconds}`);
}

/** The names of all alerts. */
export function alertNames(): string[] {
  return [...read('docs/monitoring/alerts.yml').matchAll(/- alert: (\w+)/g)].map(([, name = '']) => name);
}
