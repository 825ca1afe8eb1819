import { wordsOf } from '../../core/model/words-of.js';
import { ProgramError, type Run } from '../../platform/exec.js';
import { agentPackages, installCommand } from '../../platform/install-hint.js';
import type { Check } from '../check.js';
import { type Finding, fault, ok, warning } from '../finding.js';
import { kernelHas } from './kernel-modules.js';

/** Program → how it tells its version, and what is missing without it. */
const programs = {
  bird: { args: ['--version'], without: 'there is no BGP' },
  wg: { args: ['--version'], without: 'the agent can configure no tunnel' },
  ip: { args: ['-V'], without: 'the agent can make no interface' },
  fping: {
    args: ['--version'],
    without: 'the agent measures round-trip times with ping, a process for each neighbor',
  },
  ping: { args: ['-V'], without: 'an operator’s ping and this check of MTUs do not work' },
  traceroute: { args: ['--version'], without: 'an operator’s trace does not work' },
  'wireguard-go': {
    args: ['--version'],
    without: 'the agent can make no tunnel, for this kernel has no WireGuard',
  },
} as const;

type Program = keyof typeof programs;

/** Program → what it says of its version, an error, or `missing`. */
export type Versions = ReadonlyMap<
  Program,
  { readonly text: string } | { readonly problem: string } | 'missing'
>;

const needed: readonly Program[] = ['bird', 'wg', 'ip'];
const oldestBird = [2, 0, 12];

/** `hasWireGuard`: the kernel has it. */
export function judgePrograms(versions: Versions, hasWireGuard: boolean): Finding[] {
  return [...versions].flatMap(([name, found]): Finding[] => {
    const isNeeded = needed.includes(name) || name === 'wireguard-go';
    const bad = isNeeded ? fault : warning;
    if (name === 'wireguard-go' && hasWireGuard) return [];
    if (found === 'missing')
      return [bad(`${name} is not installed: ${programs[name].without}`, remedyFor(name))];
    if ('problem' in found) return [bad(`${name} does not run: ${found.problem}`, remedyFor(name))];
    const version = /\d+(?:\.\d+)+|\d{6,8}/.exec(found.text)?.[0] ?? 'of an unknown version';
    if (name === 'bird' && isOlder(version))
      return [
        fault(`bird is ${version}, and the agent needs ${oldestBird.join('.')} or newer`, remedyFor(name)),
      ];
    return [ok(`${name} ${version}`)];
  });
}

function isOlder(version: string): boolean {
  const parts = version.split('.').map(Number);
  const at = oldestBird.findIndex((part, index) => part !== (parts[index] ?? 0));
  return at >= 0 && (parts[at] ?? 0) < (oldestBird[at] ?? 0);
}

function remedyFor(name: Program): string {
  return installCommand([agentPackages[name]]).join(' ');
}

export const programCheck: Check = {
  name: 'programs',
  limitMs: 15_000,
  look: async ({ run }, signal) => {
    const names = Object.keys(programs) as Program[];
    const found = await Promise.all(
      names.map(async (name) => [name, await versionOf(name, run, signal)] as const),
    );
    return judgePrograms(new Map(found), await kernelHas('wireguard'));
  },
};

async function versionOf(name: Program, run: Run, signal: AbortSignal) {
  try {
    const { stdout, stderr } = await run(name, programs[name].args, {
      signal,
      timeoutMs: 5_000,
      okExitCodes: [1, 2],
    });
    return { text: `${stdout} ${stderr}` };
  } catch (error) {
    return error instanceof ProgramError && error.missing ? 'missing' : { problem: wordsOf(error) };
  }
}
