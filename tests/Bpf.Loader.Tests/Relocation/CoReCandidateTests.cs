using System.Collections.Generic;
using System.Linq;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Relocation;
using Xunit;

namespace Bpf.Loader.Tests.Relocation;

/// <summary>Several types of a name, remembered candidates, and modules.</summary>
public sealed class CoReCandidateTests
{
    private readonly CoReTypes _types = new();
    private readonly BtfTypeId _local;

    public CoReCandidateTests() => _local = CoReTypes.Struct(_types.Local, "s", ("a", _types.LocalU32), ("b", _types.LocalU32), ("c", _types.LocalU32));

    [Theory]
    [InlineData("s", true)]
    [InlineData("s___x", true)]
    [InlineData("s___a___b", false)] // means s___a
    [InlineData("s____x", false)]
    [InlineData("s__x", false)]
    [InlineData("___s", false)]
    [InlineData("s___", false)]
    [InlineData("t___s", false)]
    [InlineData("ss", false)]
    public void What_follows_three_underscores_is_a_flavor(string name, bool isCandidate)
    {
        CoReTypes.Struct(_types.Target, name, ("a", _types.TargetU32));
        Assert.Equal(isCandidate ? 1 : 0, _types.Ask(_local, CoReKind.TypeExists).CandidateCount);
    }

    [Fact]
    public void Candidates_must_agree()
    {
        CoReTypes.Struct(_types.Target, "s", ("a", _types.TargetU32), ("b", _types.TargetU32));
        CoReTypes.Struct(_types.Target, "s", ("a", _types.TargetU32), ("x", _types.TargetU32), ("b", _types.TargetU32));
        Assert.Equal(0u, _types.Ask(_local, CoReKind.FieldByteOffset, "0:0").NewValue);
        Assert.Equal(1u, _types.Ask(_local, CoReKind.TypeExists).NewValue);
        Assert.Equal(BpfDiagnosticId.AmbiguousCoRe, _types.Refusal(_local, CoReKind.FieldByteOffset, "0:1"));
        Assert.Equal(BpfDiagnosticId.AmbiguousCoRe, _types.Refusal(_local, CoReKind.TypeSize));

        // Also where the answers are equal: libbpf compares the places first.
        Assert.Equal(BpfDiagnosticId.AmbiguousCoRe, _types.Refusal(_local, CoReKind.FieldByteSize, "0:1"));
    }

    [Fact]
    public void What_did_not_fit_once_is_no_longer_considered()
    {
        CoReTypes.Struct(_types.Target, "s", ("x", _types.TargetU32), ("a", _types.TargetU32), ("b", _types.TargetU32));
        CoReTypes.Struct(_types.Target, "s", ("a", _types.TargetU32), ("c", _types.TargetU32));
        Assert.Equal(BpfDiagnosticId.AmbiguousCoRe, _types.Refusal(_local, CoReKind.FieldByteOffset, "0:0"));
        Assert.Equal(8u, _types.Ask(_local, CoReKind.FieldByteOffset, "0:1").NewValue);
        Assert.Equal(4u, _types.AskAgain(_local, CoReKind.FieldByteOffset, "0:0").NewValue);

        // When nothing fits, all stay.
        Assert.True(_types.AskAgain(_local, CoReKind.FieldByteOffset, "0:2").IsMissing);
        Assert.Equal(4u, _types.AskAgain(_local, CoReKind.FieldByteOffset, "0:0").NewValue);
    }

    [Fact]
    public void Modules_are_asked_when_the_kernel_has_no_such_type()
    {
        CoReTypes.Struct(_types.Target, "other", ("a", _types.TargetU32));
        BtfBuilder module = BtfBuilder.SplitOn(_types.Target.ToReader());
        BtfTypeId found = module.AddStruct("s", 20);
        module.AddMember("a", _types.TargetU32, 128);
        _types.Modules.Add(module.ToReader());
        CoReResult result = _types.Ask(_local, CoReKind.FieldByteOffset, "0:0");
        Assert.Equal(16u, result.NewValue);
        Assert.Equal(found, result.Target!.RootTypeId);
        Assert.Equal((ulong)found.Value, _types.Ask(_local, CoReKind.TypeIdTarget).NewValue);
    }

    [Fact]
    public void Modules_are_not_asked_when_the_kernel_has_one_even_if_it_does_not_fit()
    {
        CoReTypes.Struct(_types.Target, "s", ("c", _types.TargetU32));
        BtfBuilder module = BtfBuilder.SplitOn(_types.Target.ToReader());
        module.AddStruct("s", 4);
        module.AddMember("a", _types.TargetU32, 0);
        _types.Modules.Add(module.ToReader());
        Assert.True(_types.Ask(_local, CoReKind.FieldByteOffset, "0:0").IsMissing);
    }

