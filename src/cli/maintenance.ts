import type { AgentConfig } from '../config/agent-config.js';
import type { MaintenanceResult, MaintenanceStatus } from '../shell/operations/maintenance.js';
import type { SessionTraffic, Traffic } from '../shell/operations/traffic.js';
import type { Context } from './commands.js';
import { describePass, printable, printWarnings, toJson } from './text.js';
import { formatDuration, formatRate } from './units.js';

export const maintenanceWords = ['on', 'off', 'status'] as const;
export type MaintenanceWord = (typeof maintenanceWords)[number];

/** `moenet-agent maintenance on|off|status`: 0 done or shown; 1 not, or not all of it, said on standard error. */
export async function maintenanceCommand(context: Context, word: MaintenanceWord): Promise<number> {
  const { config, warnings } = await context.load();
  printWarnings(context.io, warnings);
  return word === 'status'
    ? showMaintenance(context, config)
    : switchMaintenance(context, config, word === 'on');
}

async function showMaintenance(context: Context, config: AgentConfig): Promise<number> {
  const { commands, logLevel, json } = context;
  const { stdout, stderr } = context.io;
  const asked = await commands.askMaintenance(config.runtimeDir);
  if (!asked) stderr.write('moenet-agent: no daemon is running; this is what is stored\n');
  const status = asked ?? (await commands.readMaintenance(config, { logLevel }));
  stdout.write(json ? toJson(status) : `${sentence(status, context)}\n${describeTraffic(status.traffic)}`);
  return 0;
}

async function switchMaintenance(context: Context, config: AgentConfig, on: boolean): Promise<number> {
  const { commands, logLevel, json } = context;
  const { stdout, stderr } = context.io;
  const asked = await commands.askSetMaintenance(config.runtimeDir, on);
  if (!asked) stderr.write('moenet-agent: no daemon is running; stored, with one pass made without it\n');
  const result = asked ?? (await commands.setMaintenance(config, on, { logLevel }));
  stdout.write(json ? toJson(result) : describeResult(result, context));
  for (const error of result.errors) stderr.write(`moenet-agent: ${printable(error)}\n`);
  return result.ok ? 0 : 1;
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
