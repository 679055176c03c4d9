"""Looks into the packages of a folder: what each must have, and what none may. Arguments: the repository, the folder."""
import pathlib
import sys
import zipfile

root, feed = sys.argv[1], pathlib.Path(sys.argv[2])
with_symbols = {"Bpf.Loader", "Bpf.Loader.Hosting", "Bpf.Loader.Symbols", "Bpf.Loader.Testing", "Bpf.Loader.Testing.Xunit", "Bpf.Tool"}
without = {"Bpf.Loader.Build", "Bpf.Templates"}
wrong = []


def check(package, is_so, what):
    if not is_so:
        wrong.append(f"{package}: {what}")


found = set()
for path in sorted(feed.glob("*.nupkg")):
    with zipfile.ZipFile(path) as package:
        names = package.namelist()
        spec_name = next(name for name in names if name.endswith(".nuspec"))
        name, spec = spec_name.removesuffix(".nuspec"), package.read(spec_name).decode("utf-8-sig")
        found.add(name)
        check(name, '<license type="expression">MIT</license>' in spec, "no license")
        check(name, "<readme>README.md</readme>" in spec and "README.md" in names, "no README")
        check(name, "LICENSE" in names, "no text of the license")
        check(name, "<description>" in spec and "Package Description" not in spec, "no description")
        check(name, 'commit="' in spec, "the commit is not told")
        # Deterministic: it does not matter where it was built.
        for file in names:
            check(name, root.encode() not in package.read(file), f"{file} tells where it was built")
        libraries = [file for file in names if file.startswith("lib/") and file.endswith(".dll")]
        check(name, all(file.replace(".dll", ".xml") in names for file in libraries), "no documentation")
        # build/public-documentation.cs takes it out; these names are never public.
        for file in libraries:
            told = package.read(file.replace(".dll", ".xml")) if file.replace(".dll", ".xml") in names else b""
            check(name, b'name="T:Bpf.Loader.Interop.' not in told, "the documentation tells of what is internal")
    symbols = path.with_suffix(".snupkg")
    check(name, symbols.exists() == (name in with_symbols), "symbols, or none")
    if symbols.exists():
        with zipfile.ZipFile(symbols) as package:
            debug = [package.read(file) for file in package.namelist() if file.endswith(".pdb")]
            check(name, debug != [], "no symbols in the package of symbols")
            check(name, all(root.encode() not in data for data in debug), "symbols tell where they were built")

check("all", found == with_symbols | without, f"these were packed: {sorted(found)}")
print("\n".join(wrong) or f"{len(found)} packages are as they should be")
sys.exit(1 if wrong else 0)
