# Debian's kernels, of several releases at once and of two architectures, unpacked under .cache. Sourced by lib.sh.

# The releases that have a kernel for us, oldest first, and the security suite of the one whose kernels stay supported there.
kernel_releases=(bullseye bookworm sid experimental)
kernel_security_releases=(bookworm-security)

# apt_for ARCHITECTURE COMMAND...: apt-get or apt-cache over these releases. Their lists lie aside, so that this system's remain as
# they are; where they come from is what this system's own lists say, and those say whom to trust.
apt_for() (
  architecture=$1 command=$2
  shift 2
  lists=$cache/apt/$architecture
  exec "$command" -o APT::Architecture="$architecture" -o APT::Architectures="$architecture" -o Dir::State::status=/dev/null \
    -o Dir::Etc::SourceList="$lists/sources.list" -o Dir::Etc::SourceParts=/dev/null -o Dir::Etc::PreferencesParts=/dev/null \
    -o Dir::State::Lists="$lists/lists" -o Dir::Cache="$lists/cache" -o Acquire::Languages=none -o Acquire::Retries=3 -o APT::Sandbox::User=root "$@"
)

# repository LABEL: where this system gets the packages of that label from.
repository() {
  apt-get indextargets --format '$(LABEL) $(REPO_URI)' 'Created-By: Packages' | awk -v label="$1" '$1 == label { print $2; exit }'
}

# update_kernel_lists ARCHITECTURE: fetches the lists, once a day. The archive moves, and with it which kernel is the newest.
update_kernel_lists() {
  local lists=$cache/apt/$1 main security release
  [[ ! $(find "$lists/updated" -mtime -1 2>/dev/null) ]] || return 0
  main=$(repository Debian)
  [[ $main ]] || { apt_update && main=$(repository Debian); }
  [[ $main ]] || die "this system's package lists name no repository of Debian"
  security=$(repository Debian-Security)
  mkdir -p "$lists"/{lists/partial,cache/archives/partial}
  {
    # Debian 12 cannot tell who signed releases that came after it; that their lists come from this system's own source must do.
    for release in "${kernel_releases[@]}"; do echo "deb [trusted=yes] $main $release main"; done
    [[ ! $security ]] || for release in "${kernel_security_releases[@]}"; do echo "deb [trusted=yes] $security $release main"; done
  } >"$lists/sources.list"
  say "fetching the lists of ${kernel_releases[*]} for $1"
  if apt_for "$1" apt-get update -qq >&2; then
    touch "$lists/updated"
  else
    [[ -e $lists/updated ]] || die "the lists could not be fetched"
    say "the lists could not be fetched; those of $(date -r "$lists/updated" +%F) must do"
  fi
}

# kernel_package KERNEL ARCHITECTURE: the newest package of that kernel's image. Those for clouds and real time are other names.
kernel_package() {
  local version='[0-9.]+'
  [[ $1 == newest ]] || version="${1//./\\.}(\.[0-9]+)?"
  apt_for "$2" apt-cache pkgnames linux-image- | grep -E "^linux-image-$version(-[0-9]+|\+deb[0-9]+)*-$2\$" | sort -V | tail -1
}

# kernel_debs IMAGE-PACKAGE ARCHITECTURE: the packages that hold its files. Since 7.2 the image itself holds none.
kernel_debs() {
  echo "$1"
  apt_for "$2" apt-cache depends "$1" | awk '$1 == "Depends:" { print $2 }' | grep -Fx "$(printf "linux-%s-${1#linux-image-}\n" base binary modules)" || true
}

# fetch_kernel KERNEL: unpacks Debian's kernel, with its modules, into .cache/kernels once, and prints where. KERNEL is a version
# (5.10, 6.1, 6.12, 7.3, ...) or "newest", the newest that the archive has today; with "-arm64" behind it, that architecture's.
fetch_kernel() (
  kernel=$cache/kernels/$1
  architecture=amd64
  [[ $1 != *-arm64 ]] || architecture=arm64
  update_kernel_lists $architecture
  package=$(kernel_package "${1%-arm64}" $architecture)
  [[ $package ]] || die "the archive has no kernel $1"
  if [[ $(cat "$kernel/package" 2>/dev/null) != "$package" ]]; then
    need kmod
    rm -rf "$kernel"
    mkdir -p "$kernel" "$cache/debs"
    for deb in $(kernel_debs "$package" $architecture); do
      file=$(find "$cache/debs" -name "${deb}_*.deb" | head -1)
      [[ $file ]] || {
        say "downloading $deb"
        (cd "$cache/debs" && apt_for $architecture apt-get download -qq "$deb" >&2)
        file=$(find "$cache/debs" -name "${deb}_*.deb" | head -1)
      }
      [[ $file ]] || die "could not download $deb"
      dpkg -x "$file" "$kernel"
    done
    [[ -d $kernel/lib/modules ]] || { mkdir -p "$kernel/lib" && ln -s ../usr/lib/modules "$kernel/lib/modules"; }
    version=$(ls "$kernel/lib/modules")
    if [[ ! -d $kernel/boot ]]; then
      mkdir "$kernel/boot"
      for file in vmlinuz config System.map; do
        [[ ! -e $kernel/lib/modules/$version/$file ]] || ln "$kernel/lib/modules/$version/$file" "$kernel/boot/$file-$version"
      done
    fi
    depmod -b "$kernel" "$version"
    echo "$package" >"$kernel/package"
  fi
  echo "$kernel"
)

# prepare_machine KERNEL: installs what build/vm.sh works with, and prints where the kernel is. Not for two at once.
prepare_machine() {
  local emulator=qemu-system-x86
  [[ $1 != *-arm64 ]] || emulator=qemu-system-arm
  need busybox-static cpio kmod "$emulator" xz-utils
  fetch_kernel "$1"
}
