using System;
using System.IO;
using System.Linq;
using System.Text;
using Bpf.Loader.Interop;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Maps;
using Bpf.Loader.Tests.Tool;
using Xunit;

namespace Bpf.Loader.KernelTests.Maps;

/// <summary>Where pins go, what is refused as a path or a name of one, and that a refusal leaves nothing behind.</summary>
[AnyKernel]
public sealed class PinPathTests : KernelTest
{
    private const string Counts = "bpf_loader_pinned";

    public static TheoryData<string> Things => ["map", "program", "link"];

    [Theory]
    [MemberData(nameof(Things))]
    public void A_path_with_a_dot_is_refused_by_naming_the_dot(string thing)
    {
        using var files = new TestFileSystem();
        foreach (string path in (string[])["a.b", "folder/a.b", "fol.der/a", "new/fol.der/a", ".hidden"])
        {
            BpfException refused = Assert.Throws<BpfException>(() => Pin(thing, files[path]));
            Assert.Equal(BpfDiagnosticId.BadPinPath, refused.Id);
            Assert.Contains("has a dot", refused.Message, StringComparison.Ordinal);
        }

        Assert.Empty(Entries(files));
    }

    [Theory]
    [MemberData(nameof(Things))]
    public void A_path_on_no_bpf_file_system_says_so(string thing)
    {
        string directory = Directory.CreateTempSubdirectory("not.bpffs-").FullName;
        foreach (string path in (string[])["a", "b/c/a", "a.b"])
        {
            BpfException refused = Assert.Throws<BpfException>(() => Pin(thing, Path.Combine(directory, path)));
            Assert.Equal(BpfDiagnosticId.PinRefused, refused.Id);
            Assert.Contains($"'{directory}' is not on a bpf file system", refused.Message, StringComparison.Ordinal);
        }

        Assert.Empty(Directory.GetFileSystemEntries(directory));
        Directory.Delete(directory);
    }

    [Theory]
    [MemberData(nameof(Things))]
    public void Folders_are_made_and_those_of_a_refusal_removed(string thing)
    {
        using var files = new TestFileSystem();
        Pin(thing, files["one/two/pin"]);
        Assert.True(File.Exists(files["one/two/pin"]));
        Assert.Equal(Errno.EEXIST, Assert.Throws<BpfException>(() => Pin(thing, files["one/two/pin"])).Errno);
        Assert.Equal(Errno.ENOTDIR, Assert.Throws<BpfException>(() => Pin(thing, files["one/two/pin/below"])).Errno);
        Assert.Equal(BpfDiagnosticId.BadPinPath, Assert.Throws<BpfException>(() => Pin(thing, files["three/" + new string('x', 256)])).Id);
        Assert.Equal(BpfDiagnosticId.BadPinPath, Assert.Throws<BpfException>(() => Pin(thing, files["cut\0here"])).Id);
        Assert.Equal(BpfDiagnosticId.BadPinPath, Assert.Throws<BpfException>(() => Pin(thing, files["folder/"])).Id);
        Assert.Equal([files["one"]], Entries(files));
        File.Delete(files["one/two/pin"]);
        Directory.Delete(files["one/two"]);
        Directory.Delete(files["one"]);
    }

    [Fact]
    public void Whatever_is_pinned_is_opened_as_what_it_is_only()
    {
        using var files = new TestFileSystem();
        foreach (string thing in Things.Select(row => (string)row.Data)) Pin(thing, files[thing]);
        string plain = Path.GetTempFileName();
        foreach ((string path, string says) in new[]
        {
            (files["map"], "but a map, which BpfMap.OpenPinned opens"), (files["program"], "but a program, which BpfProgram.OpenPinned opens"),
            (files["link"], "but a link, which BpfLink.OpenPinned opens"), (files.Path, "It is a folder"), (plain, "a plain file, and not on a bpf file system"),
            ("/dev/zero", "a device, and not on a bpf file system"), ("/proc", "a folder, and not on a bpf file system"),
        })
        {
            foreach ((string kind, Func<string, IDisposable> open) in new (string, Func<string, IDisposable>)[]
            {
                ("map", path => BpfMap.OpenPinned(path)), ("program", BpfProgram.OpenPinned), ("link", BpfLink.OpenPinned),
            })
            {
                if (path == files[kind])
                {
                    open(path).Dispose();
                    continue;
                }

                BpfException refused = Assert.Throws<BpfException>(() => open(path));
                Assert.Equal(BpfDiagnosticId.PinnedOtherKind, refused.Id);
                Assert.Contains(says, refused.Message, StringComparison.Ordinal);
                Assert.Equal(Errno.ENOENT, Assert.Throws<BpfException>(() => open(files["nothing"])).Errno);
                Assert.Contains("has a dot", Assert.Throws<BpfException>(() => open(files["no.thing"])).Message, StringComparison.Ordinal);
                Assert.Equal(BpfDiagnosticId.BadPinPath, Assert.Throws<BpfException>(() => open(files["map"] + "\0")).Id);
            }
        }

        File.Delete(plain);
    }

