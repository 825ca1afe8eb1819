import { utc } from '../core/desired/disabled/say-disabled.js';
import type { SwitchRequest, SwitchResult } from '../shell/operations/switch-session.js';
import { printable } from '../words/text.js';
import { askOrAlone } from './ask-or-alone.js';
import type { Context } from './commands.js';
import { describePass, printPass } from './terminal/text.js';

/**
 * `moenet-agent disable SESSION [--now]` and `moenet-agent enable SESSION`: 0 done, or begun where traffic is led away
 * first; 1 failed, with the reason on standard error.
 */
export async function switchSessionCommand(context: Context, request: SwitchRequest): Promise<number> {
  const result = await askOrAlone(context, 'switchSession', request, 'this command does it itself');
  return printPass(context, result, describeSwitch);
}

function describeSwitch(result: SwitchResult): string {
  const { session, state } = result;
  if (!session || !state) return '';
  const name = printable(`AS${session.asn} (${session.interface}, session ${session.uuid})`);
  return `${name} ${sentences[state](result)}\n${describePass(result)}`;
}

const sentences: Readonly<Record<NonNullable<SwitchResult['state']>, (result: SwitchResult) => string>> = {
  enabled: () => 'is enabled; BGP comes up when the neighbor answers',
  disabled: (result) => `is disabled, also after a restart. To enable it: ${enableLine(result)}`,
  draining: (result) =>
    `is enabled until ${utc(result.drainedAtSeconds ?? 0)} while the agent leads traffic away; then the agent disables it, within a minute. To keep it: ${enableLine(result)}`,
};

function enableLine({ session }: SwitchResult): string {
  return printable(`moenet-agent enable ${session?.interface ?? ''}`);
}
