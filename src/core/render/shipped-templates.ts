import bgp from '../../../templates/bird/bgp.conf.hbs?raw';
import bird from '../../../templates/bird/bird.conf.hbs?raw';
import collector from '../../../templates/bird/collector.conf.hbs?raw';
import communities from '../../../templates/bird/communities.conf.hbs?raw';
import ibgp from '../../../templates/bird/ibgp.conf.hbs?raw';
import internal from '../../../templates/bird/internal.conf.hbs?raw';
import kept from '../../../templates/bird/kept.conf.hbs?raw';
import maintenance from '../../../templates/bird/maintenance.conf.hbs?raw';
import moenetAgent from '../../../templates/bird/moenet-agent.conf.hbs?raw';
import peer from '../../../templates/bird/peer.conf.hbs?raw';
import policy from '../../../templates/bird/policy.conf.hbs?raw';
import rpki from '../../../templates/bird/rpki.conf.hbs?raw';
import wireguard from '../../../templates/wireguard.conf.hbs?raw';
import type { Templates } from './templates.js';

/** Those of the program, which an operator's own ones replace. */
export const shippedTemplates: Templates = {
  'bird/bird.conf.hbs': bird,
  'bird/moenet-agent.conf.hbs': moenetAgent,
  'bird/maintenance.conf.hbs': maintenance,
  'bird/rpki.conf.hbs': rpki,
  'bird/communities.conf.hbs': communities,
  'bird/policy.conf.hbs': policy,
  'bird/internal.conf.hbs': internal,
  'bird/bgp.conf.hbs': bgp,
  'bird/collector.conf.hbs': collector,
  'bird/peer.conf.hbs': peer,
  'bird/ibgp.conf.hbs': ibgp,
  'bird/kept.conf.hbs': kept,
  'wireguard.conf.hbs': wireguard,
};
