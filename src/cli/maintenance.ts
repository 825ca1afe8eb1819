import type { MaintenanceResult, MaintenanceStatus } from '../shell/operations/maintenance.js';
import type { SessionTraffic, Traffic } from '../shell/operations/traffic.js';
import { printable } from '../words/text.js';
import { formatDuration, formatRate } from '../words/units.js';
import { askOrAlone } from './ask-or-alone.js';
import type { Context } from './commands.js';
import { describePass, printAnswer, printPass } from './terminal/text.js';

/** `moenet-agent maintenance on|off|status`: 0 done or shown; 1 all or part of it failed, with the reason on standard error. */
export async function maintenanceCommand(context: Context, word: 'on' | 'off' | 'status'): Promise<number> {
  return word === 'status' ? showMaintenance(context) : switchMaintenance(context, word === 'on');
}

async function showMaintenance(context: Context): Promise<number> {
  const status = await askOrAlone(context, 'maintenance', {}, 'this is the stored state');
  await printAnswer(
    context,
    status,
    (each) => `${sentence(each, context)}\n${describeTraffic(each.traffic)}`,
  );
  return 0;
}

async function switchMaintenance(context: Context, on: boolean): Promise<number> {
  const instead = 'this command stores it and makes one pass itself';
  const request = { on, withTraffic: true };
  const result = await askOrAlone(context, 'setMaintenance', request, instead);
  return printPass(context, result, (each) => describeResult(each, context));
}

function describeResult(result: MaintenanceResult, context: Context): string {
  const traffic = result.traffic ? describeTraffic(result.traffic) : '';
  return `${sentence(result, context)}\n${describePass(result)}${traffic}`;
}

function sentence({ sinceSeconds }: Pick<MaintenanceStatus, 'sinceSeconds'>, { io }: Context): string {
  if (sinceSeconds === undefined) return 'maintenance is off';
  const since = new Date(sinceSeconds * 1000).toISOString().replace('.000Z', 'Z');
  return `maintenance is on since ${since} (${formatDuration(io.now() / 1000 - sinceSeconds)})`;
}

function describeTraffic(traffic: Traffic): string {
  const lines = [
    `traffic over all session tunnels, measured for ${formatDuration(traffic.seconds)}: ${inAndOut(traffic)}`,
    ...traffic.largest.map((session) => `  ${name(session)}: ${inAndOut(session)}`),
  ];
  return `${lines.join('\n')}\n`;
}

function inAndOut(rate: Pick<Traffic, 'rxBytesPerSecond' | 'txBytesPerSecond'>): string {
  return `${formatRate(rate.rxBytesPerSecond)} in, ${formatRate(rate.txBytesPerSecond)} out`;
}

function name({ asn, uuid, interface: tunnel }: SessionTraffic): string {
  return printable(`${asn === undefined ? uuid : `AS${asn}`} (${tunnel})`);
}
