import type { TestCase } from 'vitest/node';
import { run } from '../../src/platform/exec.js';
import { MarkdownTable } from '../setup/markdown-table.js';
import { daemons } from './daemons.js';
import { type Family, kinds } from './kinds.js';
import type { Outcome } from './trial.js';

const head = [
  'neighbor',
  'session',
  'Established',
  'our routes there',
  'their routes here',
  'our role',
  'refused here',
];

/** What is in the name of a release → what its daemon is called. */
const products = { bird: 'BIRD', frr: 'FRR', openbgpd: 'OpenBGPD', gobgpd: 'GoBGP' };

const openers = { both: '', node: ', passive', neighbor: ', we are passive' };

/** After everything: the table, as `docs/interop.md` has it. */
export default class TableReporter extends MarkdownTable {
  protected override async rows(tests: readonly TestCase[]) {
    const found = tests.flatMap((test) => test.meta().interop ?? []);
    const versions = new Map(
      await Promise.all(daemons.map(async ({ name }) => [name, await versionOf(name)] as const)),
    );
    const rows = daemons.flatMap((daemon) =>
      kinds.flatMap(({ name: kind }) => {
        const start = [`${versions.get(daemon.name) ?? daemon.name}${openers[daemon.opener]}`, kind];
        if (daemon.notOffered?.includes(kind))
          return [[...start, 'not offered by the daemon', '', '', '', '']];
        const cell = found.find(
          (each) => each.daemon === daemon.name && each.opener === daemon.opener && each.kind === kind,
        );
        return cell ? [[...start, ...textsOf(cell)]] : [];
      }),
    );
    return [head, ...rows];
  }
}

function textsOf({ established, there, here, role, refused }: Outcome): string[] {
  return [established ? 'yes' : 'no', textOf(there), textOf(here), role, textOf(refused)];
}

function textOf(families: readonly Family[]): string {
  const names = families.map((family) => (family === 'ipv4' ? 'IPv4' : 'IPv6'));
  return names.length === 0 ? 'none' : names.join(', ');
}

/** `BIRD 2.17.6`, `FRR 10.3`, `OpenBGPD 8.8`. */
async function versionOf(name: string): Promise<string> {
  const release = daemons.find((daemon) => daemon.name === name)?.release;
  if (!release) return name;
  const program = `${release.directory}/bin/${release.programs[0]?.name}`;
  const { stdout, stderr } = await run(program, [release.versionOption ?? '--version']);
  const version = /\d+(?:\.\d+)+/.exec(stdout + stderr)?.[0] ?? '';
  const product = Object.entries(products).find(([word]) => name.includes(word))?.[1] ?? name;
  return `${product} ${version}`;
}
