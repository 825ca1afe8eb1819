# Runs in a container whose first process is systemd: a neighbor in a network of its own, BIRD as Debian's service, and the agent as its
# own service has it. What it finds goes to /result.
set -eu
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
trap 'systemctl poweroff --force' EXIT
exec >/result/log 2>&1

ip netns add neighbor
ip link add node0 type veth peer name neighbor0 netns neighbor
ip address add 10.0.0.1/24 dev node0
ip link set node0 up
ip -n neighbor address add 10.0.0.2/24 dev neighbor0
ip -n neighbor link set neighbor0 up
ip netns exec neighbor bird -c /etc/bird/neighbor.conf -s /run/neighbor.ctl

route() { birdc -s /run/neighbor.ctl show route 172.22.188.0/26 | grep -q 172.22.188.0; }
main_pid() { systemctl show --property=MainPID --value bird; }

systemctl start bird
until route; do sleep 0.2; done
main_pid >/result/before
ip monitor route >/result/monitor &
(while sleep 0.1; do route || echo lost >>/result/lost; done) &

systemctl start restart || systemctl --no-pager status restart
sleep 2
main_pid >/result/after
tr '\0' '\n' <"/proc/$(main_pid)/cmdline" >/result/command
systemctl show --property=ExecStart --value bird >/result/next-start
find /run/systemd/system -name '*bird*' >/result/left
