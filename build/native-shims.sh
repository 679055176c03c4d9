#!/usr/bin/env bash
# Builds native-shims into artifacts/native-shims, the reference loader on libbpf of Linux 6.12.
#   build/native-shims.sh --system    on the libbpf-dev of this system instead
#   build/native-shims.sh arm64       for machines of that architecture, into artifacts/native-shims-arm64
source "$(dirname "$0")/lib.sh"
need gcc libc6-dev make libelf-dev zlib1g-dev

case ${1-} in
--system)
  need libbpf-dev
  make -s -C "$root/native-shims"
  ;;
arm64)
  need gcc-aarch64-linux-gnu
  libbpf=$("$root/build/libbpf-6.12.sh" arm64)
  make -s -C "$root/native-shims" OUT="$root/artifacts/native-shims-arm64" CC="aarch64-linux-gnu-gcc --sysroot=$(fetch_root arm64)" \
    STRIP=aarch64-linux-gnu-strip LIBBPF="$libbpf"
  ;;
"")
  libbpf=$("$root/build/libbpf-6.12.sh")
  make -s -C "$root/native-shims" LIBBPF="$libbpf"
  ;;
*) die "usage: build/native-shims.sh [--system|arm64]" ;;
esac
