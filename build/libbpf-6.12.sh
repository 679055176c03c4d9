#!/usr/bin/env bash
# Builds the static libbpf of Linux 6.12 from Debian's source package, under .cache/libbpf-6.12: the reference that
# our tags are compared with. (Debian 12's own libbpf, 1.1, does not know the newer section names.)
# Prints the prefix that has include/ and lib/libbpf.a.
#   build/libbpf-6.12.sh [arm64]    for that architecture, under .cache/libbpf-6.12-arm64
source "$(dirname "$0")/lib.sh"

prefix=$cache/libbpf-6.12${1:+-$1}
cross=()
if [[ ${1-} == arm64 ]]; then
  need gcc-aarch64-linux-gnu
  compiler="aarch64-linux-gnu-gcc --sysroot=$(fetch_root arm64)"
  cross=(ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu- CC="$compiler" LD=aarch64-linux-gnu-ld AR=aarch64-linux-gnu-ar)
fi
if [[ ! -f $prefix/done ]]; then
  need gcc libc6-dev make libelf-dev zlib1g-dev xz-utils python3
  deb=$(fetch_deb linux-source-6.12)
  rm -rf "$prefix"
  mkdir -p "$prefix/src/out"
  say "unpacking libbpf from $(basename "$deb")"
  dpkg --fsys-tarfile "$deb" | tar -xO ./usr/src/linux-source-6.12.tar.xz |
    tar -xJ -C "$prefix/src" --strip-components=1 --wildcards \
      'linux-source-6.12/tools/'{lib,include,scripts,build,arch} 'linux-source-6.12/scripts/bpf_doc.py' \
      'linux-source-6.12/tools/testing/selftests/bpf' 'linux-source-6.12/'{include,arch/arm64/include}/uapi
  say "building libbpf"
  make -s -j"$(nproc)" -C "$prefix/src/tools/lib/bpf" OUTPUT="$prefix/src/out/" BUILD_STATIC_ONLY=1 "${cross[@]}" \
    prefix="$prefix" DESTDIR= libdir="$prefix/lib" install >"$prefix/build.log" 2>&1 ||
    { tail -30 "$prefix/build.log" >&2; die "libbpf did not build"; }
  touch "$prefix/done"
fi
echo "$prefix"
