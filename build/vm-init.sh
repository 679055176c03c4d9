#!/bin/busybox sh
# The first process of the virtual machine of build/vm.sh: mounts the host's root under an overlay, runs the command
# there, leaves its exit code, and switches off.
export PATH=/bin

mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
for module in /modules/*.ko; do
  insmod "$module"
done

mount -t 9p -o trans=virtio,version=9p2000.L,msize=1048576,cache=loose,ro host /host
mount -t tmpfs rw /rw
parameter() { sed -n "s/.* $1=\([^ ]*\).*/\1/p" /proc/cmdline; }
# overlay LOWER NAME PLACE: what is written there is forgotten.
overlay() {
  mkdir -p "/rw/$2/upper" "/rw/$2/work" "$3"
  mount -t overlay -o "lowerdir=$1,upperdir=/rw/$2/upper,workdir=/rw/$2/work" overlay "$3"
}
other=$(parameter vm_root)
tree=$(parameter vm_tree)
overlay "/host$other" root /root
[ -z "$other" ] || overlay "/host$tree" tree "/root$tree"

cd /root
mount -t proc proc proc
mount -t sysfs sys sys
mount -t devtmpfs dev dev
ln -s /proc/self/fd dev/fd
ln -s fd/0 dev/stdin
ln -s fd/1 dev/stdout
ln -s fd/2 dev/stderr
mkdir -p dev/pts dev/shm
mount -t devpts devpts dev/pts
mount -t tmpfs shm dev/shm
mount -t tmpfs run run
mount -t bpf bpf sys/fs/bpf
mount -t tracefs tracefs sys/kernel/tracing
mount -t debugfs debugfs sys/kernel/debug
mount -t securityfs securityfs sys/kernel/security
mount -t cgroup2 cgroup2 sys/fs/cgroup
kernel=$(parameter vm_kernel)
mkdir -p boot usr/lib/modules run/out
mount -o bind "/host$kernel/boot" boot
mount -o bind "/host$kernel/lib/modules" usr/lib/modules
mount -t 9p -o trans=virtio,version=9p2000.L,msize=1048576,cache=none out run/out

for module in veth dummy cls_bpf act_bpf sch_ingress; do
  chroot . /sbin/modprobe "$module"
done
hostname "linux-$(uname -r)"
ip link set lo up

# Who has no other root than the machine's may make user namespaces; the kernel takes any other for a jail.
mount -o move . /
chroot . /bin/bash /run/out/command </dev/null >run/out/stdout 2>run/out/stderr
code=$?
sync
echo $code >run/out/code
poweroff -f
