import type { Observed } from '../model/observed.js';

/** After this time the agent reports that it waits for an operator's trial. */
const briefSeconds = 600;

/**
 * Why BIRD's files wait: an operator has a configuration on trial (`configure timeout`), and BIRD has one undo timer.
 * Another load would cancel the timer and make the trial permanent. Undefined where nothing is on trial.
 */
export function whyTrialWaits({
  bird,
  nowSeconds,
}: Pick<Observed, 'bird' | 'nowSeconds'>): string | undefined {
  const seconds = bird.running ? bird.undoSeconds : undefined;
  if (seconds === undefined) return undefined;
  // Whole minutes, so that each look makes the same text.
  const end = new Date(Math.ceil((nowSeconds + seconds) / 60) * 60_000).toISOString().slice(11, 16);
  return `an operator has a configuration on trial in BIRD ("configure timeout"), which ends by ${end} UTC: the agent loads nothing until then, or until "birdc configure confirm" or "birdc configure undo"`;
}

/** True where trials have lasted so long that the agent must tell the control plane. */
export function isTrialLong(
  { nowSeconds }: Pick<Observed, 'nowSeconds'>,
  { trialSinceSeconds }: { readonly trialSinceSeconds?: number | undefined },
): boolean {
  return trialSinceSeconds !== undefined && nowSeconds - trialSinceSeconds > briefSeconds;
}
