# Root file systems of other architectures, of Debian's packages, under .cache. Sourced by lib.sh.

# What the kernel tests, their programs and their shell commands need beside what the tests bring themselves, and what C programs for
# such a machine are compiled and linked with.
root_packages=(base-files base-passwd bash binutils bpftool busybox-static coreutils dash diffutils ethtool findutils gawk grep gzip hostname iproute2 iputils-ping kmod
  libc-bin libcap2-bin libelf-dev libgcc-s1 libssl3 libstdc++6 login mount passwd procps sed tar util-linux xz-utils zlib1g-dev)

# fetch_root ARCHITECTURE: unpacks a root of that architecture into .cache/roots once, and prints where. None of its programs is run:
# what the packages' scripts would do is done here.
fetch_root() (
  release=bookworm
  tree=$cache/roots/$1
  [[ $(cat "$tree/complete" 2>/dev/null) == "${root_packages[*]}" ]] || {
    update_kernel_lists "$1"
    say "downloading a root for $1"
    archives=$cache/apt/$1/root
    mkdir -p "$archives/partial"
    apt_for "$1" apt-get install -y -qq --download-only --no-install-recommends -o Dir::Cache::archives="$archives" \
      -o APT::Default-Release=$release "${root_packages[@]}" >&2
    rm -rf "$tree"
    mkdir -p "$tree"/{usr/{bin,sbin,lib},proc,sys,dev,run,tmp,var/tmp,root,mnt,etc}
    for folder in bin sbin lib; do ln -s "usr/$folder" "$tree/$folder"; done
    for deb in "$archives"/*.deb; do dpkg-deb --fsys-tarfile "$deb" | tar -x --keep-directory-symlink -C "$tree"; done
    chmod 1777 "$tree/tmp" "$tree/var/tmp"
    [[ -e $tree/bin/sh ]] || ln -s dash "$tree/bin/sh"
    [[ -e $tree/bin/awk ]] || ln -s gawk "$tree/bin/awk"
    cp "$tree/usr/share/base-passwd/passwd.master" "$tree/etc/passwd"
    cp "$tree/usr/share/base-passwd/group.master" "$tree/etc/group"
    echo "127.0.0.1 localhost" >"$tree/etc/hosts"
    echo "${root_packages[*]}" >"$tree/complete"
  }
  echo "$tree"
)
