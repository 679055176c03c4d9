using System;
using System.Buffers.Binary;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Links.Binaries;
using Xunit;

namespace Bpf.Loader.KernelTests.Links;

/// <summary>Which file a probe goes into, and where in it: seen by the hits.</summary>
[AnyKernel]
public sealed class ProbedFileTests : KernelTest
{
    private const string Function = "uprobe_target_add";

    private readonly string _folder = Directory.CreateTempSubdirectory("bpf-probed-").FullName;

    // As in UprobeTests.
    static ProbedFileTests() => NativeShims.Talk(NativeShims.UprobeTarget, _ => { });

    [Theory]
    [InlineData("/usr/lib/app-link")] // an absolute link to a path that exists outside as well
    [InlineData("/usr/lib/relative")]
    [InlineData("/usr/lib/upwards")] // more .. than there are directories
    [InlineData("/usr/lib/chain")] // through a linked directory
    [InlineData("/usr/bin/env")]
    [InlineData("app-link")] // by name, as the process's own PATH finds it
    public void A_path_is_resolved_in_the_root_of_the_process(string path)
    {
        string root = MakeRoot();
        using var program = new AttachedProgram(BpfProgramType.Kprobe);
        NativeShims.Talk("/usr/bin/env", ["PATH=/usr/lib:" + Environment.GetEnvironmentVariable("PATH"), "chroot", root, "/usr/bin/env"], process =>
        {
            NativeShims.Ask(process); // by then it runs in its root
            using (UprobeAttacher.Attach(program.Source, path, Function, false, new UprobeOptions { ProcessId = process.Id })) NativeShims.Ask(process);
            Assert.Equal(1, program.Runs);
            if (!path.StartsWith('/')) return;
            using (UprobeAttacher.Attach(program.Source, $"/proc/{process.Id}/root{path}", Function, false, new UprobeOptions())) NativeShims.Ask(process);
            Assert.Equal(2, program.Runs);
        });
    }

