using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Tests;
using Xunit;

namespace Bpf.Loader.KernelTests.Btf;

/// <summary>The BTF that the kernel holds, by id and by name.</summary>
public sealed class KernelListTests : KernelTest
{
    [Fact]
    public void The_kernels_own_is_listed_and_opened()
    {
        IReadOnlyList<BpfBtfInfo> all = BpfBtf.List();
        Assert.Equal(all.Select(info => info.Id).Order(), all.Select(info => info.Id));
        // Kernels before 5.11 have their own types, but do not list them.
        if (KernelVersion.Current.CompareTo(new KernelVersion(5, 11, 0)) < 0) Assert.DoesNotContain(all, info => info.IsKernel);
        else
        {
            BpfBtfInfo kernel = Assert.Single(all, info => info.Name == "vmlinux");
            Assert.True(kernel.IsKernel);
            Assert.Same(BpfBtf.Kernel, BpfBtf.Open(kernel.Id));
        }

        Assert.Same(BpfBtf.Kernel, BpfBtf.OpenModule("vmlinux"));
        Assert.True(BpfBtf.Kernel.TryFind("task_struct", BtfKind.Struct, out _));
    }

    [Fact]
    public void The_types_of_a_loaded_object_are_listed_and_opened()
    {
        HashSet<uint> before = [.. BpfBtf.List().Select(info => info.Id)];
        using (BpfObject bpf = BpfObjectFile.Open(TestData.PathOf("execsnoop.bpf.o")).Load())
        {
            uint id = bpf.Programs[0].GetInfo().BtfId;
            BpfBtfInfo info = Assert.Single(BpfBtf.List(), candidate => candidate.Id == id);
            Assert.False(info.IsKernel);
            BtfReader btf = BpfBtf.Open(id);
            Assert.Equal(info.Size, (uint)btf.Raw.Length);
            Assert.True(btf.TryFind("exec_event", BtfKind.Struct, out _));
            Assert.DoesNotContain(id, before);
        }

        Assert.Equal(Errno.ENOENT, Assert.Throws<BpfException>(() => BpfBtf.Open(uint.MaxValue)).Errno);
        Assert.Equal(Errno.ENOENT, Assert.Throws<BpfException>(() => BpfBtf.OpenModule("no_such_module")).Errno);
    }

    [Fact]
    public void A_modules_types_go_on_from_the_kernels()
    {
        // What the kernel shows in sysfs says whether there is one.
        string[] shown = [.. Directory.GetFiles("/sys/kernel/btf").Select(path => Path.GetFileName(path)).Where(name => name != "vmlinux").Order(StringComparer.Ordinal)];
        BpfBtfInfo[] modules = [.. BpfBtf.List().Where(info => info.IsKernel && info.Name != "vmlinux").OrderBy(info => info.Name, StringComparer.Ordinal)];
        Assert.Equal(shown, modules.Select(module => module.Name));
        if (modules.Length == 0) Assert.Skip("no module with BTF is loaded");
        BpfBtfInfo module = modules[0];
        Assert.Same(BpfBtf.Kernel, BpfBtf.Open(module.Id).Base);
        Assert.Equal(BpfBtf.Open(module.Id).TypeCount, BpfBtf.OpenModule(module.Name).TypeCount);
    }
}
