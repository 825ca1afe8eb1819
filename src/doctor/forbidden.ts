import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { isNoRights } from '../platform/no-rights.js';

/** What helps where this user may not look. */
export const asRoot = 'sudo moenet-agent doctor';

/** True where this user may not even find out whether there is something at the path, or may not use it. */
export async function isForbidden(path: string, mode = constants.R_OK): Promise<boolean> {
  return access(path, mode).then(() => false, isNoRights);
}
