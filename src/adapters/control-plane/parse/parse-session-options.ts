import type { Session } from '../../../core/model/session.js';
import {
  type SessionOptionName,
  type SessionOptions,
  sessionOptionKeys,
} from '../../../core/model/session-options.js';
import { explainIssues } from './fields.js';
import { isRaw, present } from './json.js';

/**
 * The options in the `data` of a row, which is an object or its JSON text. Other keys are nobody's business here. A value that is
 * no good is left out, with the reason: the session goes on as the network's policy says.
 */
export function readSessionOptions(data: unknown): Pick<Session, 'options' | 'ignoredOptions'> {
  const raw = unpack(data);
  if (!isRaw(raw)) return {};
  const options: Partial<Record<SessionOptionName, unknown>> = {};
  const ignoredOptions: string[] = [];
  for (const name of Object.keys(sessionOptionKeys) as SessionOptionName[]) {
    const value = Object.hasOwn(raw, name) ? present(raw[name]) : undefined;
    if (value === undefined) continue;
    const parsed = sessionOptionKeys[name].safeParse(value);
    if (parsed.success) options[name] = parsed.data;
    else ignoredOptions.push(explainIssues(parsed.error, value, ['data', name]));
  }
  return {
    ...(Object.keys(options).length > 0 ? { options: options as SessionOptions } : {}),
    ...(ignoredOptions.length > 0 ? { ignoredOptions } : {}),
  };
}

function unpack(data: unknown): unknown {
  if (typeof data !== 'string' || !data.trim().startsWith('{')) return data;
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
