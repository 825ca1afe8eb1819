/**
 * The places of docs/troubleshooting.md, each with the message that stands there as its heading; `…` is a name or a number. Where
 * several fit, the first counts.
 */
export const topics: Readonly<Record<string, string>> = {
  'no-daemon': 'no daemon is running',
  'second-agent': 'another moenet-agent is running',
  'other-version': 'Is it another version? Try: systemctl restart moenet-agent',
  'installed-version': 'of the agent is installed, and version … still runs',
  'state-directory':
    'cannot be written (…): the node runs on, but a restart would begin with what is stored now',
  'no-rights': 'the user … may not …: run the command with sudo',
  waiting: 'starting: waiting for the bootstrap configuration from the control plane',
  'no-name': 'the name of … does not resolve',
  'no-connection': '… refuses the connection',
  tls: 'TLS with … failed',
  'no-answer-stored': 'there is no stored answer of the control plane; run it once without --offline',
  'local-file': "BIRD refuses the operator's file",
  'not-included': "does not include the agent's file",
  'bird-refuses': 'BIRD refuses the configuration',
  'bird-silent': 'BIRD does not answer on …',
  'no-device': 'BIRD has no device protocol; without one it sees no interface, and no session can come up.',
  'on-trial': 'somebody else has a configuration on trial in BIRD ("configure timeout")',
  edited: 'somebody edited it, and the agent keeps that text beside it (.edited)',
  'files-unchanged': "the agent leaves BIRD's files unchanged, because replacing them would end or reset …",
  forwarding: 'forwarding is off: the kernel drops every … packet from one neighbor to another',
  'rp-filter': 'rp_filter is strict on …',
  'no-ipv6': 'IPv6 is switched off on …',
  'disabled-by-hand': 'disabled by hand on this node since …',
  'in-use': '… is already used by …',
  'route-limit': 'ask the neighbor why it announces so many, or …',
  'no-mesh-key': 'waiting for its public key (that node has sent no heartbeat yet)',
  psk: 'the preshared key differs',
  'port-179': "the neighbor's host refuses TCP connections to port 179",
  'no-handshake': 'no WireGuard handshake yet',
};

/** The topic of a message, if the page has one. */
export function topicOf(text: string): string | undefined {
  return patterns.find(([, pattern]) => pattern.test(text))?.[0];
}

const patterns = Object.entries(topics).map(([topic, message]) => [topic, patternOf(message)] as const);

function patternOf(message: string): RegExp {
  const parts = message.split('…').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(parts.join('.{1,400}?'), 's');
}