    [Fact]
    public void A_file_of_ours_is_never_taken_for_one_of_another_root()
    {
        string root = MakeRoot();
        using var program = new AttachedProgram(BpfProgramType.Kprobe);
        NativeShims.Talk("/usr/sbin/chroot", [root, "/usr/bin/env"], process =>
        {
            NativeShims.Ask(process);
            foreach (string path in (string[])["/usr/lib/outside", NativeShims.UprobeTarget, $"/proc/{process.Id}/root/usr/lib/outside", "libc.so.6"])
            {
                var error = Assert.Throws<BpfAttachException>(
                    () => UprobeAttacher.Attach(program.Source, path, Function, false, new UprobeOptions { ProcessId = process.Id }));
                Assert.Equal(BpfDiagnosticId.NoSuchBinary, error.Id);
            }
        });
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public void What_a_process_runs_is_probed_when_its_file_was_replaced_or_deleted(bool library, bool replace)
    {
        string target = Copy(NativeShims.LinkedUprobeTarget, "target"), functions = Copy(NativeShims.UprobeLibrary, "libuprobe-target.so");
        string own = Copy(NativeShims.UprobeTarget, "own");
        string changed = library ? functions : own;
        using var program = new AttachedProgram(BpfProgramType.Kprobe);
        NativeShims.Talk(library ? target : own, process =>
        {
            NativeShims.Ask(process);
            if (replace) File.Move(Copy(library ? NativeShims.UprobeLibrary : NativeShims.UprobeTarget, "newer"), changed, overwrite: true);
            else File.Delete(changed);
            int hits = 0;
            foreach (string name in (string[])[changed, Path.GetFileName(changed)])
            {
                using (UprobeAttacher.Attach(program.Source, name, Function, false, new UprobeOptions { ProcessId = process.Id })) NativeShims.Ask(process);
                Assert.Equal(++hits, program.Runs);
            }
        });
    }

    [Theory]
    [InlineData("/usr/bin/env")]
    [InlineData("/usr/lib/app-link")]
    [InlineData("/usr/lib/chain")]
    [InlineData("env")]
    public void What_runs_in_another_root_is_probed_when_its_file_was_replaced_there(string path)
    {
        string root = MakeRoot();
        using var program = new AttachedProgram(BpfProgramType.Kprobe);
        NativeShims.Talk("/usr/sbin/chroot", [root, "/usr/bin/env"], process =>
        {
            NativeShims.Ask(process);
            File.Move(Copy(NativeShims.StaticUprobeTarget, "newer"), Path.Combine(root, "usr/bin/env"), overwrite: true);
            using (UprobeAttacher.Attach(program.Source, path, Function, false, new UprobeOptions { ProcessId = process.Id })) NativeShims.Ask(process);
            Assert.Equal(1, program.Runs);
            File.Delete(Path.Combine(root, "usr/bin/env"));
            using (UprobeAttacher.Attach(program.Source, path, Function, false, new UprobeOptions { ProcessId = process.Id })) NativeShims.Ask(process);
            Assert.Equal(2, program.Runs);
        });
    }

    [Fact]
    public void A_link_to_a_file_that_was_deleted_leads_to_what_runs()
    {
        string own = Copy(NativeShims.UprobeTarget, "own"), link = Path.Combine(_folder, "link"), first = Path.Combine(_folder, "first");
        File.CreateSymbolicLink(link, "own");
        File.CreateSymbolicLink(first, link);
        using var program = new AttachedProgram(BpfProgramType.Kprobe);
        NativeShims.Talk(first, process =>
        {
            NativeShims.Ask(process);
            File.Delete(own);
            using (UprobeAttacher.Attach(program.Source, first, Function, false, new UprobeOptions { ProcessId = process.Id })) NativeShims.Ask(process);
            Assert.Equal(1, program.Runs);
            File.Delete(link);
            File.CreateSymbolicLink(link, "first"); // round and round
            Assert.Equal(BpfDiagnosticId.BadBinary, Assert.Throws<BpfAttachException>(
                () => UprobeAttacher.Attach(program.Source, first, Function, false, new UprobeOptions { ProcessId = process.Id })).Id);
        });
    }

    // A name that ends like the kernel's mark of a file without one.
    [Fact]
    public void A_file_that_is_only_called_deleted_is_probed()
    {
        string own = Copy(NativeShims.UprobeTarget, "own (deleted)");
        using var program = new AttachedProgram(BpfProgramType.Kprobe);
        NativeShims.Talk(own, process =>
        {
            NativeShims.Ask(process);
            using (UprobeAttacher.Attach(program.Source, own, Function, false, new UprobeOptions { ProcessId = process.Id })) NativeShims.Ask(process);
            Assert.Equal(1, program.Runs);
        });
    }

    [Fact]
    public void A_library_is_found_by_the_name_that_programs_are_linked_with()
    {
        // The library that runs has another file name: what is called libuprobe-target.so now is newer.
        string target = Copy(NativeShims.LinkedUprobeTarget, "target");
        string library = Copy(NativeShims.UprobeLibrary, "libuprobe-target.so.1.0"), link = Path.Combine(_folder, "libuprobe-target.so");
        File.CreateSymbolicLink(link, Path.GetFileName(library));
        using var program = new AttachedProgram(BpfProgramType.Kprobe);
        NativeShims.Talk(target, process =>
        {
            NativeShims.Ask(process);
            File.Delete(link);
            File.CreateSymbolicLink(link, Path.GetFileName(Copy(NativeShims.UprobeLibrary, "libuprobe-target.so.1.1")));
            File.Delete(library);
            using (UprobeAttacher.Attach(program.Source, link, Function, false, new UprobeOptions { ProcessId = process.Id })) NativeShims.Ask(process);
            Assert.Equal(1, program.Runs);
        });
    }

    [Theory]
    [InlineData(16)] // sh_addr
    [InlineData(24)] // sh_offset
    public void Shifted_section_headers_do_not_shift_the_probe(int field)
    {
        string target = Copy(NativeShims.UprobeTarget, "shifted");
        byte[] image = File.ReadAllBytes(target);
        int header = FindSection(image, ".text") + field;
        BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(header), BinaryPrimitives.ReadUInt64LittleEndian(image.AsSpan(header)) + 0x1000);
        File.WriteAllBytes(target, image);
        AssertHits(target, Function, "5", 5);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void With_the_older_hash_table_alone_dynamic_functions_are_found(bool withoutSections)
    {
        string target = Copy(NativeShims.OldHashUprobeTarget, "sysv");
        byte[] image = File.ReadAllBytes(target);
        if (withoutSections)
        {
            image.AsSpan(40, 8).Clear();
            image.AsSpan(60, 4).Clear();
            File.WriteAllBytes(target, image);
        }

        using (BinaryImage binary = BinaryImage.Open(BinaryFile.Open(target), null))
        {
            Assert.Equal((true, false), (binary.Dynamic.Find(DynamicTable.Hash) is not null, binary.Dynamic.Find(DynamicTable.GnuHash) is not null));
            Assert.Equal(withoutSections, binary.Sections.All.Count == 0);
        }

        AssertHits(target, Function, "3", 3);
        using var listed = BpfBinary.Open(target);
        Assert.Contains(listed.Functions, function => function.Name == Function && function.IsExported);
    }

    [Theory]
    [InlineData(0UL)] // as sstrip leaves it
    [InlineData(0x7fff_ffff_0000UL)] // beyond the end
    public void Without_section_headers_dynamic_functions_are_found(ulong place)
    {
        string target = Copy(NativeShims.UprobeTarget, "sectionless");
        byte[] image = File.ReadAllBytes(target);
        BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(40), place);
        if (place == 0) image.AsSpan(60, 4).Clear();
        File.WriteAllBytes(target, image);
        AssertHits(target, Function, "4", 4);
        using var program = new AttachedProgram(BpfProgramType.Kprobe);
        var error = Assert.Throws<BpfAttachException>(() => UprobeAttacher.Attach(program.Source, target, "uprobe_target_static", false, new UprobeOptions()));
        Assert.DoesNotContain("stripped", error.Message, StringComparison.Ordinal);
        Assert.Contains("section headers", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_larger_than_memory_has_is_probed()
    {
        string target = Copy(NativeShims.UprobeTarget, "sparse");
        using (FileStream file = File.OpenWrite(target)) file.SetLength(5L << 29); // 2.5 GiB, of which next to nothing is on the disk
        long before = GC.GetAllocatedBytesForCurrentThread();
        AssertHits(target, Function, "2", 2);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void Programs_of_32_bits_are_probed()
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "the program is one of x86");
        Assert.SkipUnless(Shell.Try($"{NativeShims.UprobeTarget32} 1").Code == 0, "the kernel runs no 32-bit programs");
        AssertHits(NativeShims.UprobeTarget32, "uprobe_target_32", "7", 7);
    }

    [Fact]
    public void A_path_with_spaces_goes_through_tracefs()
    {
        string target = Copy(NativeShims.UprobeTarget, "a b:c");
        AssertHits(target, Function, "2", 2, ProbeMode.TraceFs);
    }

    [Fact]
    public void Places_that_are_no_code_are_refused()
    {
        using var program = new AttachedProgram(BpfProgramType.Kprobe);
        // Linkers for x86 keep the headers of a file apart from its code; those for arm64 put both into one segment.
        using BinaryImage image = BinaryImage.Open(NativeShims.UprobeTarget);
        foreach (ulong offset in image.Segments.FindByOffset(0) is { IsExecutable: true } ? (ulong[])[1UL << 40] : [0, 1UL << 40])
        {
            var error = Assert.Throws<BpfAttachException>(() => UprobeAttacher.Attach(program.Source, NativeShims.UprobeTarget, offset, false, new UprobeOptions()));
            Assert.Equal(BpfDiagnosticId.NotProbeable, error.Id);
        }
    }

    [Theory]
    [InlineData("/dev/zero", "a device")]
    [InlineData("/tmp", "a directory")]
    [InlineData("pipe", "a pipe")]
    [InlineData("socket", "a socket")]
    public void What_is_no_file_is_refused_at_once(string path, string what)
    {
        using var program = new AttachedProgram(BpfProgramType.Kprobe);
        if (!path.StartsWith('/')) path = Path.Combine(_folder, path);
        if (path.EndsWith("pipe", StringComparison.Ordinal)) Shell.Run($"mkfifo {path}");
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, 0);
        if (path.EndsWith("socket", StringComparison.Ordinal)) socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(path));
        var error = Assert.Throws<BpfAttachException>(() => UprobeAttacher.Attach(program.Source, path, Function, false, new UprobeOptions()));
        Assert.Equal(BpfDiagnosticId.BadBinary, error.Id);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        error = Assert.Throws<BpfAttachException>(() => UprobeAttacher.Attach(program.Source, path, 16, false, new UprobeOptions()));
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_on_an_overlay_are_those_that_a_process_has_mapped()
    {
        foreach (string directory in (string[])["lower", "upper", "changes", "merged"]) Directory.CreateDirectory(Path.Combine(_folder, directory));
        Copy(NativeShims.LinkedUprobeTarget, "lower/target");
        Copy(NativeShims.UprobeLibrary, "lower/libuprobe-target.so");
        string merged = Path.Combine(_folder, "merged");
        // The upper layer must not be on an overlay itself.
        Shell.Run($"mount -t tmpfs none {_folder}/changes");
        try
        {
            foreach (string directory in (string[])["upper", "work"]) Directory.CreateDirectory(Path.Combine(_folder, "changes", directory));
            Shell.Run($"mount -t overlay none -o lowerdir={_folder}/lower,upperdir={_folder}/changes/upper,workdir={_folder}/changes/work {merged}");
            try
            {
                ProbeOverlay(Path.Combine(merged, "target"), Path.Combine(merged, "libuprobe-target.so"));
            }
            finally
            {
                Shell.Run($"umount {merged}");
            }
        }
        finally
        {
            Shell.Run($"umount {_folder}/changes");
        }
    }

