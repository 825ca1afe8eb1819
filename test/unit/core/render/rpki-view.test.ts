import { describe, expect, it } from 'vitest';
import { rpkiView } from '../../../../src/core/render/rpki-view.js';

const server = (part: { readonly name?: string; readonly host?: string }) => ({
  name: 'a',
  host: 'rpki.example',
  port: 8082,
  ...part,
});

describe('rpkiView', () => {
  it('writes addresses as they are and host names between quotes', () => {
    const hosts = ['rpki.example', '192.0.2.1', 'FD42:0::1'].map((host, index) =>
      server({ host, name: `c${index}` }),
    );
    expect(rpkiView(hosts)).toEqual({
      rpki: true,
      caches: [
        { name: 'moenet_rpki_c0', remote: '"rpki.example"', port: 8082 },
        { name: 'moenet_rpki_c1', remote: '192.0.2.1', port: 8082 },
        { name: 'moenet_rpki_c2', remote: 'fd42::1', port: 8082 },
      ],
    });
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
