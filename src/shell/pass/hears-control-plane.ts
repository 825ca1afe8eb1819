import type { ApplyContext } from './apply-context.js';

/**
 * True where the control plane answers, so that a change that cuts the node off from it is noticed. Calls may fail because of what was
 * just undone, so the control plane is asked then; otherwise a node whose control plane is away does not wait for it.
 */
export async function hearsControlPlane({
  watch,
  memory,
  signal,
}: Pick<ApplyContext, 'watch' | 'memory' | 'signal'>): Promise<boolean> {
  if (!watch || watch.isAnswering()) return watch !== undefined;
  const { rejected, cutOffs } = memory.current;
  const wasCutOff =
    Object.values(rejected).some(({ silenced }) => silenced) || Object.keys(cutOffs).length > 0;
  return wasCutOff && (await watch.answers(signal));
}
