/**
 * Names that the kernel, systemd, hypervisors, container engines and VPN programs give to their own interfaces. They would
 * treat a tunnel with such a name as theirs, or could not create theirs.
 */
const machineNames =
  /^(lo\d*|eth.*|en.*|wl.*|ww.*|usb\d.*|ib\d.*|docker.*|podman.*|br-.*|br\d+|bridge\d+|veth.*|bond\d.*|team.*|virbr.*|vmbr.*|vnet\d.*|fwbr.*|fwpr.*|fwln.*|dummy.*|ifb\d.*|tun\d.*|tap\d.*|ppp\d.*|lxc.*|lxd.*|tailscale.*|zt.*|cni.*|cali[0-9a-f]{11}|cilium.*|flannel.*|kube.*|vxlan.*|vlan\d.*|gre\d.*|gretap.*|erspan.*|sit\d.*|tunl\d.*|ip6tnl.*|ip6gre.*|ip_vti.*|ip6_vti.*|macvlan.*|macvtap.*|ipvlan.*)$/;

const meshNames = /^dn42-wg-igp-/;

/** Why no session's tunnel may have the name; undefined where it may. `loopback`: the interface of the loopbacks. */
export function whyNotTunnelName(name: string, loopback: string | undefined): string | undefined {
  if (name === loopback) return `${name} is the interface of this node's loopback addresses`;
  if (meshNames.test(name)) return `${name} is a name for tunnels of the mesh`;
  if (machineNames.test(name))
    return `${name} is a name that the operating system gives to its own interfaces`;
  return undefined;
}
