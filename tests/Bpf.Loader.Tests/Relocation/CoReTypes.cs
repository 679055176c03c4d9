using System.Collections.Generic;
using Bpf.Loader.Btf;
using Bpf.Loader.Relocation;

namespace Bpf.Loader.Tests.Relocation;

/// <summary>Types of an object and of a target in the making, and questions to them.</summary>
internal sealed class CoReTypes
{
    private CoReResolver? _resolver;

    public CoReTypes()
    {
        Local = new BtfBuilder();
        Target = new BtfBuilder();
        LocalInt = Local.AddInt("int", 4, BtfIntEncoding.Signed);
        LocalU32 = Local.AddInt("unsigned int", 4);
        LocalU64 = Local.AddInt("unsigned long", 8);
        TargetInt = Target.AddInt("int", 4, BtfIntEncoding.Signed);
        TargetU32 = Target.AddInt("unsigned int", 4);
        TargetU64 = Target.AddInt("unsigned long", 8);
    }

    public BtfBuilder Local { get; }

    public BtfBuilder Target { get; }

    public BtfTypeId LocalInt { get; }

    public BtfTypeId LocalU32 { get; }

    public BtfTypeId LocalU64 { get; }

    public BtfTypeId TargetInt { get; }

    public BtfTypeId TargetU32 { get; }

    public BtfTypeId TargetU64 { get; }

    /// <summary>Modules, each made by a builder that is split on the target's types.</summary>
    public List<BtfReader> Modules { get; } = [];

    /// <summary>A struct without gaps, whose members are named and sized as their types are.</summary>
    public static BtfTypeId Struct(BtfBuilder types, string? name, params (string? Name, BtfTypeId Type)[] members)
    {
        BtfReader sizes = types.ToReader();
        uint size = 0;
        foreach ((_, BtfTypeId type) in members) size += sizes.SizeOf(type);
        BtfTypeId id = types.AddStruct(name, size);
        uint at = 0;
        foreach ((string? member, BtfTypeId type) in members)
        {
            types.AddMember(member, type, at * 8);
            at += sizes.SizeOf(type);
        }

        return id;
    }

    /// <summary>Asks a fresh resolver.</summary>
    public CoReResult Ask(BtfTypeId root, CoReKind kind, string access = "0")
    {
        _resolver = null;
        return AskAgain(root, kind, access);
    }

    /// <summary>Asks the resolver that the question before asked, so that it remembers candidates.</summary>
    public CoReResult AskAgain(BtfTypeId root, CoReKind kind, string access = "0")
    {
        var record = new BtfCoReRecord(0, root, Local.AddString(access), kind);
        if (_resolver is null)
        {
            // All access strings that later questions of a test may need are there from the start.
            foreach (string other in (string[])["0", "0:0", "0:1", "0:2", "0:0:0", "0:0:1", "0:1:0"]) Local.AddString(other);
            record = record with { AccessStringOffset = Local.AddString(access) };
            _resolver = new CoReResolver(Local.ToReader(), new TargetTypes(Target.ToReader(), Modules));
        }

        return _resolver.Resolve(record);
    }

    /// <summary>The id of the refusal of a question.</summary>
    public BpfDiagnosticId Refusal(BtfTypeId root, CoReKind kind, string access = "0") =>
        Xunit.Assert.Throws<CoReException>(() => Ask(root, kind, access)).Id;
}
