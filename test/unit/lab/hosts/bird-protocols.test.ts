import { expect, it } from 'vitest';
import { parseBgpProtocols } from '../../../../src/lab/hosts/bird-protocols.js';

// As BIRD 2.0.12 sent it, shortened.
const reply = `2002-Name       Proto      Table      State  Since         Info
1002-device1    Device     ---        up     20:21:21.751  
1006-
1002-static1    Static     master4    up     20:21:21.751  
1006-  Channel ipv4
     State:          UP
     Routes:         1 imported, 0 exported, 1 preferred
     
1002-dn42_4242421000 BGP        ---        up     20:21:25.000  Established   
1006-  BGP state:          Established
     Neighbor address: fe80::1000%dn42_1000
     Neighbor AS:      4242421000
     Local AS:         4242420998
   Channel ipv4
     State:          UP
     Routes:         1 imported, 2 filtered, 3 exported, 1 preferred
   Channel ipv6
     State:          UP
     Routes:         4 imported, 5 exported, 4 preferred
     
1002-dn42_4242421001 BGP        ---        start  20:21:21.751  Idle          
1006-  BGP state:          Idle
     Neighbor AS:      4242421001
   Channel ipv4
     State:          DOWN
     
0000 
`;

it('reads the BGP protocols, with routes summed over their channels', () => {
  expect(parseBgpProtocols(reply)).toEqual([
    {
      name: 'dn42_4242421000',
      neighborAsn: 4242421000,
      neighborAddress: 'fe80::1000',
      state: 'Established',
      since: '20:21:25',
      imported: 5,
      exported: 8,
    },
    {
      name: 'dn42_4242421001',
      neighborAsn: 4242421001,
      neighborAddress: '',
      state: 'Idle',
      since: '20:21:21',
      imported: 0,
      exported: 0,
    },
  ]);
});

it('reads none where BIRD says nothing', () => {
  expect(parseBgpProtocols('')).toEqual([]);
});
