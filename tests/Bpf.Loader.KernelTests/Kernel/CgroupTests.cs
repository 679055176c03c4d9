using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using Bpf.Loader.Buffers;
using Bpf.Loader.Instructions;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Links.Queries;
using Bpf.Loader.Maps;
using Xunit;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.KernelTests.Kernel;

/// <summary>Cgroups by path and number, and what is none.</summary>
public sealed class CgroupTests : KernelTest
{
    private const int GetCurrentCgroupId = 80, RingOutput = 130, CurrentTaskUnderCgroup = 37;

    [Fact]
    public void A_cgroup_is_found_by_directory_by_path_and_by_the_number_that_programs_see()
    {
        string path;
        ulong id;
        using (var test = new TestCgroup())
        {
            path = "/" + Path.GetFileName(test.Path);
            using Cgroup byDirectory = Cgroup.Open(test.Path), byPath = Cgroup.Open(path), own = Cgroup.OpenOfProcess(Environment.ProcessId);
            Assert.All([byDirectory, byPath, own], each => Assert.Equal((test.Id, path, test.Path), (each.Id, each.Path, each.Directory)));
            id = byPath.Id;
            Assert.Equal(id, Cgroup.IdOf(path));
            Assert.Equal(id, SeenByProgram());
            Assert.Equal(path, Cgroup.PathOf(id));
            Assert.Equal(path, Cgroup.Search(CgroupMount.Find()!, id));
            string inner = Path.Combine(test.Path, "inner");
            Leftovers.Expect(inner);
            Directory.CreateDirectory(inner);
            try
            {
                Assert.Equal(path + "/inner", Cgroup.PathOf(Cgroup.IdOf(path + "/inner")));
                Assert.Equal(path + "/inner", Cgroup.Search(CgroupMount.Find()!, Cgroup.IdOf(inner + "/")));
            }
            finally
            {
                Directory.Delete(inner);
            }
        }

        Assert.Null(Cgroup.PathOf(id));
        Assert.Null(Cgroup.Search(CgroupMount.Find()!, id));
        Assert.Equal("/", Cgroup.PathOf(Cgroup.IdOf("/")));
    }

    [Fact]
    public void Programs_are_attached_by_either()
    {
        using var test = new TestCgroup();
        using BpfObject bpf = TestObjects.Load("hook_cgroup");
        BpfProgram program = bpf.Programs["skb_ingress"];
        string path = "/" + Path.GetFileName(test.Path);
        using (BpfLink link = program.AttachCgroup(path)) Assert.Single(HookQuery.OfCgroup(test.Path, BpfAttachType.CgroupInetIngress).Programs);
        using var cgroup = Cgroup.Open(path);
        using (BpfLink link = program.AttachCgroup(cgroup)) Assert.Single(HookQuery.OfCgroup(path, BpfAttachType.CgroupInetIngress).Programs);
        Assert.Equal(test.Id, cgroup.Id); // it is still open
    }

    [Fact]
    public void An_array_of_cgroups_takes_cgroups_and_says_what_else_was_given()
    {
        using var test = new TestCgroup();
        using var cgroup = Cgroup.Open(test.Path);
        using BpfMap map = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.CgroupArray, Name = "groups", KeySize = 4, ValueSize = 4, MaxEntries = 2 });
        BpfDescriptorArray array = map.AsDescriptorArray();
        array.Set(0, cgroup);
        using TestProgram program = TestProgram.Load(
            new BpfAssembler().LoadMap(R1, map).Move(R2, 0).CallHelper(CurrentTaskUnderCgroup).Exit(), BpfProgramType.RawTracepoint);
        Assert.Equal(1u, program.RunWithContext(new byte[8]));

        using FileDescriptorHandle file = KernelFile.OpenRead(test.Path + "/cgroup.procs", out _)!;
        Assert.Contains("cgroup.procs is a file in a cgroup", Refusal(file), StringComparison.Ordinal);
        using FileDescriptorHandle folder = KernelFile.OpenDirectory("/tmp", out _)!;
        Assert.Contains("/tmp is not a cgroup of version 2", Refusal(folder), StringComparison.Ordinal);
        if (VersionOne() is not string old) return;
        using FileDescriptorHandle first = KernelFile.OpenDirectory(old, out _)!;
        Assert.Contains($"{old} is a cgroup of version 1", Refusal(first), StringComparison.Ordinal);
        Assert.Contains($"below {CgroupMount.Find()!.Point}", Refusal(first), StringComparison.Ordinal);

        string Refusal(SafeHandle handle) => Assert.Throws<BpfException>(() => array.Set(1, handle)).Message;
    }

    [Fact]
    public void What_is_no_cgroup_is_told()
    {
        string point = CgroupMount.Find()!.Point;
        BpfException error = Assert.Throws<BpfException>(() => Cgroup.Open("/none/such"));
        Assert.Equal((BpfDiagnosticId.NotACgroup, Errno.ENOENT), (error.Id, error.Errno));
        Assert.Contains($"There is no '/none/such'. On this machine those are below {point}", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<BpfException>(() => Cgroup.Open("/tmp"));
        Assert.Contains("'/tmp' is not a cgroup of version 2", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<BpfException>(() => Cgroup.Open(point + "/cgroup.procs"));
        Assert.Contains("is a file in a cgroup", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<BpfException>(() => Cgroup.Open("/cgroup.procs"));
        Assert.Contains("is a file in a cgroup", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<BpfException>(() => Cgroup.Open("/etc/passwd"));
        Assert.Contains("is a file, not a cgroup", error.Message, StringComparison.Ordinal);
        Assert.Throws<BpfException>(() => Cgroup.OpenOfProcess(int.MaxValue));
        if (VersionOne() is not string old) return;
        error = Assert.Throws<BpfException>(() => Cgroup.Open(old));
        Assert.Contains($"'{old}' is a cgroup of version 1", error.Message, StringComparison.Ordinal);
        using BpfObject bpf = TestObjects.Load("hook_cgroup");
        Assert.Contains("version 1", Assert.Throws<BpfAttachException>(() => bpf.Programs["skb_ingress"].AttachCgroup(old)).Message, StringComparison.Ordinal);
    }

    private static string? VersionOne() => MountTable.Read().Where(static mount => mount.Type == "cgroup").Select(static mount => mount.Point).FirstOrDefault();

    private static ulong SeenByProgram()
    {
        using BpfMap map = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.RingBuf, Name = "ids", MaxEntries = 4096 });
        using RingBuffer ring = map.OpenRingBuffer();
        using TestProgram program = TestProgram.Load(
            new BpfAssembler()
                .CallHelper(GetCurrentCgroupId)
                .Store(BpfAccessSize.DoubleWord, R10, -8, R0)
                .LoadMap(R1, map).Move(R2, R10).Alu(BpfAluOperation.Add, R2, -8).Move(R3, 8).Move(R4, 0).CallHelper(RingOutput)
                .Return(0),
            BpfProgramType.RawTracepoint);
        program.RunWithContext(new byte[8]);
        ulong id = 0;
        ring.Consume(record => id = MemoryMarshal.Read<ulong>(record));
        return id;
    }
}
