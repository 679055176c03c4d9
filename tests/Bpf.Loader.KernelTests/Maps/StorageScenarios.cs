using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using Bpf.Loader.Instructions;
using Bpf.Loader.Interop;
using Bpf.Loader.KernelTests.Support;
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
        using BpfObject bpf = TestObjects.Open("maps_cgroup_storage").Load();
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
    }

    public static void Cgroups()
    {
        using var cgroup = new TestCgroup();
        using BpfObject bpf = TestObjects.Open("maps_cgrp_storage").Load();
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
        using BpfObject bpf = TestObjects.Open("maps_storage").Load();
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

    /// <summary>Programs reach inodes by LSM hooks only, which not every machine has; another descriptor stands for the other side.</summary>
    public static void Inodes()
    {
        string path = Path.GetTempFileName();
        using BpfMap map = EntryScenarios.Make(BpfMapType.InodeStorage, 4, 8, BpfMapFlags.NoPrealloc, 0);
        BpfStorageMap<long> storage = map.AsStorage<long>();
        using (FileStream one = File.OpenRead(path), other = File.OpenRead(path), third = File.OpenRead("/proc/self/status"))
        {
            Assert.True(storage.TryAdd(one.SafeFileHandle, 42));
            Assert.True(storage.TryGet(other.SafeFileHandle, out long value));
            Assert.Equal(42, value);
            Assert.False(storage.TryGet(third.SafeFileHandle, out _));
            Assert.True(storage.Remove(other.SafeFileHandle));
            Assert.False(storage.TryGet(one.SafeFileHandle, out _));
        }

        File.Delete(path);
    }

    public static void StructOps()
    {
        BpfObjectFile file = TestObjects.Open("hook_struct_ops");
        using BpfObject bpf = file.Load();
        BpfMap map = bpf.Maps.First(one => one.Type == BpfMapType.StructOps);

        // Until it is registered there is nothing to look at; then the kernel has it under its name.
        using (bpf.AttachAll())
            Assert.Contains("bpf_mini", Shell.Run("cat /proc/sys/net/ipv4/tcp_available_congestion_control"), StringComparison.Ordinal);
        Assert.NotEqual(0u, map.GetInfo().BtfVmlinuxValueTypeId);
    }

    private static void Until(Func<bool> condition)
    {
        while (!condition())
            Thread.Yield();
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint process, nint flags);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct StorageKey(ulong Inode, ulong AttachType);
}
