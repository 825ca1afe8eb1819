import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asn } from '../../../../src/core/model/values/asn.js';
import type { Roa } from '../../../../src/lab/rtr-pdu.js';
import { openRtrCache } from '../../../../src/lab/rtr-server.js';
import { documented } from '../../../unit/core/render/routings.js';
import { type Outside, routeDetails } from '../routers/outside.js';
import { sessionWith, startOutside } from '../routers/outside-session.js';
import { Routers } from '../routers/routers.js';
import { serveInside } from '../routers/rtr-relay.js';
import { installedVersion, type RunningBird, treeOf } from '../routers/running-bird.js';

// Two customers. The operator names the ASNs behind the second one, and nothing of the first.
const [first, second, provider] = [4242420001, 4242420002, 4242420003];
const [behind, another] = [4242420011, 4242420012];

interface Cell {
  readonly what: string;
  readonly customer: number;
  readonly number: number;
  readonly path: readonly number[];
  /** Whom the ROA names; absent: there is none. */
  readonly roa?: number;
  /** Why it is refused; absent: it is accepted. */
  readonly reason?: number;
}

const cells: readonly Cell[] = [
  { what: 'its own network', customer: first, number: 1, path: [] },
  { what: "its customer's with a ROA", customer: first, number: 2, path: [behind], roa: behind },
  { what: 'one behind two others', customer: first, number: 3, path: [another, behind], roa: behind },
  { what: 'one without a ROA', customer: first, number: 4, path: [behind], reason: 5 },
  { what: 'one that a ROA denies', customer: first, number: 5, path: [behind], roa: another, reason: 5 },
  { what: 'its own that a ROA denies', customer: first, number: 6, path: [], roa: another, reason: 8 },
  {
    what: 'one by way of our provider',
    customer: first,
    number: 7,
    path: [provider, behind],
    roa: behind,
    reason: 10,
  },
  { what: 'its own network', customer: second, number: 11, path: [second] },
  { what: 'one of a named ASN without a ROA', customer: second, number: 12, path: [behind, second] },
  {
    what: 'one of a named ASN that a ROA denies',
    customer: second,
    number: 13,
    path: [behind],
    roa: another,
    reason: 8,
  },
  {
    what: 'one of another ASN with a ROA',
    customer: second,
    number: 14,
    path: [another],
    roa: another,
    reason: 5,
  },
  {
    what: 'one behind another ASN',
    customer: second,
    number: 15,
    path: [another, behind],
    roa: behind,
    reason: 5,
  },
];
const networksOf = ({ number }: Cell) => [`172.21.${number}.0/24`, `fd42:${number}::/48`];
const isOf = (customer: number) => (cell: Cell) => cell.customer === customer;
const roas = cells.flatMap((cell) =>
  networksOf(cell).flatMap((prefix): Roa[] =>
    cell.roa ? [{ prefix, maxLength: Number(prefix.split('/')[1]), asn: cell.roa }] : [],
  ),
);

const customers = [first, second].map(
  (as, index): Outside => ({
    number: index + 1,
    as,
    announces: cells
      .filter(isOf(as))
      .flatMap((cell) => networksOf(cell).map((prefix) => ({ prefix, path: cell.path }))),
  }),
);
const providers: Outside = { number: 3, as: provider, announces: [] };

const cachePort = 8282;
const routers = new Routers();
let closeCache = async () => {};
let node: RunningBird;

beforeAll(async () => {
  const host = await routers.open('node', ['172.22.188.1/32', 'fd00:4242:7777:101:1::1/128']);
  closeCache = await serveInside(host, cachePort, openRtrCache(roas));
  for (const each of customers) await startOutside(routers, host, each);
  node = await routers.start(
    host,
    await treeOf({
      ...documented,
      birdVersion: await installedVersion(),
      policy: {
        ...documented.policy,
        rpkiServers: [{ name: 'test', host: '127.0.0.1', port: cachePort }],
        customers: [{ asn: asn.parse(second), asns: [asn.parse(behind)] }],
      },
      sessions: [
        ...customers.map((each) => sessionWith(each, { policy: 'upstream' })),
        sessionWith(providers, { policy: 'downstream' }),
      ],
      ibgpPeers: [],
      meshInterfaces: [],
    }),
  );
});

afterAll(async () => {
  await closeCache();
  await routers.close();
});

const soon = { timeout: 30_000, interval: 200 };
const reasonOf = async (network: string) => {
  const { largeCommunities } = await routeDetails(node, `${network} filtered`);
  return largeCommunities.filter((community) => community.startsWith('4242420998,9002,'));
};

describe.each([
  ['of whom nothing is known', first],
  ['whose ASNs are named', second],
])('from a customer %s', (_, customer) => {
  const own = cells.filter(isOf(customer));
  const good = own.filter(({ reason }) => reason === undefined);

  it(`accepts ${good.map(({ what }) => what).join(', ')}, and no more`, async () => {
    const accepted = () => node.networks(`show route protocol dn42_${customer}`);
    await expect.poll(accepted, soon).toEqual(good.flatMap(networksOf).sort());
  });

  it.each(own.filter(({ reason }) => reason !== undefined))(
    'refuses $what with reason $reason',
    async (cell) => {
      for (const network of networksOf(cell)) {
        await expect
          .poll(() => reasonOf(network).catch(() => []), soon)
          .toEqual([`4242420998,9002,${cell.reason}`]);
      }
    },
  );
});
