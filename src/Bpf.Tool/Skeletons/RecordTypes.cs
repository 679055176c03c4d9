using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Records;

namespace Bpf.Tool.Skeletons;

/// <summary>The types of C that structs show themselves by: a class that brings along their BTF, of each object that they are from.</summary>
internal sealed class RecordTypes
{
    private readonly string _name;
    private readonly List<byte[]> _types = [];
    private readonly Dictionary<StructDefinition, (int Source, int Id)> _places = [];

    /// <summary>Takes the types of structs.</summary>
    /// <param name="name">The name of the class.</param>
    /// <param name="definitions">The structs, and what else is defined.</param>
    public RecordTypes(string name, IEnumerable<ITypeDefinition> definitions)
    {
        _name = name;
        foreach (IGrouping<BtfReader, StructDefinition> source in definitions.OfType<StructDefinition>().Where(definition => definition.Source is not null).GroupBy(definition => definition.Source!))
        {
            StructDefinition[] structs = [.. source];
            int[] ids = new int[structs.Length];
            byte[] types = BpfRecordTypes.Write(source.Key, [.. structs.Select(definition => definition.Id)], ids);
            for (int i = 0; i < ids.Length; i++) _places.Add(structs[i], (_types.Count, ids[i]));
            _types.Add(types);
        }
    }

    /// <summary>An expression for the type of a struct; null when it has none.</summary>
    public string? Of(StructDefinition definition) =>
        _places.TryGetValue(definition, out (int Source, int Id) place) ? string.Create(CultureInfo.InvariantCulture, $"{_name}.Of{place.Source}[{place.Id}]") : null;

    /// <summary>Writes the class.</summary>
    public void Write(CodeWriter code, string access)
    {
        if (_types.Count == 0) return;
        code.Line("// The types of the structs in C, by which they show themselves: BTF, in Base64.");
        code.Open($"{access} static class {_name}");
        for (int i = 0; i < _types.Count; i++)
        {
            string number = i.ToString(CultureInfo.InvariantCulture);
            code.Line($"internal static readonly global::Bpf.Loader.Records.BpfRecordTypes Of{number} = global::Bpf.Loader.Records.BpfRecordTypes.Read(Types{number});");
            code.Gap();
            code.Bytes("Types" + number, _types[i]);
            code.Gap();
        }

        code.Close();
        code.Gap();
    }
}
