using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using Bpf.Loader.Instructions;
using Bpf.Loader.Interop;
using Bpf.Loader.Interop.Uapi;
using Bpf.Loader.KernelTests.Support;
using Xunit;

namespace Bpf.Loader.KernelTests.Interop;

public sealed class ProgramSyscallTests
{
    private static readonly BpfInstruction[] ReturnFive = [new(0xb7, 0, 0, 0, 5), new(BpfOpCode.Exit, 0, 0, 0, 0)];

    // r0 = *(u64 *)(r1 + 100000) from a context that has no such field.
    private static readonly BpfInstruction[] Bad = [new(0x79, 0, 1, 32000, 0), new(BpfOpCode.Exit, 0, 0, 0, 0)];

    [Fact]
    public void Program_is_loaded_run_and_described()
    {
        using FileDescriptorHandle program = Load(ReturnFive, "five"u8);
        var run = new ProgramRunRequest { DataIn = new byte[64] };
        Assert.Equal(Errno.None, BpfSyscall.ProgramRun(program, run, out ProgTestRunAttr answer));
        Assert.Equal(5u, answer.ReturnValue);

        Assert.Equal(Errno.None, BpfSyscall.GetProgramInfo(program, out ProgInfo info));
        Assert.Equal(BpfProgramType.SocketFilter, info.Type);
        Assert.Equal("five", info.Name.ToString());
        Assert.Equal(0u, info.MapIdCount);

        byte[] xlated = new byte[info.XlatedLength];
        var buffers = new ProgramInfoBuffers { XlatedInstructions = xlated };
        Assert.Equal(Errno.None, BpfSyscall.GetProgramInfo(program, out info, buffers));
        Assert.Equal(new BpfInstruction(BpfOpCode.Exit, 0, 0, 0, 0), MemoryMarshal.Cast<byte, BpfInstruction>(xlated)[^1]);

        using FileDescriptorHandle? same = BpfSyscall.OpenById(BpfCommand.ProgGetFdById, info.Id, 0, out Errno errno);
        Assert.Equal(Errno.None, errno);
    }