    [Fact]
    public void Types_of_several_modules_must_agree()
    {
        foreach (uint offset in (uint[])[0, 0, 32])
        {
            BtfBuilder module = BtfBuilder.SplitOn(_types.Target.ToReader());
            module.AddStruct("s", 8);
            module.AddMember("a", _types.TargetU32, offset);
            _types.Modules.Add(module.ToReader());
        }

        Assert.Equal(BpfDiagnosticId.AmbiguousCoRe, _types.Refusal(_local, CoReKind.FieldByteOffset, "0:0"));
        _types.Modules.RemoveAt(2);
        Assert.Equal(2, _types.Ask(_local, CoReKind.FieldByteOffset, "0:0").CandidateCount);
    }

    [Fact]
    public void Modules_are_left_alone_until_they_are_needed()
    {
        CoReTypes.Struct(_types.Target, "s", ("a", _types.TargetU32));
        BtfTypeId absent = CoReTypes.Struct(_types.Local, "absent", ("a", _types.LocalU32));
        uint path = _types.Local.AddString("0");
        var target = new CountingTarget(_types.Target.ToReader());
        BtfReader local = _types.Local.ToReader();
        var candidates = new CoReCandidates(local, target);
        candidates.Prepare([_local, absent]);
        var resolver = new CoReResolver(local, target);
        Assert.Single(candidates[_local]);
        resolver.Resolve(new BtfCoReRecord(0, _local, path, CoReKind.TypeExists));
        Assert.Equal(0, target.Asked);
        Assert.Empty(candidates[absent]);
        Assert.Equal(1, target.Asked);
        Assert.Empty(candidates[absent]);
        Assert.Equal(1, target.Asked);
    }

    [Fact]
    public void Looking_up_all_roots_at_once_finds_the_same()
    {
        foreach (string name in (string[])["core_offset.bpf.o", "core_matches.bpf.o", "core_flavors.bpf.o", "core_exists.bpf.o"])
        {
            var code = new CoReObject(name);
            TargetTypes target = CoReObject.Target("btf/moved.bpf.o");
            CoReResolver one = new(code.Types!, target), all = new(code.Types!, target);
            all.Prepare(code.Info!.CoReRecords);
            foreach ((_, _, _, BtfCoReRecord record) in code.Records()) Assert.Equal(one.Resolve(record).ToString(), all.Resolve(record).ToString());
        }
    }

    [Fact]
    public void A_scan_finds_what_the_index_finds()
    {
        foreach (string row in TestData.GoodObjects().Select(row => row.Data))
        {
            if (new CoReObject(row).Types is not BtfReader types) continue;
            BtfReader trusted = BtfReader.ReadTrusted(types.Raw);
            var names = Enumerable.Range(1, types.TypeCount - 1).Select(id => types[new BtfTypeId(id)].NameUtf8.ToArray()).Where(name => name.Length > 0).ToList();
            names.Add(Encoding.UTF8.GetBytes("not_there"));
            foreach (byte[][] some in names.Chunk(60))
            {
                var scan = new BtfNameSearch(BtfReader.ReadTrusted(types.Raw));
                var index = new BtfNameSearch(types);
                foreach (byte[] name in some) scan.Add(name);
                foreach (byte[] name in some) index.Add(name);
                scan.Run();
                index.Run();
                foreach (byte[] name in some) Assert.Equal(index[name], scan[name]);
            }

            foreach (byte[] name in names.Take(40))
            {
                foreach (BtfKind kind in (BtfKind[])[BtfKind.Struct, BtfKind.Int, BtfKind.Function])
                {
                    Assert.Equal(types.TryFind(name, kind, out BtfTypeId expected), BtfReader.ReadTrusted(types.Raw).TryFind(name, kind, out BtfTypeId actual));
                    Assert.Equal(expected, actual);
                }
            }

            Assert.True(trusted.ShouldScan(1));
            Assert.False(types.ShouldScan(1));
        }
    }

    private sealed class CountingTarget(BtfReader kernel) : ITargetTypes
    {
        public int Asked { get; private set; }

        public BtfReader Kernel => kernel;

        public IReadOnlyList<BtfReader> Modules
        {
            get
            {
                Asked++;
                return [];
            }
        }
    }
}
