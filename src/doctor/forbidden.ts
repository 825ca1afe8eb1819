import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { isNoRights } from '../platform/no-rights.js';

/** What helps where this user may not look. */
export const asRoot = 'sudo moenet-agent doctor';

/** What helps with the configuration: the editor, then the check. `path`: its file; undefined: the usual one. */
export function toEdit(path = '/etc/moenet-agent/config.json'): string {
  return `\${EDITOR:-vi} ${path} && moenet-agent check-config ${path}`;
}

/** True where this user may not even find out whether there is something at the path, or may not use it. */
export async function isForbidden(path: string, mode = constants.R_OK): Promise<boolean> {
  return access(path, mode).then(() => false, isNoRights);
}
