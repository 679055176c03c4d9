using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Bpf.Loader.Btf;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Testing;
using Bpf.Loader.Testing.Contexts;
using Xunit;

namespace Bpf.Loader.KernelTests.Testing;

/// <summary>The machine's contexts beside the structures of this kernel's types.</summary>
public sealed class ContextLayoutTests : KernelTest
{
    [Fact]
    public void Members_are_where_this_kernels_types_have_them()
    {
        BtfReader types = BpfBtf.Kernel;
        int compared = 0;
        List<string> wrong = [];
        foreach (ContextLayout layout in Layouts)
        {
            // It came with the programs of netfilter (Linux 6.4).
            if (layout.Name == "bpf_nf_ctx" && BpfFeatures.Probe(BpfProgramType.Netfilter) == BpfSupport.No) continue;
            Assert.True(types.TryFind(layout.Name, BtfKind.Struct, out BtfTypeId id), $"the kernel has no struct {layout.Name}");
            (string Name, long Offset, int Size)[] members = [.. Members(types, id)];
            foreach (ContextField field in layout.Fields)
            {
                // Older kernels lack the newest members.
                if (!members.Any(member => member.Name == field.Name)) continue;
                // It was a number of four bytes before Linux 5.18, whose upper two held nothing.
                if ((layout.Name, field.Name) == ("bpf_sk_lookup", "remote_port") && KernelVersion.Current.CompareTo(new KernelVersion(5, 18, 0)) < 0) continue;
                (string Name, long Offset, int Size) theirs = members.Single(member => member.Name == field.Name);
                if ((theirs.Offset, theirs.Size) != (field.Offset, field.Size)) wrong.Add($"{layout.Name}.{field.Name}: {field.Size} bytes at {field.Offset}, in the kernel {theirs.Size} at {theirs.Offset}");
                compared++;
            }
        }

        Assert.Empty(wrong);
        Assert.True(compared > 100, $"only {compared} members were compared");
    }

    private static ContextLayout[] Layouts =>
    [
        .. typeof(BpfMachine).Assembly.GetTypes().SelectMany(static type => type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public))
            .Where(static each => each.FieldType == typeof(ContextLayout)).Select(static each => (ContextLayout)each.GetValue(null)!),
    ];

    // Those of unions without a name count as the structure's own: pointers are in one with the 64 bits that they take.
    private static List<(string Name, long Offset, int Size)> Members(BtfReader types, BtfTypeId id)
    {
        List<(string Name, long Offset, int Size)> all = [];
        foreach (BtfMember member in types[id].Members)
        {
            long offset = member.BitOffset / 8;
            if (!member.IsAnonymous)
            {
                all.Add((member.Name, offset, (int)types.SizeOf(member.TypeId)));
                continue;
            }

            foreach ((string name, long inner, int size) in Members(types, member.TypeId)) all.Add((name, offset + inner, size));
        }

        return all;
    }
}