    [Theory]
    [InlineData("../../tmp/pwned")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("a.b")]
    [InlineData("a\nb")]
    public void A_map_whose_name_leads_elsewhere_is_not_pinned_by_it(string name)
    {
        using var files = new TestFileSystem();
        BpfObjectFile file = Renamed(name, files.Path);
        Requires.LeaveOutMissing(file);
        BpfFormatException refused = Assert.Throws<BpfFormatException>(() => file.Load());
        Assert.Equal(BpfDiagnosticId.BadPinName, refused.Id);
        Assert.Contains("PinPath", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Entries(files));

        // A path of the caller's own is as good as any; the kernel gets another name where it does not take this one.
        file.Maps[0].PinPath = files["own"];
        file.Load().Dispose();
        File.Delete(files["own"]);
    }

    [Fact]
    public void A_program_loses_the_pin_that_is_named_and_no_other()
    {
        using var files = new TestFileSystem();
        using BpfObject bpf = TestObjects.Load("hook_xdp", "xdp_plain", "xdp_frags");
        BpfProgram program = bpf.Programs["xdp_plain"], other = bpf.Programs["xdp_frags"];
        program.Pin(files["first"]);
        program.Pin(files["second"]);
        other.Pin(files["other"]);
        Assert.Equal(Errno.ESTALE, Assert.Throws<BpfException>(() => program.Unpin(files["other"])).Errno);
        program.Unpin(files["first"]);
        Assert.Equal([files["other"], files["second"]], Entries(files).Order());
        Assert.Equal(Errno.ENOENT, Assert.Throws<BpfException>(() => program.Unpin(files["first"])).Errno);
        program.Unpin(files["second"]);
        other.Unpin(files["other"]);
        Assert.Empty(Entries(files));
    }