    [Fact]
    public void A_program_in_memory_is_probed_through_its_process()
    {
        using var program = new AttachedProgram(BpfProgramType.Kprobe);
        using Loader.Interop.FileDescriptorHandle memory = Loader.Interop.FileDescriptorHandle.Adopt(CreateMemory());
        string path = $"/proc/{Environment.ProcessId}/fd/{memory.Number}";
        File.WriteAllBytes(path, File.ReadAllBytes(NativeShims.UprobeTarget));
        NativeShims.Talk(path, process =>
        {
            NativeShims.Ask(process);
            int hits = 0;
            foreach (string name in (string[])["memfd:bpf-test", $"/proc/{process.Id}/exe"])
            {
                using (UprobeAttacher.Attach(program.Source, name, Function, false, new UprobeOptions { ProcessId = process.Id })) NativeShims.Ask(process);
                Assert.Equal(++hits, program.Runs);
            }
        });
    }

    [Fact]
    public void A_process_in_another_mount_namespace_is_looked_into()
    {
        string root = MakeRoot();
        using var program = new AttachedProgram(BpfProgramType.Kprobe);
        // Only there, something is mounted over the folder of the program.
        string script = $"mount --bind {root}/usr/bin {root}/opt && exec {root}/opt/env";
        NativeShims.Talk("/usr/bin/unshare", ["--mount", "sh", "-c", script], process =>
        {
            NativeShims.Ask(process);
            Assert.False(File.Exists($"{root}/opt/env"));
            using (UprobeAttacher.Attach(program.Source, $"{root}/opt/env", Function, false, new UprobeOptions { ProcessId = process.Id })) NativeShims.Ask(process);
            Assert.Equal(1, program.Runs);
        });
    }

