import { expect, it } from 'vitest';
import { previousNames, readPreviousBird } from '../../../../src/core/adopt/previous-bird.js';
import { interfaceName } from '../../../../src/core/model/values/interface-name.js';
import { makeEntry, v6 } from '../../make.js';

const name = interfaceName.parse('dn42_4242421080');

it('a session has the name of its protocols, without the family', () => {
  const protocol = (protocolName: string, neighbor: string) =>
    `protocol bgp ${protocolName} { local as 1; neighbor ${neighbor} as 4242421080; ipv6 { import all; }; }`;
  const previous = readPreviousBird({
    pieces: [
      {
        path: 'bird.conf',
        text: [
          protocol('old_name_v6', `fe80::2%'${name}'`),
          protocol('old_name_v4', `fe80::2%'${name}'`),
          protocol('plain', 'fd00::7'),
        ].join('\n'),
      },
    ],
  });
  const entries = [
    makeEntry({ interface: name }),
    makeEntry({ uuid: 'plain', ipv6: v6('fd00::7'), ipv6LinkLocal: undefined }),
    makeEntry({ uuid: 'new', ipv6LinkLocal: v6('fe80::9') }),
  ];
  expect([...previousNames(entries, previous)]).toEqual([
    ['abc-123', 'old_name'],
    ['plain', 'plain'],
  ]);
  expect([...previousNames(entries, undefined)]).toEqual([]);
});
