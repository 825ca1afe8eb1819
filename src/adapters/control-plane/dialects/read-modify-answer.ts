import { ControlPlaneError } from '../../../shell/ports/control-plane-error.js';
import { isRaw } from '../parse/json.js';
import { flag } from '../parse/schemas.js';
import { oneLine } from '../redact.js';

/**
 * What a good answer to `POST modify` says of the row: true where it was changed, undefined where nothing is said of that.
 * `{"updated": false, "reason": "invalid transition"}` comes with HTTP status 200, so that agents do not try again at
 * once; it throws a `ControlPlaneError` of kind `rejected` all the same, for the update was not taken.
 */
export function readModifyAnswer(answer: unknown): true | undefined {
  if (!isRaw(answer)) return undefined;
  const updated = flag.safeParse(answer['updated']).data;
  if (updated !== false) return updated;
  const reason = answer['reason'];
  const words =
    typeof reason === 'string' && reason.trim() !== '' ? oneLine(reason, maxReasonLength) : undefined;
  throw new ControlPlaneError('POST modify', {
    kind: 'rejected',
    reason: `the control plane did not change the row: ${words ?? 'it gives no reason'}`,
  });
}

const maxReasonLength = 160;