    protected override void Dispose(bool disposing)
    {
        Directory.Delete(_folder, recursive: true);
        base.Dispose(disposing);
    }

    private static void AssertHits(string target, string function, string times, int hits, ProbeMode mode = ProbeMode.Default)
    {
        using var program = new AttachedProgram(BpfProgramType.Kprobe);
        using (UprobeAttacher.Attach(program.Source, target, function, false, new UprobeOptions { Mode = mode }))
            NativeShims.RunTarget(target, int.Parse(times, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(hits, program.Runs);
    }

    private static void ProbeOverlay(string target, string library)
    {
        using var program = new AttachedProgram(BpfProgramType.Kprobe);
        NativeShims.Talk(target, process =>
        {
            NativeShims.Ask(process);
            var options = new UprobeOptions { ProcessId = process.Id };
            using (UprobeAttacher.Attach(program.Source, library, Function, false, options)) NativeShims.Ask(process);
            Assert.Equal(1, program.Runs);
            // The replacement is in the upper layer.
            File.Copy(NativeShims.UprobeLibrary, library + ".new");
            File.Move(library + ".new", library, overwrite: true);
            using (UprobeAttacher.Attach(program.Source, library, Function, false, options)) NativeShims.Ask(process);
            Assert.Equal(2, program.Runs);
        });
    }

    private static int FindSection(byte[] image, string name)
    {
        int table = (int)BinaryPrimitives.ReadUInt64LittleEndian(image.AsSpan(40)), count = BinaryPrimitives.ReadUInt16LittleEndian(image.AsSpan(60));
        int names = table + (BinaryPrimitives.ReadUInt16LittleEndian(image.AsSpan(62)) * 64);
        int texts = (int)BinaryPrimitives.ReadUInt64LittleEndian(image.AsSpan(names + 24));
        for (int i = 0; i < count; i++)
        {
            int header = table + (i * 64), text = texts + BinaryPrimitives.ReadInt32LittleEndian(image.AsSpan(header));
            if (image.AsSpan(text).StartsWith(Encoding.UTF8.GetBytes(name + '\0'))) return header;
        }

        throw new InvalidOperationException($"There is no section {name}.");
    }

    // It may be executed, which MFD_NOEXEC_SEAL would forbid.
    private static unsafe int CreateMemory()
    {
        fixed (byte* name = "bpf-test\0"u8) return Tmds.Linux.LibC.memfd_create(name, Tmds.Linux.LibC.MFD_CLOEXEC);
    }

    private string Copy(string file, string name)
    {
        string copy = Path.Combine(_folder, name);
        File.Copy(file, copy);
        return copy;
    }

    private string MakeRoot()
    {
        foreach (string directory in (string[])["usr/bin", "usr/lib", "opt"]) Directory.CreateDirectory(Path.Combine(_folder, directory));
        Copy(NativeShims.StaticUprobeTarget, "usr/bin/env");
        foreach ((string link, string target) in ((string, string)[])
            [
                ("usr/lib/app-link", "/usr/bin/env"), ("usr/lib/relative", "../bin/env"), ("usr/lib/upwards", "../../../../../../usr/bin/env"),
                ("opt/programs", "/usr/lib/../bin"), ("usr/lib/chain", "/opt/programs/env"), ("usr/lib/outside", NativeShims.UprobeTarget),
            ])
            File.CreateSymbolicLink(Path.Combine(_folder, link), target);
        return _folder;
    }
}
