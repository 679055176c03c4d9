#!/usr/bin/env bash
# Builds native-shims into artifacts/native-shims, the reference loader on libbpf of Linux 6.12.
#   build/native-shims.sh --system    on the libbpf-dev of this system instead
source "$(dirname "$0")/lib.sh"
need gcc libc6-dev make libelf-dev zlib1g-dev

if [[ ${1-} == --system ]]; then
  need libbpf-dev
  make -s -C "$root/native-shims"
else
  make -s -C "$root/native-shims" LIBBPF="$("$root/build/libbpf-6.12.sh")"
fi
