import { describe, expect, it } from 'vitest';
import { includesFile, redirectIncludes } from '../../../../../src/adapters/bird/change/include.js';

describe('whether the main file includes the agent’s', () => {
  it.each([
    'include "moenet-agent.conf";',
    '  include  "./moenet-agent.conf";',
    'include "/etc/bird/moenet-agent.conf";',
    'include "*.conf";',
    'define a = "#"; # include\ninclude "moenet-*.conf";',
    '/* old */\ninclude "moenet-agent.con?";',
  ])('%j does', (text) => {
    expect(includesFile(text, '/etc/bird', 'moenet-agent.conf')).toBe(true);
  });

  it.each([
    '',
    '# include "moenet-agent.conf";',
    '/*\ninclude "moenet-agent.conf";\n*/',
    'include "sub/moenet-agent.conf";',
    'include "/etc/moenet-agent.conf";',
    'include "moenet-agentXconf";',
    'x include "moenet-agent.conf";',
  ])('%j does not', (text) => {
    expect(includesFile(text, '/etc/bird', 'moenet-agent.conf')).toBe(false);
  });
});

describe('includes in a staged file', () => {
  it('point into the stage where they are absolute and of the same directory, and stay otherwise', () => {
    const text = [
      'include "/etc/bird/peers/*.conf";',
      '\tinclude "/srv/bird/roa.conf";',
      'include "/etc/bird//x/../y.conf";',
      'include "/etc/birdsong/y.conf";',
      'include "peers/*.conf";',
      'log "/etc/bird/log" all;',
    ].join('\n');
    expect(redirectIncludes(text, ['/etc/bird', '/srv/bird'], '/etc/bird/.staged').split('\n')).toEqual([
      'include "/etc/bird/.staged/peers/*.conf";',
      '\tinclude "/etc/bird/.staged/roa.conf";',
      'include "/etc/bird/.staged/y.conf";',
      'include "/etc/birdsong/y.conf";',
      'include "peers/*.conf";',
      'log "/etc/bird/log" all;',
    ]);
  });
});
