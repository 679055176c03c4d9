#!/usr/bin/env bash
# Runs a command on one of Debian's kernels, in a virtual machine whose root is this machine's, under an overlay that
# forgets what is written. Streams the command's output and returns its exit code. Needs root, for the files of root.
#   build/vm.sh KERNEL COMMAND [ARGUMENT...]
# With "-arm64" behind the kernel the machine is one of that architecture: its root is made of Debian's packages, this repository is
# at its own place in it, and the command must be a program for arm64.
# BPF_*, DOTNET_* and CI are handed on. What the command writes to /run/out is kept, if $VM_OUT names a folder for it.
# Symbols have the same addresses each time, so that what one run sees can be compared with what another does.
# A kernel that is stuck for a minute ends, and says where, so that whoever waits for it does not.
# A machine that has no result after $VM_LIMIT seconds is taken to hang, and stopped; without that it may take for ever.
# Without KVM, which not every machine has: a boot takes a few seconds all the same. Both processors are emulated by one thread in
# turns: by a thread each, one was seen to run into the breakpoint that the other had put into the kernel's code and taken out again
# (text_poke()), which ends in a panic or in both of them waiting for ever.
source "$(dirname "$0")/lib.sh"

[[ $# -ge 2 ]] || die "usage: build/vm.sh KERNEL COMMAND [ARGUMENT...]; KERNEL is 5.10, 6.1, 6.12, 6.12-arm64, newest or another that Debian has"
version=$1
shift

# The modules that reach the root, each after those that it needs. One that modules.dep does not list is built in.
boot_modules() {
  local name line
  for name in virtio_pci 9pnet_virtio 9p overlay; do
    line=$(grep -E "/$name\.ko(\.xz)?:" "$1/modules.dep") || continue
    tr ' ' '\n' <<<"${line#*:}" | tac
    echo "${line%%:*}"
  done | grep . | awk '!seen[$0]++'
}

make_initramfs() {
  local modules=$1 dir file applet index=10
  dir=$(mktemp -d)
  mkdir -p "$dir"/{bin,proc,sys,dev,host,rw,root,modules}
  cp "$busybox" "$dir/bin/busybox"
  for applet in $(busybox --list); do [[ $applet == busybox ]] || ln -s busybox "$dir/bin/$applet"; done
  cp "$root/build/vm-init.sh" "$dir/init"
  while read -r file; do
    case $file in
    *.xz) xz -dc "$modules/$file" >"$dir/modules/$index.ko" ;;
    *) cp "$modules/$file" "$dir/modules/$index.ko" ;;
    esac
    index=$((index + 1))
  done < <(boot_modules "$modules")
  (cd "$dir" && find . | cpio -o -H newc --quiet | gzip -1) >"$2"
  rm -rf "$dir"
}

# Links of the way there would lead out of the root of the machine.
kernel=$(realpath "$(prepare_machine "$version")")
busybox=$(command -v busybox)
machine=(qemu-system-x86_64 -cpu max)
console=ttyS0
machine_root=
if [[ $version == *-arm64 ]]; then
  machine_root=$(realpath "$(fetch_root arm64)")
  busybox=$machine_root/bin/busybox
  # Not all that can be emulated ("max"): QEMU 7.2 was seen to lead .NET 10 into segmentation faults with that.
  machine=(qemu-system-aarch64 -machine virt -cpu neoverse-n1)
  console=ttyAMA0
fi

work=$(mktemp -d)
qemu=
cleanup() {
  [[ ! $qemu ]] || kill "$qemu" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT
out=${VM_OUT:-$work/out}
mkdir -p "$out"
rm -f "$out/code"
: >"$out/stdout"
: >"$out/stderr"
: >"$work/console"

{
  echo "cd $(printf %q "$PWD")"
  echo "export HOME=$(printf %q "$HOME") PATH=$(printf %q "$PATH") LANG=C.UTF-8"
  env -0 | while IFS= read -r -d '' variable; do
    case $variable in
    BPF_*=* | DOTNET_*=* | CI=*) echo "export $(printf %q "${variable%%=*}")=$(printf %q "${variable#*=}")" ;;
    esac
  done
  printf '%q ' "$@"
  echo
} >"$out/command"

make_initramfs "$(echo "$kernel"/lib/modules/*)" "$work/initramfs.gz"
timeout "${VM_LIMIT:-0}" "${machine[@]}" -accel tcg,thread=single -smp 2 -m 4G -nographic -no-reboot -nic none \
  -kernel "$(echo "$kernel"/boot/vmlinuz-*)" -initrd "$work/initramfs.gz" \
  -append "console=$console loglevel=5 panic=-1 softlockup_panic=1 watchdog_thresh=30 lsm=bpf mitigations=off nokaslr no_timer_check vm_kernel=$kernel${machine_root:+ vm_root=$machine_root vm_tree=$root}" \
  -virtfs local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap \
  -virtfs local,path="$out",mount_tag=out,security_model=none,multidevs=remap \
  >"$work/console" 2>&1 </dev/null &
qemu=$!
tail -q -n +1 -s 0.2 --pid=$qemu -f "$out/stdout" &
tails=$!
tail -q -n +1 -s 0.2 --pid=$qemu -f "$out/stderr" >&2 &
tails+=" $!"
wait "$qemu" || { [[ $? != 124 ]] || echo "== the virtual machine hangs: it has no result after $VM_LIMIT s" >&2; }
qemu=
# shellcheck disable=SC2086
wait $tails || true

if [[ ! -s $out/code ]]; then
  echo "-- the end of the console:" >&2
  tail -40 "$work/console" >&2
  die "the virtual machine with Linux $version ended without a result"
fi
exit "$(cat "$out/code")"
