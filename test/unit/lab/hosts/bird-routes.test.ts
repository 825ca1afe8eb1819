import { expect, it } from 'vitest';
import { parseBirdRoutes } from '../../../../src/lab/hosts/bird-routes.js';

// As BIRD 2.0.12 sends it, shortened.
const reply = `1007-Table master4:
 172.23.8.0/24        unicast [ibgp_1 21:41:48.922 from fd00:4242:7777:101:1::1] * (100/96) [AS4242423999i]
 \tvia fe80::998:101:1:1 on dn42-wg-igp-1
1008-\tType: BGP univ
1012-\tBGP.origin: IGP
 \tBGP.as_path: 4242421003 4242423999
 \tBGP.local_pref: 100
 \tBGP.originator_id: 172.22.188.1
 \tBGP.community: (64511,2) (64511,23)
 \tBGP.large_community: (4242420998, 9001, 3) (4242420998, 9003, 1)
1007-                     unicast [dn42_4242421005_v4 21:41:47.053] (100/96) [AS4242423999i]
 \tvia 172.20.21.1 on dn42_1005
1012-\tBGP.as_path: 4242421005 4242423999
1007-172.22.188.0/26      unreachable [moenet_own_v4 21:41:47.053] * (1)
1008-\tType: static univ
1007-Table master6:
 fd00:4242:7777:101:1::1/128 unicast [moenet_babel 21:41:47.053 from fe80::998:101:1:1] * (130/96) [00:00:00:00:ac:16:bc:01]
 \tvia fe80::998:101:1:1 on dn42-wg-igp-1
0000 
`;

it('reads routes with their protocol, path and communities, also several to one prefix', () => {
  const none = { asPath: [], communities: [], originatorId: undefined };
  expect(parseBirdRoutes(reply)).toEqual([
    {
      prefix: '172.23.8.0/24',
      protocol: 'ibgp_1',
      best: true,
      asPath: [4242421003, 4242423999],
      communities: ['64511,2', '64511,23', '4242420998,9001,3', '4242420998,9003,1'],
      originatorId: '172.22.188.1',
    },
    {
      ...none,
      prefix: '172.23.8.0/24',
      protocol: 'dn42_4242421005_v4',
      best: false,
      asPath: [4242421005, 4242423999],
    },
    { ...none, prefix: '172.22.188.0/26', protocol: 'moenet_own_v4', best: true },
    { ...none, prefix: 'fd00:4242:7777:101:1::1/128', protocol: 'moenet_babel', best: true },
  ]);
});

it('knows the names that the attributes have in BIRD 3', () => {
  const [route] = parseBirdRoutes(`1007-172.20.16.0/26       unicast [node4 2026-11-23 19:10:39.244] * (100)
1012-\tbgp_path: 4242421000
 \tbgp_large_community: (4242420998, 9002, 5)
 \tbgp_community: (64511,1)
`);
  expect(route).toMatchObject({ asPath: [4242421000], communities: ['64511,1', '4242420998,9002,5'] });
});

it('reads none where there are none', () => {
  expect(parseBirdRoutes('8001 Network not found\n')).toEqual([]);
});
