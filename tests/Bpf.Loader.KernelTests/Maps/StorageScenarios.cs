using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using Bpf.Loader.Btf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Maps;
using Xunit;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.KernelTests.Maps;

/// <summary>What is done with maps that hang on other objects of the kernel: cgroups, tasks, files, operations.</summary>
internal static partial class StorageScenarios
{
    private const int UnderCgroup = 37;
    private const int PidfdOpen = 434; // the same on all architectures

    public static void CgroupArray()
    {
        using var cgroup = new TestCgroup();
        string other = Directory.CreateDirectory(cgroup.Path + "/other").FullName;
        using BpfMap map = EntryScenarios.Make(BpfMapType.CgroupArray, 4, 4);
        using TestProgram program = TestProgram.Load(
            new BpfAssembler().LoadMap(R1, map).Move(R2, 2).CallHelper(UnderCgroup).Exit(), BpfProgramType.RawTracepoint);
        Assert.Equal(-(int)Errno.EAGAIN, (int)program.RunWithContext(new byte[8]));
        using (FileDescriptorHandle own = KernelFile.OpenDirectory(cgroup.Path, out _)!)
            map.AsDescriptorArray().Set(2, own);
        Assert.Equal(1u, program.RunWithContext(new byte[8]));
        using (FileDescriptorHandle below = KernelFile.OpenDirectory(other, out _)!)
            map.AsDescriptorArray().Set(2, below);
        Assert.Equal(0u, program.RunWithContext(new byte[8]));
        Assert.True(map.AsDescriptorArray().Remove(2));
        Directory.Delete(other);
    }

    /// <summary>Both old kinds, in one program that counts what leaves a cgroup.</summary>
    public static void OldCgroupStorages()
    {
        const uint Egress = 1; // BPF_CGROUP_INET_EGRESS
        using var cgroup = new TestCgroup();
        using BpfObject bpf = TestObjects.Load("maps_cgroup_storage");
        BpfMap<StorageKey, ulong> shared = bpf.Maps["shared"].As<StorageKey, ulong>();
        BpfPerCpuMap<ulong, ulong> perCpu = bpf.Maps["percpu"].AsPerCpu<ulong, ulong>();
        var key = new StorageKey(ulong.Parse(Shell.Run($"stat -c %i {cgroup.Path}"), CultureInfo.InvariantCulture), Egress);
        ulong[] values = new ulong[perCpu.CpuCount];
        Assert.False(shared.TryGet(key, out _));
        using BpfLink link = bpf.Programs["account"].AttachCgroup(cgroup.Path);
        Assert.Equal(0ul, shared[key]);
        TestNetwork.Send("127.0.0.1", 3);
        ulong bytes = shared[key];
        Assert.InRange(bytes, 3ul * (20 + 8 + 20), 100_000ul);
        Assert.True(perCpu.TryGet(key.Inode, values));
        Assert.Equal(bytes, values.Aggregate((sum, value) => sum + value));

        // And back: what C# writes, the program adds to.
        shared[key] = 1_000_000;
        TestNetwork.Send("127.0.0.1", 1);
        Assert.InRange(shared[key], 1_000_001ul, 1_100_000ul);
        perCpu.Set(key.Inode, [.. Enumerable.Repeat(1_000_000ul, perCpu.CpuCount)]);
        TestNetwork.Send("127.0.0.1", 1);
        Assert.True(perCpu.TryGet(key.Inode, values));
        ulong least = 1_000_000ul * (ulong)perCpu.CpuCount;
        Assert.InRange(values.Aggregate((sum, value) => sum + value), least + 1, least + 100_000);
    }

    public static void Cgroups()
    {
        using var cgroup = new TestCgroup();
        using BpfObject bpf = TestObjects.Load("maps_cgrp_storage");
        BpfStorageMap<ulong> storage = bpf.Maps["modern"].AsStorage<ulong>();
        using FileDescriptorHandle own = KernelFile.OpenDirectory(cgroup.Path, out _)!;
        Assert.False(storage.TryGet(own, out ulong calls));
        using (bpf.AttachAll())
        {
            Until(() => storage.TryGet(own, out calls) && calls > 0);
            storage.Set(own, 1_000_000);
            Until(() => storage.TryGet(own, out calls) && calls > 1_000_000);
        }

        Assert.True(storage.Remove(own));
        Assert.False(storage.Remove(own));
    }

