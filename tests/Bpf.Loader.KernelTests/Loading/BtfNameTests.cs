using System;
using System.Linq;
using System.Text;
using Bpf.Loader.Elf;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Xunit;

namespace Bpf.Loader.KernelTests.Loading;

/// <summary>Names that other languages than C write into BTF cost neither programs nor maps their types.</summary>
public sealed class BtfNameTests : KernelTest
{
    [Theory]
    [InlineData("context=>Opt<u8>")] // a struct
    [InlineData("steps=>0tep5")] // a member
    [InlineData("each=>a::b")] // a function, the callback of a helper
    [InlineData("index=>in ex")] // a parameter
    [InlineData("u64=>u-4", "context=>con[0]t")] // a typedef, and a struct
    public void Callbacks_work_with_names_that_the_kernel_refuses(params string[] changes)
    {
        Requires.Function("bpf_loop", "bpf_loop (Linux 5.17)");
        BpfObjectFile file = Renamed("call_callbacks.bpf.o", changes);
        using BpfObject bpf = file.Load();
        BpfFinding said = Assert.Single(bpf.Diagnostics, finding => finding.Id == BpfDiagnosticId.BtfNamesCleaned);
        Assert.Equal(BpfSeverity.Info, said.Severity);
        foreach (string change in changes) Assert.Contains($"'{change[(change.IndexOf("=>", StringComparison.Ordinal) + 2)..]}'", said.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(bpf.Diagnostics, finding => finding.Id is BpfDiagnosticId.BtfRefused or BpfDiagnosticId.MapBtfRefused);
        foreach (BpfProgram program in bpf.Programs) Assert.NotEqual(0u, program.GetInfo().BtfId);

        using BpfObject plain = TestObjects.Open("call_callbacks").Load();
        Assert.Equal(plain.Programs.Select(program => program.GetInfo().Tag), bpf.Programs.Select(program => program.GetInfo().Tag));
    }

    [Fact]
    public void Maps_keep_their_types_and_locks_work()
    {
        BpfObjectFile file = Renamed("maps_special.bpf.o", "locked=>l<u32>");
        foreach (Objects.BpfMapDefinition map in file.Maps) map.AutoCreate = map.Name == "locks";
        foreach (Objects.BpfProgramDefinition program in file.Programs) program.AutoLoad = program.Name == "lock";
        using BpfObject bpf = file.Load();
        Assert.Contains("'l_u32_' for 'l<u32>'", Assert.Single(bpf.Diagnostics, finding => finding.Id == BpfDiagnosticId.BtfNamesCleaned).Message, StringComparison.Ordinal);

        // Without the types, the kernel knows of no lock in the value.
        for (int i = 0; i < 3; i++) bpf.Programs["lock"].TestRun();
        Assert.True(bpf.Maps["locks"].As<uint, Locked>().TryGet(0, out Locked value));
        Assert.Equal((3u, 30ul), (value.Count, value.Total));
    }

    [Fact]
    public void Right_names_are_not_touched()
    {
        // Timers came with 5.15; locks are older.
        BpfObjectFile file = TestObjects.Open("maps_special");
        if (!Requires.Has("bpf_timer_init")) foreach (Objects.BpfProgramDefinition program in file.Programs) program.AutoLoad = program.Name == "lock";
        using BpfObject bpf = file.Load();
        Assert.DoesNotContain(bpf.Diagnostics, finding => finding.Id == BpfDiagnosticId.BtfNamesCleaned);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("größe")]
    [InlineData("main::run")]
    public void Programs_are_loaded_whatever_their_symbol_is_called(string name)
    {
        var file = new Bpf.Loader.Tests.Objects.ObjectBuilder();
        file.AddProgram("socket", name);
        using BpfObject bpf = file.Read().Load();
        Assert.Equal(0u, bpf.Programs[name].TestRun().ReturnValue);
    }

    private readonly record struct Locked(uint Lock, uint Count, ulong Total);

    // Renames in the strings of the BTF only, which stay as long as they are.
    private static BpfObjectFile Renamed(string name, params string[] changes)
    {
        byte[] image = System.IO.File.ReadAllBytes(TestObjects.PathOf(name));
        ElfSection section = ElfFile.Read(image).Sections.Single(section => section.Name == ".BTF");
        Span<byte> btf = image.AsSpan((int)section.Offset, (int)section.Size);
        foreach (string change in changes)
        {
            string[] names = change.Split("=>");
            byte[] before = Encoding.ASCII.GetBytes($"\0{names[0]}\0"), after = Encoding.ASCII.GetBytes($"\0{names[1]}\0");
            Assert.Equal(before.Length, after.Length);
            int at = btf.IndexOf(before);
            Assert.True(at >= 0, change);
            after.CopyTo(btf[at..]);
        }

        return BpfObjectFile.Read(image, name);
    }
}
