# Shared by the scripts beside it: where the repository is, and how a missing Debian package gets there.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=$root/.cache
# What is published with NativeAOT; a feed that has no compiler for it may have one for net9.0.
aot_framework=${BPF_AOT_FRAMEWORK-net10.0}
aot_artifacts=$root/artifacts/aot
export DEBIAN_FRONTEND=noninteractive

say() { printf '== %s\n' "$*" >&2; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

apt_updated=
apt_update() {
  [[ $apt_updated ]] && return
  say "apt-get update"
  apt-get -o Acquire::Retries=5 update -qq >&2
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
  apt-get -o Acquire::Retries=5 install -y -qq --no-install-recommends "${missing[@]}" >/dev/null 2>&1 || {
    apt_update
    apt-get -o Acquire::Retries=5 install -y -qq --no-install-recommends "${missing[@]}" >&2
  }
}

download() { apt-get -o APT::Sandbox::User=root -o Acquire::Retries=5 download -qq "$1" >&2; }

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

source "$root/build/kernels.sh"
source "$root/build/roots.sh"