    public static void Tasks()
    {
        using BpfObject bpf = TestObjects.Load("maps_storage");
        BpfStorageMap<ulong> storage = bpf.Maps["tasks"].AsStorage<ulong>();
        using BpfLink link = bpf.Programs["on_enter"].Attach();

        // A process whose only thread makes system calls, as long as it is fed.
        using Process process = Process.Start(new ProcessStartInfo("cat") { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        using (FileDescriptorHandle pidfd = FileDescriptorHandle.FromResult((int)SystemCall(PidfdOpen, process.Id, 0), out Errno errno)
            ?? throw new InvalidOperationException($"pidfd_open: {errno}"))
        {
            ulong calls = 0;
            Until(() => Feed() && storage.TryGet(pidfd, out calls) && calls > 0);
            storage.Set(pidfd, 1_000_000);
            Until(() => Feed() && storage.TryGet(pidfd, out calls) && calls > 1_000_000);
            Assert.True(storage.Remove(pidfd));
        }

        process.StandardInput.Close();
        process.WaitForExit();

        bool Feed()
        {
            process.StandardInput.WriteLine("x");
            process.StandardInput.Flush();
            return process.StandardOutput.ReadLine() == "x";
        }
    }

    /// <summary>What C# puts to a file, a program at a security hook adds to, which also puts something to a file that has nothing.</summary>
    public static void Inodes()
    {
        const int InodeStorageGet = 145, GetCurrentPidTgid = 14, Create = 1;
        string path = Path.GetTempFileName(), second = Path.GetTempFileName();
        using BpfMap map = EntryScenarios.Make(BpfMapType.InodeStorage, 4, 8, BpfMapFlags.NoPrealloc, 0);
        BpfStorageMap<long> storage = map.AsStorage<long>();
        using (FileStream one = File.OpenRead(path), other = File.OpenRead(path), third = File.OpenRead(second))
        {
            Assert.True(storage.TryAdd(one.SafeFileHandle, 41));
            Assert.True(storage.TryGet(other.SafeFileHandle, out long value));
            Assert.Equal(41, value);
            Assert.False(storage.TryGet(third.SafeFileHandle, out _));

            if (HasSecurityHooks)
            {
                // Adds one for each time that this process opens a file.
                using var program = new AttachedProgram(
                    BpfProgramType.Lsm,
                    BpfAttachType.LsmMac,
                    target: ("bpf_lsm_file_open", BtfKind.Function),
                    code: _ => new BpfAssembler()
                        .Load(BpfAccessSize.DoubleWord, R6, R1, 0)
                        .CallHelper(GetCurrentPidTgid).Alu(BpfAluOperation.ShiftRight, R0, 32)
                        .JumpIf(BpfCondition.NotEqual, R0, Environment.ProcessId, "out")
                        .LoadMap(R1, map).Load(BpfAccessSize.DoubleWord, R2, R6, (short)Offset("file", "f_inode")).Move(R3, 0).Move(R4, Create)
                        .CallHelper(InodeStorageGet)
                        .JumpIf(BpfCondition.Equal, R0, 0, "out")
                        .Move(R1, 1).Atomic(BpfAtomicOperation.Add, BpfAccessSize.DoubleWord, R0, 0, R1)
                        .Label("out").Return(0));
                using BpfLink link = TracingAttacher.Attach(program.Source, "file_open", 0);
                File.OpenRead(path).Dispose();
                File.OpenRead(second).Dispose();
                Assert.True(storage.TryGet(one.SafeFileHandle, out value));
                Assert.Equal(42, value);
                Assert.True(storage.TryGet(third.SafeFileHandle, out value));
                Assert.Equal(1, value);
            }

            Assert.True(storage.Remove(other.SafeFileHandle));
            Assert.False(storage.TryGet(one.SafeFileHandle, out _));
        }

        File.Delete(path);
        File.Delete(second);
        Assert.SkipUnless(HasSecurityHooks, "Programs reach inodes by security hooks only, which this kernel has not.");
    }

    /// <summary>C# gives the kernel programs and values, and reads what has become of them: whose number they have, and how many use them.</summary>
    public static void StructOps()
    {
        const uint Initial = 0, InUse = 1; // BPF_STRUCT_OPS_STATE_…
        using BpfObject bpf = TestObjects.Load("hook_struct_ops");
        BpfMap map = bpf.Maps.First(one => one.Type == BpfMapType.StructOps);
        Assert.Equal("bpf_struct_ops_tcp_congestion_ops", map.Btf![map.ValueType].Name);
        int data = Offset("bpf_struct_ops_tcp_congestion_ops", "data");
        byte[] value = new byte[map.ValueBufferSize];

        // Until it is registered there is nothing to look at; then the kernel has it under its name.
        Assert.Equal(Initial, Read());
        Assert.DoesNotContain(value, one => one != 0);
        using (bpf.AttachAll())
        {
            Assert.Contains("bpf_mini", Shell.Run("cat /proc/sys/net/ipv4/tcp_available_congestion_control"), StringComparison.Ordinal);
            Assert.Equal(InUse, Read());
            Assert.StartsWith("bpf_mini\0", Encoding.ASCII.GetString(value, data + Offset("tcp_congestion_ops", "name"), 16), StringComparison.Ordinal);
            Assert.Equal(bpf.Programs["mini_ssthresh"].Id, BitConverter.ToUInt64(value, data + Offset("tcp_congestion_ops", "ssthresh")));
            Assert.Equal(bpf.Programs["mini_undo_cwnd"].Id, BitConverter.ToUInt64(value, data + Offset("tcp_congestion_ops", "undo_cwnd")));
            Assert.Equal(0ul, BitConverter.ToUInt64(value, data + Offset("tcp_congestion_ops", "set_state")));

            int users = BitConverter.ToInt32(value);
            using (var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
            {
                const int TcpLevel = 6, Congestion = 13;
                socket.SetRawSocketOption(TcpLevel, Congestion, "bpf_mini"u8);
                Read();
                Assert.Equal(users + 1, BitConverter.ToInt32(value));
            }
        }

        uint Read()
        {
            Assert.True(map.TryGet(new byte[4], value));
            return BitConverter.ToUInt32(value, 4);
        }
    }

    private static bool HasSecurityHooks =>
        Requires.Has("register_ftrace_direct") && KernelPolicy.RefusalOf(BpfProgramType.Lsm, BpfAttachType.LsmMac) is null
        && File.ReadAllText("/sys/kernel/security/lsm").Contains("bpf", StringComparison.Ordinal);

    private static int Offset(string type, string member)
    {
        Assert.True(KernelBtf.Vmlinux.TryFind(type, BtfKind.Struct, out BtfTypeId id), type);
        foreach (BtfMember one in KernelBtf.Vmlinux[id].Members)
            if (one.Name == member) return (int)(one.BitOffset / 8);
        throw new InvalidOperationException($"struct {type} has no member {member}");
    }

    private static void Until(Func<bool> condition)
    {
        while (!condition())
            Thread.Yield();
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint process, nint flags);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct StorageKey(ulong Inode, uint AttachType, uint Padding = 0);
}
