/** BIRD's configuration as the control plane's bootstrap script writes it. */
export const birdConf = `log syslog all;
router id 172.22.188.1;
protocol device { scan time 10; }
protocol direct direct1 { ipv4; ipv6; interface "dn42*", "dummy0", "lo"; }
protocol static static_v4 { ipv4; route 172.22.188.0/26 unreachable; }
protocol static static_v6 { ipv6; route fd00:4242:7777::/48 unreachable; }
protocol kernel kernel1 { ipv4 { import all; export where dest != RTD_UNREACHABLE; }; }
protocol kernel kernel2 { ipv6 { import all; export where dest != RTD_UNREACHABLE; }; }
include "/etc/bird/peers/*.conf";
include "/etc/bird/ibgp.d/*.conf";
`;
