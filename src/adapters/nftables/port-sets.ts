import { z } from 'zod';
import {
  elementMark,
  type NftSet,
  type ObservedPortSet,
  type PortElement,
} from '../../core/model/values/port-set.js';
import { wordsOf } from '../../core/model/words-of.js';
import { ProgramError, type Run } from '../../platform/exec.js';
import { installHint } from '../../platform/install-hint.js';
import type { PortSets } from '../../shell/ports/host.js';

const port = z.int().min(0).max(65_535);
const element = z.union([port, z.object({ elem: z.object({ val: port, comment: z.string().optional() }) })]);
const listing = z.object({
  nftables: z.array(
    z.object({
      set: z
        .object({
          type: z.unknown(),
          flags: z.array(z.string()).default([]),
          elem: z.array(z.unknown()).default([]),
        })
        .optional(),
    }),
  ),
});

/** Sets of ports in the operator's ruleset: one `nft` to read a set, and one to change it. */
export function openPortSets({ run }: { readonly run: Run }): PortSets {
  return {
    observe: async (set, signal) => {
      try {
        const { stdout } = await run('nft', ['-j', 'list', 'set', ...set.split(' ')], { signal });
        return parseSet(set, stdout);
      } catch (error) {
        signal?.throwIfAborted();
        return { set, ...explain(set, error) };
      }
    },
    change: async (set, { add, remove }, signal) => {
      const elements = (ports: readonly number[], more: string) =>
        ports.map((each) => `${each}${more}`).join(', ');
      // One transaction of the kernel's: a packet meets the set as it was or as it will be.
      const lines = [
        ...(remove.length > 0 ? [`delete element ${set} { ${elements(remove, '')} }\n`] : []),
        ...(add.length > 0 ? [`add element ${set} { ${elements(add, ` comment "${elementMark}"`)} }\n`] : []),
      ];
      await run('nft', ['-f', '-'], { input: lines.join(''), signal });
    },
  };
}

function parseSet(set: NftSet, json: string): ObservedPortSet {
  const found = listing.parse(JSON.parse(json)).nftables.find((each) => each.set)?.set;
  const problem = (words: string): ObservedPortSet => ({ set, problem: words, isMissing: false });
  if (found?.type !== 'inet_service')
    return problem(
      `the nft set ${set} (firewall.nftSet) does not hold ports: make it with the type inet_service`,
    );
  if (found.flags.includes('interval'))
    return problem(
      `the nft set ${set} (firewall.nftSet) has the flag interval, and the agent needs one without it`,
    );
  return { set, elements: z.array(element).parse(found.elem).map(toElement) };
}

function toElement(seen: z.output<typeof element>): PortElement {
  if (typeof seen === 'number') return { port: seen, isOurs: false };
  return { port: seen.elem.val, isOurs: seen.elem.comment === elementMark };
}

function explain(set: NftSet, error: unknown): { readonly problem: string; readonly isMissing: boolean } {
  if (error instanceof ProgramError && error.missing)
    return {
      problem: `nft is not installed, which firewall.nftSet needs${installHint('nft')}`,
      isMissing: true,
    };
  if (error instanceof ProgramError && /no such file or directory/i.test(error.stderr))
    return {
      problem: `there is no nft set ${set} (firewall.nftSet): make it with nft add set ${set} '{ type inet_service; }', and in the file of your ruleset`,
      isMissing: true,
    };
  return {
    problem: `the agent cannot read the nft set ${set} (firewall.nftSet): ${wordsOf(error)}`,
    isMissing: false,
  };
}
