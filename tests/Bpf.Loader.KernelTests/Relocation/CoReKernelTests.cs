using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Relocation;
using Xunit;

namespace Bpf.Loader.KernelTests.Relocation;

/// <summary>CO-RE against the types of the running kernel.</summary>
public sealed class CoReKernelTests
{
    [Fact]
    public void A_scan_of_the_kernels_names_finds_what_an_index_finds()
    {
        ReadOnlyMemory<byte> raw = KernelBtf.Vmlinux.Raw;
        BtfReader indexed = BtfReader.ReadTrusted(raw);
        _ = indexed.Index;
        var names = new List<byte[]> { "no_such_name"u8.ToArray(), "p"u8.ToArray() };
        for (int id = 1; id < indexed.TypeCount; id += 97)
        {
            byte[] name = indexed[new BtfTypeId(id)].NameUtf8.ToArray();
            if (name.Length > 0) names.Add(name);
        }

        Assert.True(names.Count > 200);
        foreach (byte[][] some in names.Chunk(200))
        {
            var scan = new BtfNameSearch(BtfReader.ReadTrusted(raw));
            var index = new BtfNameSearch(indexed);
            foreach (byte[] name in some) scan.Add(name);
            foreach (byte[] name in some) index.Add(name);
            scan.Run();
            index.Run();
            foreach (byte[] name in some) Assert.Equal(index[name], scan[name]);
        }
    }

    [Fact]
    public void The_kernels_types_answer_all_kinds()
    {
        IReadOnlyList<CoReFinding> findings = CoReRelocator.Check(
            ElfFile.Read(File.ReadAllBytes(Path.Combine(TestObjects.Folder, "core_kernel.bpf.o"))), new TargetTypes(KernelBtf.Vmlinux));
        Assert.DoesNotContain(findings, finding => finding.Failure is not null);
        Assert.All(findings, finding => Assert.NotEqual(CoReOutcome.WidthUnsafe, finding.Outcome));

        // What no kernel changes: TASK_COMM_LEN, and numbers of the uapi.
        Assert.Equal(16u, Answer(findings, CoReKind.FieldByteSize, "struct task_struct.comm"));
        Assert.Equal(27u, Answer(findings, CoReKind.EnumValue, "enum bpf_map_type::BPF_MAP_TYPE_RINGBUF"));
        Assert.Equal(1u, Answer(findings, CoReKind.FieldSigned, "struct task_struct.pid"));
        Assert.Equal(0u, Answer(findings, CoReKind.FieldSigned, "struct task_struct.flags"));

        // The state of a task is either of the two, since 5.14 __state.
        bool isOld = KernelVersion.Current.CompareTo(new KernelVersion(5, 14, 0)) < 0;
        Assert.Equal(isOld ? 1u : 0u, Answer(findings, CoReKind.FieldExists, "struct task_struct___before_5_14.state"));
        string member = isOld ? ".state " : ".__state ";
        Assert.Contains(findings, finding => finding is { Outcome: CoReOutcome.Patched, Result.Local: { } asked } && asked.ToString().Contains(member, StringComparison.Ordinal));
    }

    private static ulong Answer(IEnumerable<CoReFinding> findings, CoReKind kind, string text) =>
        findings.First(finding => finding.Record.Kind == kind && finding.Result!.Local.ToString().Contains(text, StringComparison.Ordinal)).Result!.NewValue;
}
