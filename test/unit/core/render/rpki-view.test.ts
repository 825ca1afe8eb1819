import { describe, expect, it } from 'vitest';
import { rpkiView } from '../../../../src/core/render/node-view.js';
import { v4 } from '../../make.js';

const server = (part: { readonly name?: string; readonly host?: string }) => ({
  name: 'a',
  host: 'rpki.example',
  port: 8082,
  ...part,
});

describe('rpkiView', () => {
  it('writes the address of each cache, and no name that BIRD would have to look up', () => {
    const hosts = [
      { ...server({ name: 'c0' }), address: v4('192.0.2.9') },
      server({ name: 'c1', host: '192.0.2.1' }),
      server({ name: 'c2', host: 'FD42:0::1' }),
      server({ name: 'c3' }),
    ];
    expect(rpkiView(hosts)).toEqual({
      rpki: true,
      caches: [
        { name: 'moenet_rpki_c0', remote: '192.0.2.9', port: 8082 },
        { name: 'moenet_rpki_c1', remote: '192.0.2.1', port: 8082 },
        { name: 'moenet_rpki_c2', remote: 'fd42::1', port: 8082 },
      ],
    });
  });

  it('has origins checked while no cache has an address: no route is known then, and none is let through unseen', () => {
    expect(rpkiView([server({})])).toEqual({ rpki: true, caches: [] });
  });

  it.each([
    { host: 'a"; protocol bgp x { }' },
    { host: 'a b' },
    { host: '' },
    { host: 'x'.repeat(300) },
    { host: 'a\nb' },
    { name: 'a b' },
    { name: '' },
    { name: 'a;' },
  ])('leaves out %o', (part) => {
    expect(rpkiView([server(part)])).toEqual({ rpki: false, caches: [] });
  });

  it('does not depend on the order of the servers', () => {
    const servers = [server({ name: 'b' }), server({ name: 'a' })];
    expect(rpkiView(servers)).toEqual(rpkiView(servers.toReversed()));
  });
});
