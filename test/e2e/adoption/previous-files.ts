import type { Neighbor } from './previous-neighbors.js';

/** How the previous agents configured a node: their files, as they and the people who ran them wrote them. */

export const ownAsn = 4242420998;
export const loopbackIpv4 = '172.22.188.1';
export const loopbackIpv6 = 'fd00:4242:7777:101:1::1';
export const linkLocal = 'fe80::998:101:1:1';

const limits = 'import limit 9000 action block; export limit 9000 action block;';

/** A `bird.conf` by hand, with templates, constants and a device protocol with a name. */
export const birdConf = `
log "/run/bird/log" all;
debug protocols { states, events };
define OWNAS = ${ownAsn};
define OWNIP = ${loopbackIpv4}; # of jp1
define OWNIPv6 = ${loopbackIpv6};
define OWNNET = [ 172.22.188.0/26 ];
router id 192.0.2.1;
hostname "jp1-by-hand";

protocol device main_device { scan time 10; }
protocol direct { ipv4; ipv6; interface "lo"; }
protocol kernel { scan time 20; ipv4 { import none; export filter { krt_prefsrc = OWNIP; accept; }; }; }
protocol kernel { scan time 20; ipv6 { import none; export filter { krt_prefsrc = OWNIPv6; accept; }; }; }
protocol static { ipv4; route 172.22.188.0/26 reject; }
/* What
   include "absent.conf"; is a comment */
include "maintenance.conf";
include "/etc/bird/blacklist.conf";

function is_dn42() { return net ~ [ 172.20.0.0/14{21,29}, 10.0.0.0/8{15,24} ]; }
filter dn42_import_filter {
    if (64511, 1) ~ bgp_community then reject; # "}" in a comment
    if is_blacklisted() then reject "blocked {";
    accept;
}
filter dn42_export_filter { if MAINTENANCE_MODE then bgp_community.add((65535, 0)); accept; }

template bgp dnpeers {
    local as OWNAS;
    path metric 1;
    hold time 90;
    enable extended messages on;
    graceful restart on;
    ipv4 { import filter dn42_import_filter; export filter dn42_export_filter; ${limits} extended next hop on; };
    ipv6 { import filter dn42_import_filter; export filter dn42_export_filter; ${limits} };
}

include "babel.conf";
include "peers/*.conf";
include "ibgp.d/*.conf";
`;

export const babelConf = `
protocol babel babel_igp {
    interface "dn42-wg-igp-*" { type wired; rxcost 64; hello interval 1 s; update interval 4 s; };
    ipv4 {
        import filter { if net.len = 32 then accept; reject; };
        export filter { if net.len = 32 then accept; reject; };
    };
    ipv6 {
        import filter { if net.len = 128 then accept; reject; };
        export filter { if net.len = 128 then accept; reject; };
    };
}
`;

export const maintenanceConf = (on: boolean) => `define MAINTENANCE_MODE = ${on};\n`;

export const blacklistConf = `# Blacklist
function is_blacklisted() {
    return bgp_path ~ [= * [4242429999, 4242429998] * =];
}
`;

/** From a template, as one generation of agents wrote it. */
export function fromTemplate(neighbor: Neighbor, asn: number): string {
  return `# Peer: AS${asn}
protocol bgp ${neighbor.protocol} from dnpeers {
    neighbor ${neighbor.theirs} % '${neighbor.interface}' as ${asn};
    description "AS${asn}";
    source address ${neighbor.ours};
    ipv4 {
        import filter dn42_import_filter;
        export filter dn42_export_filter;
        extended next hop on;
    };
}
`;
}

/** Everything in the protocol, as another generation did. */
export function allInOne(neighbor: Neighbor, asn: number): string {
  return `protocol bgp ${neighbor.protocol} {
    local ${neighbor.ours} as ${ownAsn};
    neighbor ${neighbor.theirs}%'${neighbor.interface}' as ${asn};
    keepalive time 20;
    enforce first as on;
    ipv4 { import filter { if net ~ [ 10.0.0.0/8{15,24} ] then { reject; } accept; }; export all; extended next hop; import keep filtered; };
    ipv6 { import where true; export where true; import table on; add paths rx; };
};
`;
}

export function ibgp(neighbor: Neighbor, nodeId: number): string {
  return `# iBGP peer
protocol bgp ibgp_${nodeId} {
    local as ${ownAsn};
    neighbor ${nodeLoopback(nodeId)} as ${ownAsn};
    source address ${loopbackIpv6};
    description "iBGP to ${neighbor.id}";
    multihop 8;

    ipv4 {
        import where true;
        export where true;
        next hop self;
    };

    ipv6 {
        import where true;
        export where true;
        next hop self;
    };
}
`;
}

export const nodeLoopback = (nodeId: number) => `fd00:4242:7777:101:${nodeId}::1`;

/** Another network's router. */
export function foreignBird(asn: number, ours: string, extra: string, prefix: string): string {
  return `
router id 10.9.${asn % 100}.1;
protocol device { scan time 10; }
protocol static { ipv4; route ${prefix} reject; }
protocol bgp node {
    local as ${asn};
    neighbor ${ours}%'tunnel' as ${ownAsn};
    ${extra}
    ipv4 { import all; export where source = RTS_STATIC; extended next hop on; };
    ipv6 { import all; export all; };
}
`;
}

/** Another node of ours. */
export function nodeBird(nodeId: number): string {
  return `
router id 172.22.188.${nodeId};
protocol device { scan time 10; }
protocol direct { ipv4; ipv6; interface "lo"; }
protocol kernel { ipv4 { import none; export all; }; }
protocol kernel { ipv6 { import none; export all; }; }
protocol babel { interface "tunnel" { type wired; hello interval 1 s; update interval 4 s; }; ipv4 { import all; export where net.len = 32; }; ipv6 { import all; export where net.len = 128; }; }
protocol bgp node {
    local as ${ownAsn};
    neighbor ${loopbackIpv6} as ${ownAsn};
    source address ${nodeLoopback(nodeId)};
    multihop 8;
    ipv4 { import all; export where source = RTS_BGP; next hop self; };
    ipv6 { import all; export where source = RTS_BGP; next hop self; };
}
`;
}
