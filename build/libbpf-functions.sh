#!/usr/bin/env bash
# Writes testdata/libbpf-functions.txt: the functions that libbpf exports, with the version of it that first did, as libbpf.map and
# the headers of the newest kernel's source say that Debian has. docs/libbpf.md has a row for each.
source "$(dirname "$0")/lib.sh"
need xz-utils python3

update_kernel_lists amd64
package=$(apt_for amd64 apt-cache pkgnames linux-source- | sort -V | tail -1)
prefix=$cache/$package
if [[ ! -f $prefix/done ]]; then
  deb=$(find "$cache/debs" -name "${package}_*.deb" 2>/dev/null | head -1)
  [[ $deb ]] || {
    mkdir -p "$cache/debs"
    say "downloading $package"
    (cd "$cache/debs" && apt_for amd64 apt-get download -qq "$package" >&2)
    deb=$(find "$cache/debs" -name "${package}_*.deb" | head -1)
  }
  mkdir -p "$prefix"
  say "unpacking libbpf from $(basename "$deb")"
  dpkg --fsys-tarfile "$deb" | tar -xO "./usr/src/$package.tar.xz" |
    tar -xJ -C "$prefix" --strip-components=4 --wildcards "$package/tools/lib/bpf/*.h" "$package/tools/lib/bpf/libbpf.map"
  touch "$prefix/done"
fi

python3 - "$prefix" >"$root/testdata/libbpf-functions.txt" <<'PYTHON'
import pathlib, re, sys

folder = pathlib.Path(sys.argv[1])
text = {name: (folder / name).read_text() for name in ("libbpf.h", "bpf.h", "btf.h", "libbpf_legacy.h", "libbpf.map", "libbpf_version.h")}
since = {}
for version, names in re.findall(r"^LIBBPF_([\d.]+) \{(.*?)^\}", text["libbpf.map"], re.M | re.S):
    for name in re.findall(r"^\s+(\w+);", names, re.M):
        since[name] = version.removesuffix(".0") if version[0] != "0" else version

place = {}
for header in list(text)[:4]:
    for declaration in re.finditer(r"^LIBBPF_API\b[^;{]*?\b(\w+)\s*\(", text[header], re.M):
        if declaration[1] in since:
            place.setdefault(declaration[1], (header, len(place)))
unplaced = since.keys() - place.keys()
if unplaced:
    sys.exit(f"no header declares {', '.join(sorted(unplaced))}")

major, minor = (re.search(rf"{part}_VERSION (\d+)", text["libbpf_version.h"])[1] for part in ("MAJOR", "MINOR"))
print(f"# The functions that libbpf {major}.{minor} exports, as {folder.name} has it: the header, the name, and since which version.")
for name, (header, _) in sorted(place.items(), key=lambda item: item[1][1]):
    print(header, name, since[name])
PYTHON
say "$(grep -vc '^#' "$root/testdata/libbpf-functions.txt") functions"
