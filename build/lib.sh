# Shared by the scripts beside it: where the repository is, and how a missing Debian package gets there.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=$root/.cache
# What is published with NativeAOT is for net9.0, whose packages for that more feeds have; BPF_AOT_FRAMEWORK=net10.0 changes it.
aot_framework=${BPF_AOT_FRAMEWORK-net9.0}
aot_artifacts=$root/artifacts/aot
export DEBIAN_FRONTEND=noninteractive

say() { printf '== %s\n' "$*" >&2; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

# What apt-get and apt-cache are told: nothing, or to look at another architecture (see fetch_kernel).
apt_options=()
apt_updated=
apt_update() {
  [[ $apt_updated ]] && return
  say "apt-get update"
  apt-get "${apt_options[@]}" update -qq >&2
  apt_updated=1
}

# need PACKAGE...: installs the packages that are missing.
need() {
  local missing=() package
  for package; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
  done
  [[ ${#missing[@]} == 0 ]] && return
  [[ $(id -u) == 0 ]] || die "packages missing, and only root can install them: ${missing[*]}"
  say "apt-get install ${missing[*]}"
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null 2>&1 || {
    apt_update
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
  }
}

download() { apt-get "${apt_options[@]}" -o APT::Sandbox::User=root download -qq "$1" >&2; }

# fetch_deb PACKAGE: downloads the package (not its dependencies) into .cache/debs once, and prints its path.
fetch_deb() {
  local package=$1 found
  mkdir -p "$cache/debs"
  found=$(find "$cache/debs" -name "${package}_*.deb" | head -1)
  if [[ ! $found ]]; then
    say "downloading $package"
    (cd "$cache/debs" && { download "$package" 2>/dev/null || { apt_update && download "$package"; }; })
    found=$(find "$cache/debs" -name "${package}_*.deb" | head -1)
  fi
  [[ $found ]] || die "could not download $package"
  echo "$found"
}

# fetch_kernel 6.1|6.12|6.12-arm64: unpacks Debian's kernel, with its modules, into .cache/kernels once, and prints where.
# Lists of a foreign architecture's packages are kept aside, so that this system's remain as they are.
fetch_kernel() (
  kernel=$cache/kernels/$1
  case $1 in
  6.1) meta=linux-image-amd64 ;;
  6.12) meta=linux-image-6.12-amd64 ;;
  6.12-arm64)
    meta=linux-image-6.12-arm64
    mkdir -p "$cache"/apt-arm64/{lists/partial,archives/partial}
    apt_options=(-o APT::Architecture=arm64 -o APT::Architectures=arm64 -o Dir::State::status=/dev/null
      -o "Dir::State::lists=$cache/apt-arm64/lists" -o "Dir::Cache=$cache/apt-arm64" -o Acquire::Languages=none)
    ;;
  *) die "no such kernel here: $1" ;;
  esac

  image_package() { apt-cache "${apt_options[@]}" depends "$meta" 2>/dev/null | sed -n 's/^ *Depends: \(linux-image-.*\)/\1/p'; }
  if [[ ! -f $kernel/ready ]]; then
    need kmod
    image=$(image_package)
    [[ $image ]] || { apt_update; image=$(image_package); }
    [[ $image ]] || die "Debian's $meta depends on no image package"
    deb=$(fetch_deb "$image")
    say "unpacking $(basename "$deb")"
    rm -rf "$kernel"
    mkdir -p "$kernel"
    dpkg -x "$deb" "$kernel"
    [[ -d $kernel/lib/modules ]] || ln -s usr/lib "$kernel/lib"
    depmod -b "$kernel" "$(ls "$kernel/lib/modules")"
    touch "$kernel/ready"
  fi
  echo "$kernel"
)

# prepare_machine 6.1|6.12: installs what build/vm.sh works with, and prints where the kernel is. Not for two at once.
prepare_machine() {
  need busybox-static cpio kmod qemu-system-x86 xz-utils
  fetch_kernel "$1"
}
