import { describe, expect, it } from 'vitest';
import {
  includesFile,
  redirectIncludes,
  withoutInclude,
} from '../../../../../src/adapters/bird/change/include.js';

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

describe('withoutInclude', () => {
  const cut = (text: string) => withoutInclude(text, '/etc/bird', 'moenet-agent.conf');

  it.each([
    ['include "moenet-agent.conf";\n', ''],
    ['a;\n  include "/etc/bird/moenet-agent.conf"\nb;\n', 'a;\nb;\n'],
    ['include "./moenet-agent.conf"; # ours\n', '# ours\n'],
    ['include "moenet-agent.conf"; b;\n', 'b;\n'],
  ])('takes the statement out of %j', (text, left) => {
    expect(cut(text)).toBe(left);
  });

  it.each([
    'include "*.conf";\n',
    'include "other/moenet-agent.conf";\n',
    '# include "moenet-agent.conf";\n',
    '/*\ninclude "moenet-agent.conf";\n*/\n',
    'a "/*";\ninclude "x.conf"; # */\n',
  ])('leaves %j alone', (text) => {
    expect(cut(text)).toBe(text);
  });
});
