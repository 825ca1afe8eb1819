import type { RunResult } from '../../src/platform/exec.js';
import { type AgentNode, birdc } from './agent-node.js';

export async function wgInterfaces(node: AgentNode): Promise<string[]> {
  return (await node.namespace.run('wg', ['show', 'interfaces'])).stdout.split(/\s+/).filter(Boolean).sort();
}

export async function protocols(node: AgentNode): Promise<string[]> {
  const { stdout } = await birdc(node.namespace, 'show', 'protocols');
  return [...stdout.matchAll(/^(\S+)\s+BGP/gm)].map((match) => match[1] ?? '').sort();
}

/** The warnings and errors that a command logged on standard error. */
export function warningsIn({ stderr }: RunResult): string[] {
  const entries = stderr
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
  return entries.filter(({ level }) => ['warn', 'error'].includes(level)).map(({ msg }) => String(msg));
}
