import { describe, expect, it } from 'vitest';
import { identifyNode } from '../../../../src/core/desired/node.js';
import { describePreviousAgent } from '../../../../src/core/desired/say-previous-agent.js';
import { bootstrap, v4 } from '../../make.js';

const node = identifyNode('jp1', bootstrap, undefined);
const protocol = (name: string) => ({ name }) as never;

describe('what is preserved of another configuration', () => {
  it('is named, protocol by protocol', () => {
    const sessions = {
      a: { wish: '', addresses: [], protocols: [protocol('peer_v6'), protocol('peer_v4')] },
      b: { wish: '', addresses: [], protocols: [protocol('a')] },
    };
    expect(describePreviousAgent([], { sessions }, node)).toEqual(
      ['a', 'peer_v4', 'peer_v6'].map(
        (name) => `${name} keeps the options that it had before the agent adopted it, until it goes down`,
      ),
    );
  });

  it.each([
    [
      'is another one',
      '192.0.2.1',
      ['the router id stays 192.0.2.1, not 172.22.188.1, until all sessions are down'],
    ],
    ['is the same', '172.22.188.1', []],
    ['is not known', undefined, []],
  ])('names the router id if it %s', (_, routerId, words) => {
    const preserved = { wish: '', routerId: routerId === undefined ? undefined : v4(routerId) };
    expect(describePreviousAgent([], { sessions: {}, node: preserved }, node)).toEqual(words);
  });
});
