#!/usr/bin/env bash
# Makes the kernel types that Bpf.Loader.Testing brings, src/Bpf.Loader.Testing/Kernel/linux-6.12.btf: of the types of Debian's 6.12, which
# it boots in a virtual machine for them, those that build/kernel-types.txt names. Needs what build/vm.sh needs.
#   build/kernel-types.sh [BTF]     with BTF, a file that holds the types of 6.12 already
source "$(dirname "$0")/lib.sh"

types=${1:-}
if [[ -z $types ]]; then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  VM_OUT=$folder "$root/build/vm.sh" 6.12 cp /sys/kernel/btf/vmlinux /run/out/vmlinux
  types=$folder/vmlinux
fi

dotnet run "$root/build/kernel-types.cs" -- "$types" "$root/build/kernel-types.txt" "$root/src/Bpf.Loader.Testing/Kernel/linux-6.12.btf"