    [Fact]
    public void Refused_program_gives_a_log()
    {
        byte[] log = new byte[4096];
        var request = new ProgramLoadRequest
        {
            Type = BpfProgramType.SocketFilter,
            Instructions = MemoryMarshal.AsBytes<BpfInstruction>(Bad),
            License = "GPL\0"u8,
            LogLevel = 1,
            Log = log,
        };
        Assert.Null(BpfSyscall.ProgramLoad(request, out Errno errno));
        Assert.Equal(Errno.EACCES, errno);
        var exception = new BpfVerifierException(errno, "bad", Encoding.UTF8.GetString(log).TrimEnd('\0'));
        Assert.Contains("invalid bpf_context access", exception.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Log_that_does_not_fit_says_so()
    {
        byte[] log = new byte[128];
        var request = new ProgramLoadRequest
        {
            Type = BpfProgramType.SocketFilter,
            Instructions = MemoryMarshal.AsBytes<BpfInstruction>(ReturnFive),
            License = "GPL\0"u8,
            LogLevel = 7,
            Log = log,
        };
        using FileDescriptorHandle? program = BpfSyscall.ProgramLoad(request, out Errno errno);
        Assert.Null(program);
        Assert.Equal(Errno.ENOSPC, errno);
    }

    [Fact]
    public void Licence_without_its_zero_is_a_mistake_of_ours()
        => Assert.Throws<ArgumentException>(() =>
        {
            var request = new ProgramLoadRequest
            {
                Type = BpfProgramType.SocketFilter,
                Instructions = MemoryMarshal.AsBytes<BpfInstruction>(ReturnFive),
                License = "GPL"u8,
            };
            BpfSyscall.ProgramLoad(request, out _)?.Dispose();
        });

    [Fact]
    public void Pinned_program_is_opened_by_its_path()
    {
        using var bpffs = new TestFileSystem();
        string path = bpffs["program"];
        using FileDescriptorHandle program = Load(ReturnFive, "pinned"u8);
        Assert.Equal(Errno.None, FileSystems.GetMagic(bpffs.Path, out uint magic));
        Assert.Equal(FileSystems.Bpf, magic);
        try
        {
            Assert.Equal(Errno.None, BpfSyscall.ObjectPin(path, program));
            Assert.Equal(Errno.EEXIST, BpfSyscall.ObjectPin(path, program));
            using FileDescriptorHandle? opened = BpfSyscall.ObjectGet(path, BpfMapFlags.None, out Errno errno);
            Assert.Equal(Errno.None, errno);
            BpfSyscall.GetProgramInfo(program, out ProgInfo first);
            BpfSyscall.GetProgramInfo(opened!, out ProgInfo second);
            Assert.Equal(first.Id, second.Id);
        }
        finally
        {
            Assert.Equal(Errno.None, KernelFile.Unlink(path));
        }

        Assert.Null(BpfSyscall.ObjectGet(path, BpfMapFlags.None, out Errno gone));
        Assert.Equal(Errno.ENOENT, gone);
    }

    [Fact]
    public void Raw_tracepoint_link_is_described_with_its_name()
    {
        using FileDescriptorHandle program = Load(ReturnFive, "raw"u8, BpfProgramType.RawTracepoint);
        using FileDescriptorHandle? link = BpfSyscall.RawTracepointOpen(program, "sys_enter", 0, out Errno errno);
        Assert.Equal(Errno.None, errno);
        byte[] name = new byte[64];
        Assert.Equal(Errno.None, BpfSyscall.GetLinkInfo(link!, out LinkInfo info, name));
        Assert.Equal(BpfLinkType.RawTracepoint, info.Type);
        Assert.Equal("sys_enter\0", Encoding.UTF8.GetString(name.AsSpan(0, 10)));
    }

    [Fact]
    public void Cgroup_link_is_made_updated_and_detached()
    {
        string? root = Directory.Exists("/sys/fs/cgroup/unified") ? "/sys/fs/cgroup/unified" : "/sys/fs/cgroup";
        using FileDescriptorHandle cgroup = KernelFile.OpenDirectory(root, out _)!;
        BpfInstruction[] allow = [new(0xb7, 0, 0, 0, 1), new(BpfOpCode.Exit, 0, 0, 0, 0)];
        using FileDescriptorHandle first = Load(allow, "first"u8, BpfProgramType.CgroupSkb);
        using FileDescriptorHandle second = Load(allow, "second"u8, BpfProgramType.CgroupSkb);
        var request = new LinkCreateRequest { Program = first, Target = cgroup, AttachType = BpfAttachType.CgroupInetEgress };
        using FileDescriptorHandle? link = BpfSyscall.LinkCreate(request, out Errno errno);
        Assert.Equal(Errno.None, errno);

        BpfSyscall.GetProgramInfo(first, out ProgInfo info);
        Assert.Contains(info.Id, Query(cgroup));
        Assert.Equal(Errno.EPERM, BpfSyscall.LinkUpdate(link!, second, expected: second));
        Assert.Equal(Errno.None, BpfSyscall.LinkUpdate(link!, second, expected: first));
        Assert.DoesNotContain(info.Id, Query(cgroup));
        BpfSyscall.GetProgramInfo(second, out info);
        Assert.Contains(info.Id, Query(cgroup));
        Assert.Equal(Errno.None, BpfSyscall.LinkDetach(link!));
        Assert.DoesNotContain(info.Id, Query(cgroup));
    }

    [Fact]
    public void Statistics_are_counted_while_the_descriptor_is_open()
    {
        using FileDescriptorHandle program = Load(ReturnFive, "counted"u8);
        using (FileDescriptorHandle? statistics = BpfSyscall.EnableStatistics(0, out Errno errno))
        {
            Assert.Equal(Errno.None, errno);
            BpfSyscall.ProgramRun(program, new ProgramRunRequest { DataIn = new byte[64], Repeat = 3 }, out _);
        }

        // Test runs are not counted by every kernel; that the fields can be read is what matters here.
        Assert.Equal(Errno.None, BpfSyscall.GetProgramInfo(program, out ProgInfo info));
        Assert.True(info.RunCount <= 3);
    }

    private static uint[] Query(FileDescriptorHandle cgroup)
    {
        uint[] ids = new uint[64];
        var buffers = new ProgramQueryBuffers { ProgramIds = ids };
        Assert.Equal(
            Errno.None,
            BpfSyscall.ProgramQuery(cgroup, 0, BpfAttachType.CgroupInetEgress, 0, buffers, out ProgQueryAttr answer));
        return ids[..(int)answer.Count];
    }

    private static FileDescriptorHandle Load(
        BpfInstruction[] code, ReadOnlySpan<byte> name, BpfProgramType type = BpfProgramType.SocketFilter)
    {
        var request = new ProgramLoadRequest
        {
            Type = type,
            ExpectedAttachType = type == BpfProgramType.CgroupSkb ? BpfAttachType.CgroupInetEgress : 0,
            Instructions = MemoryMarshal.AsBytes<BpfInstruction>(code),
            License = "GPL\0"u8,
            Name = name,
        };
        FileDescriptorHandle? program = BpfSyscall.ProgramLoad(request, out Errno errno);
        Assert.Equal(Errno.None, errno);
        return program!;
    }
}
