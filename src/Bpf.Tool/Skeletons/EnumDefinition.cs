using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Bpf.Loader.Btf;

namespace Bpf.Tool.Skeletons;

/// <summary>An enum.</summary>
internal sealed class EnumDefinition : ITypeDefinition
{
    private readonly BtfType _type;
    private readonly string _origin;
    private readonly CSharpType _underlying;

    public EnumDefinition(BtfType type, string name, string origin)
    {
        _type = type;
        Name = name;
        _origin = origin;
        // Compilers before clang 15 do not say that an enum is signed.
        bool isSigned = type.KindFlag || (type.Kind == BtfKind.Enum && type.Enumerators.Any(entry => entry.Value < 0));
        _underlying = CSharpType.OfSize(type.Size, isSigned) is { Size: <= 8 } known ? known : new CSharpType("uint", 4);
    }

    public string Name { get; }

    public IEnumerable<string> Uses => [];

    public void Write(CodeWriter code, string access, RecordTypes records)
    {
        code.Summary(_origin);
        code.Open($"{access} enum {Name} : {_underlying.Name}");
        var scope = new NameScope("value__");
        int prefix = CommonPrefix();
        foreach (BtfEnumerator entry in _type.Enumerators)
        {
            code.Summary($"<c>{CSharpNames.Xml(entry.Name)}</c>.");
            code.Line($"{scope.Give(CSharpNames.Pascal(entry.Name[prefix..]))} = {Text(entry.Value)},");
            code.Gap();
        }

        code.Close();
        code.Gap();
    }

    public void WriteChecks(CodeWriter code) => code.Line($"global::Bpf.Loader.BpfLayout.CheckSize<{Name}>({_type.Size});");

    private string Text(long value) => _underlying.Name switch
    {
        "byte" => ((byte)value).ToString(CultureInfo.InvariantCulture),
        "ushort" => ((ushort)value).ToString(CultureInfo.InvariantCulture),
        "uint" => ((uint)value).ToString(CultureInfo.InvariantCulture),
        "ulong" => ((ulong)value).ToString(CultureInfo.InvariantCulture),
        "sbyte" => ((sbyte)value).ToString(CultureInfo.InvariantCulture),
        "short" => ((short)value).ToString(CultureInfo.InvariantCulture),
        "int" => ((int)value).ToString(CultureInfo.InvariantCulture),
        _ => value.ToString(CultureInfo.InvariantCulture),
    };

    // The words that all have in common, which in C stand for the name of the enum: up to an underscore, with a letter behind it.
    private int CommonPrefix()
    {
        List<string> names = [.. _type.Enumerators.Select(entry => entry.Name)];
        if (names.Count == 0) return 0;
        int common = names.Count == 1 && names[0].StartsWith(_type.Name + "_", StringComparison.OrdinalIgnoreCase) ? _type.Name.Length + 1 : names[0].Length;
        if (names.Count == 1 && common == names[0].Length) return 0;
        foreach (string name in names)
        {
            int same = 0;
            while (same < Math.Min(common, name.Length) && name[same] == names[0][same]) same++;
            common = same;
        }

        for (int length = common; length > 0; length--)
        {
            if (names[0][length - 1] == '_' && names.All(name => name.Length > length && char.IsLetter(name[length]))) return length;
        }

        return 0;
    }
}
