/** All templates, by path below `templates/`. */
export const templateNames = [
  'bird/bird.conf.hbs',
  'bird/moenet-agent.conf.hbs',
  'bird/maintenance.conf.hbs',
  'bird/rpki.conf.hbs',
  'bird/communities.conf.hbs',
  'bird/policy.conf.hbs',
  'bird/internal.conf.hbs',
  'bird/bgp.conf.hbs',
  'bird/collector.conf.hbs',
  'bird/peer.conf.hbs',
  'bird/ibgp.conf.hbs',
  'bird/kept.conf.hbs',
  'wireguard.conf.hbs',
] as const;

export type TemplateName = (typeof templateNames)[number];

/** The templates' text. */
export type Templates = Readonly<Record<TemplateName, string>>;
