using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using Bpf.Loader.Elf;
using Bpf.Loader.Interop;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Links.Binaries;
using Xunit;

namespace Bpf.Loader.KernelTests.Links;

/// <summary>Libraries that have no path of their own, or one that only a container knows: seen by the hits.</summary>
public sealed class ProbedLibraryTests : KernelTest
{
    private const string Function = "uprobe_target_add", Entry = "lib/x86_64/libuprobe-target.so", Name = "libuprobe-target.so";
    private const int Page = 65536; // the largest of any machine

    private readonly string _folder = Directory.CreateTempSubdirectory("bpf-library-").FullName;

    // As in UprobeTests.
    static ProbedLibraryTests() => NativeShims.Talk(NativeShims.UprobeTarget, _ => { });

    [Fact]
    public void A_library_that_is_mapped_from_an_archive_is_probed_there()
    {
        string archive = Path.Combine(_folder, "app.apk");
        long place = WriteArchive(archive);
        using var program = new AttachedProgram(BpfProgramType.Kprobe);
        using var library = new MappedCode(archive, place);
        int hits = 0;
        foreach ((string binary, int? process) in (IEnumerable<(string, int?)>)
            [
                ($"{archive}!/{Entry}", Environment.ProcessId), ($"{archive}!/{Entry}", null), // by its path, as in a section's name
                (Name, Environment.ProcessId), // by its name, as the process has it mapped
            ])
        {
            using (UprobeAttacher.Attach(program.Source, binary, Function, false, new UprobeOptions { ProcessId = process })) Assert.Equal(12, library.Add(5, 7));
            Assert.Equal(++hits, program.Runs);
        }

        // The package was updated, with the library at another place; the process runs the old one.
        string newer = Path.Combine(_folder, "newer.apk");
        WriteArchive(newer, more: Page);
        File.Move(newer, archive, overwrite: true);
        foreach (string binary in (string[])[$"{archive}!/{Entry}", Name])
        {
            using (UprobeAttacher.Attach(program.Source, binary, Function, false, new UprobeOptions { ProcessId = Environment.ProcessId })) Assert.Equal(12, library.Add(5, 7));
            Assert.Equal(++hits, program.Runs);
        }

        Assert.Equal(12, library.Add(5, 7));
        Assert.Equal(hits, program.Runs);
    }

    [Fact]
    public void A_library_is_found_by_the_cache_of_the_container()
    {
        // Two that both roots know by name, and one that only the container's knows; what stands where ours has them is never meant.
        string root = MakeRoot();
        using var program = new AttachedProgram(BpfProgramType.Kprobe);
        NativeShims.Talk("/usr/sbin/chroot", [root, "/usr/bin/env"], process =>
        {
            NativeShims.Ask(process); // by then it runs in its root
            foreach (string name in (string[])["libc.so.6", Name])
            {
                using BinaryFile found = BinarySearch.OpenFile(name, process.Id);
                Assert.Equal(FileIdentity.Of(Path.Combine(root, "opt/own", name)), found.Identity);
            }
        });

        // A shell becomes the program that is linked with the library, which its loader finds by the cache as well.
        NativeShims.Talk("/usr/sbin/chroot", [root, "/bin/sh", "-c", "echo ready; read line; exec /usr/bin/target"], process =>
        {
            Assert.Equal("ready", process.StandardOutput.ReadLine());
            using (UprobeAttacher.Attach(program.Source, Name, Function, false, new UprobeOptions { ProcessId = process.Id }))
            {
                process.StandardInput.WriteLine();
                NativeShims.Ask(process);
            }

            Assert.Equal(1, program.Runs);
        });
    }

    protected override void Dispose(bool disposing)
    {
        Directory.Delete(_folder, recursive: true);
        base.Dispose(disposing);
    }

    // As Android's build does: stored, and where a page begins.
    private static long WriteArchive(string path, int more = 0)
    {
        byte[] library = File.ReadAllBytes(NativeShims.UprobeLibrary);
        int padding = more;
        while (true)
        {
            using (var zip = new ZipArchive(File.Create(path), ZipArchiveMode.Create))
            {
                foreach ((string name, byte[] content) in ((string, byte[])[])[("assets/padding", new byte[padding]), (Entry, library)])
                {
                    using Stream entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
                    entry.Write(content);
                }
            }

            int place = File.ReadAllBytes(path).AsSpan().IndexOf(library);
            Assert.True(place > 0, "the archive has packed the library");
            if (place % Page == 0) return place;
            padding += Page - (place % Page);
        }
    }

    private string MakeRoot()
    {
        foreach (string directory in (string[])["usr/bin", "bin", "opt/own", "etc", "lib64"]) Directory.CreateDirectory(Path.Combine(_folder, directory));
        Copy(NativeShims.StaticUprobeTarget, "usr/bin/env");
        Copy(NativeShims.LinkedUprobeTarget, "usr/bin/target");
        Copy(NativeShims.UprobeLibrary, "opt/own/" + Name);
        Copy("/bin/sh", "bin/sh");
        string[] mapped = [.. ProcessMaps.Read(Environment.ProcessId).Where(mapping => mapping.IsExecutable).Select(mapping => mapping.Path).Distinct()];
        string library = mapped.First(path => path.EndsWith("/libc.so.6", StringComparison.Ordinal));
        Copy(library, "opt/own/libc.so.6");
        string loader = mapped.First(path => Path.GetFileName(path).StartsWith("ld-linux", StringComparison.Ordinal));
        // Where programs say that it is.
        Copy(loader, "lib64/" + Path.GetFileName(loader));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "lib"), "lib64");
        File.WriteAllText(Path.Combine(_folder, "etc/ld.so.conf"), "/opt/own\n");
        Shell.Run($"/sbin/ldconfig -r {_folder}");
        // Our own cache leads here, and so does a search without one.
        string decoy = Path.Combine(_folder, library.TrimStart('/'));
        Directory.CreateDirectory(Path.GetDirectoryName(decoy)!);
        File.Copy(NativeShims.UprobeLibrary, decoy);
        return _folder;
    }

    private void Copy(string file, string name) => File.Copy(File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file, Path.Combine(_folder, name));

    /// <summary>The code of a library, mapped from within an archive as Android's loader does it.</summary>
    private sealed unsafe class MappedCode : IDisposable
    {
        private const int ReadAndExecute = 1 | 4, Private = 2; // PROT_*, MAP_*

        private readonly nint _address;
        private readonly nuint _length;
        private readonly delegate* unmanaged<int, int, int> _add;

        public MappedCode(string archive, long place)
        {
            using BinaryImage image = BinaryImage.Open(BinaryFile.Open(NativeShims.UprobeLibrary), null);
            ElfProgramHeader code = image.Segments.Headers.First(header => header is { IsLoad: true, IsExecutable: true });
            ulong before = code.Offset % Page;
            _length = (nuint)(code.FileSize + before);
            using FileDescriptorHandle file = KernelFile.OpenRead(archive, out _)!;
            using HandleUse use = file.Use();
            _address = LibC.MemoryMap(0, _length, ReadAndExecute, Private, use.Descriptor, place + (long)(code.Offset - before));
            Assert.NotEqual(-1, _address);
            _add = (delegate* unmanaged<int, int, int>)(_address + (nint)(BinarySymbols.FindFunction(image, Function) - (code.Offset - before)));
        }

        /// <summary>Calls the function that is probed.</summary>
        public int Add(int first, int second) => _add(first, second);

        public void Dispose() => _ = LibC.MemoryUnmap(_address, _length);
    }
}