    [Fact]
    public void Maps_of_an_object_are_pinned_all_or_none()
    {
        using var files = new TestFileSystem();
        BpfObjectFile file = BpfObjectFile.Open(TestObjects.PathOf("data_custom.bpf.o"), new BpfOpenOptions { ObjectName = "a" });
        Requires.ProgramsOf(file);
        using BpfObject bpf = file.Load();
        string[] names = [.. file.Maps.Select(map => map.Name.Replace('.', '_')).Order(StringComparer.Ordinal)];
        Assert.Contains("a_rodata", names);
        bpf.PinMaps(files["maps/all"]);
        Assert.Equal(names, Directory.GetFiles(files["maps/all"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (string name in names) File.Delete(files[$"maps/all/{name}"]);

        // The last one is in the way: the others go, and what was there stays.
        using BpfObject again = file.Load();
        using (BpfMap other = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Array, Name = "other", ValueSize = 8, MaxEntries = 1 }))
            other.Pin(files[$"maps/all/{again.Maps[^1].Name.Replace('.', '_')}"]);
        Assert.Equal(Errno.EEXIST, Assert.Throws<BpfException>(() => again.PinMaps(files["maps/all"])).Errno);
        Assert.Single(Directory.GetFiles(files["maps/all"]));
        Assert.All(again.Maps, map => Assert.Null(map.PinPath));

        again.PinPrograms(files["programs"]);
        Assert.Equal(again.Programs.Select(program => program.Name).Order(), Directory.GetFiles(files["programs"]).Select(Path.GetFileName).Order());
        Assert.Equal(Errno.EEXIST, Assert.Throws<BpfException>(() => again.PinPrograms(files["programs"])).Errno);
        Assert.Equal(again.Programs.Count, Directory.GetFiles(files["programs"]).Length);
    }

    [Fact]
    public void A_load_that_fails_takes_its_pins_and_folders_back()
    {
        using var files = new TestFileSystem();
        using (BpfMap there = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Array, Name = "there", ValueSize = 8, MaxEntries = 1 })) there.Pin(files["there"]);
        BpfObjectFile file = TestObjects.Open("maps_pinned");
        (file.Maps[0].PinPath, file.Maps[1].PinPath) = (files["new/folder/one"], files["new/two"]);
        (file.Programs[0].Type, file.Programs[0].AutoLoad) = ((BpfProgramType)4000, true);
        Assert.ThrowsAny<BpfLoaderException>(() => file.Load());
        Assert.Equal([files["there"]], Entries(files));
        File.Delete(files["there"]);
    }

    [Fact]
    public void The_tool_pins_as_bpftool_does()
    {
        Requires.SyscallPrograms();
        using var files = new TestFileSystem();
        string folder = Directory.CreateTempSubdirectory("pins-").FullName, file = Path.Combine(folder, "a.bpf.o");
        foreach (string name in (string[])["data_globals", "data_types", "data_strings"])
        {
            File.Copy(TestObjects.PathOf(name + ".bpf.o"), file, overwrite: true);
            BpfTool loaded = BpfTool.Run("prog", "load", file, files[$"ours_{name}"], "pinmaps", files[$"our_maps_{name}"]);
            Assert.True(loaded.ExitCode == 0, loaded.Error);
            Assert.Contains("a_data", Names($"our_maps_{name}"));
            if (!File.Exists("/usr/sbin/bpftool")) continue;
            Shell.Run($"/usr/sbin/bpftool prog load {file} {files[$"theirs_{name}"]} pinmaps {files[$"their_maps_{name}"]}");
            Assert.Equal(Names($"their_maps_{name}"), Names($"our_maps_{name}"));
        }

        // What is refused leaves nothing, not even folders.
        string[] before = Entries(files);
        foreach ((string program, string maps, string says) in new[]
        {
            (files["new/pro.gram"], files["m"], "has a dot"), (files["new/program"], files["new/ma.ps"], "has a dot"), (files["new/program"], folder, "not on a bpf file system"),
            (Path.Combine(folder, "x/y"), files["m"], "not on a bpf file system"), (files["new/program"], files["our_maps_data_strings"], "EEXIST"),
        })
        {
            foreach (string command in (string[])["load", "loadall"])
            {
                BpfTool refused = BpfTool.Run("prog", command, file, program, "pinmaps", maps);
                Assert.Equal(1, refused.ExitCode);
                Assert.Contains(says, refused.Error, StringComparison.Ordinal);
                Assert.Equal(before, Entries(files));
                Assert.Single(Directory.GetFileSystemEntries(folder));
            }
        }

        Directory.Delete(folder, recursive: true);

        string[] Names(string maps) => [.. Directory.GetFiles(files[maps]).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
    }

    [Fact]
    public void Opened_programs_are_closed_when_nothing_is_told_of_them()
    {
        using var files = new TestFileSystem();
        using var program = new AttachedProgram(BpfProgramType.SocketFilter);
        Assert.Equal(Errno.None, BpfSyscall.ObjectPin(files["program"], program.Source.Handle));
        int before = Open();
        uint id = program.Id;
        FailingCall.While(FailingCall.Bpf, Errno.ENOMEM, FailingCall.Describe, () =>
        {
            Assert.Equal(Errno.ENOMEM, Assert.Throws<BpfException>(() => BpfProgram.OpenPinned(files["program"])).Errno);
            Assert.Equal(Errno.ENOMEM, Assert.Throws<BpfException>(() => BpfProgram.OpenById(id)).Errno);
        });
        Assert.Equal(before, Open());

        static int Open() => Directory.GetFileSystemEntries("/proc/self/fd").Count(path => new FileInfo(path).LinkTarget == "anon_inode:bpf-prog");
    }

    // Without the iterators that a kernel with CONFIG_BPF_PRELOAD puts there itself, with dots.
    private static string[] Entries(TestFileSystem files) =>
        [.. Directory.GetFileSystemEntries(files.Path).Where(path => !path.EndsWith(".debug", StringComparison.Ordinal))];

    private static void Pin(string thing, string path)
    {
        using var program = new AttachedProgram(BpfProgramType.RawTracepoint);
        switch (thing)
        {
            case "map":
                using (BpfMap map = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Array, Name = "kept", ValueSize = 8, MaxEntries = 1 })) map.Pin(path);
                return;
            case "program":
                using (BpfProgram opened = BpfProgram.OpenById(program.Id)) opened.Pin(path);
                return;
            default:
                using (BpfLink link = RawTracepointAttacher.Attach(program.Source, "sys_enter", 0)) link.Pin(path);
                return;
        }
    }

    // The object with another name, of as many bytes or less, for its map.
    private static BpfObjectFile Renamed(string name, string root)
    {
        byte[] image = File.ReadAllBytes(TestObjects.PathOf("maps_pinned.bpf.o")), old = Encoding.UTF8.GetBytes(Counts), next = new byte[old.Length];
        Encoding.UTF8.GetBytes(name).CopyTo(next, 0);
        for (int at; (at = image.AsSpan().IndexOf(old)) >= 0;) next.CopyTo(image, at);
        return BpfObjectFile.Read(image, "renamed", new BpfOpenOptions { PinRootPath = root });
    }
}
