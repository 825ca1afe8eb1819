import { describe, expect, it } from 'vitest';
import { completeConfig } from '../../../../src/adapters/wireguard/wg.js';

const none = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=';

describe('completeConfig', () => {
  it('clears what a peer section does not mention, in each of them', () => {
    const config = [
      '[Interface]\nListenPort = 1\n\n',
      '[Peer]\nPublicKey = a\nPresharedKey = b\n\n',
      '[Peer]\nPublicKey = c\npersistentkeepalive=25',
    ].join('');
    expect(completeConfig(config)).toBe(
      [
        '[Interface]\nListenPort = 1\n\n',
        '[Peer]\nPublicKey = a\nPresharedKey = b\nPersistentKeepalive = off\n',
        `[Peer]\nPublicKey = c\npersistentkeepalive=25\nPresharedKey = ${none}\n`,
      ].join(''),
    );
  });

  it('does not count a key in a comment', () => {
    const completed = completeConfig('[Peer]\n# PresharedKey = x\nPersistentKeepalive = 5\n');
    expect(completed).toContain(`PresharedKey = ${none}`);
  });

  it('leaves a complete text and one without peers as they are', () => {
    const complete = '[Peer]\nPresharedKey = a\nPersistentKeepalive = 5\n\n# end\n';
    expect(completeConfig(complete)).toBe(complete);
    expect(completeConfig('[Interface]\nListenPort = 1\n')).toBe('[Interface]\nListenPort = 1\n');
  });
});
