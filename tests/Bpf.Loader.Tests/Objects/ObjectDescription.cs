using System;
using System.Globalization;
using System.Linq;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Tests.Objects;

/// <summary>Writes what we understand of an object in the words of <c>native-shims/describe-object.c</c>.</summary>
internal static class ObjectDescription
{
    public static string Of(BpfObjectFile file)
    {
        var text = new StringBuilder();
        foreach (BpfProgramDefinition program in file.Programs)
        {
            text.Append(CultureInfo.InvariantCulture, $"program {program.Name} section={program.SectionName} type={(uint)program.Type} attach={(uint)program.ExpectedAttachType}");
            text.Append(CultureInfo.InvariantCulture, $" insns={program.InstructionCount} autoload={(program.AutoLoad ? 1 : 0)}\n");
        }

        foreach (BpfMapDefinition map in file.Maps)
        {
            text.Append("map ");
            Append(text, map);
            if (map.Type != BpfMapType.StructOps && map.InitialValue is { IsEmpty: false } value)
                text.Append(CultureInfo.InvariantCulture, $" contents={value.Length},{Hash(value.Span):x8}");
            text.Append(CultureInfo.InvariantCulture, $" autocreate={(map.AutoCreate ? 1 : 0)} internal={(map.IsInternal ? 1 : 0)}\n");
        }

        if (file.Btf is not null) Append(text, file.Btf);
        return text.ToString();
    }

    private static void Append(StringBuilder text, BpfMapDefinition map)
    {
        text.Append(CultureInfo.InvariantCulture, $"{map.Name} type={(uint)map.Type} key={map.KeySize} value={map.ValueSize} entries={map.MaxEntries} flags={(uint)map.Flags}");
        text.Append(CultureInfo.InvariantCulture, $" extra={map.MapExtra} numa={map.NumaNode} pin={map.PinPath ?? "-"} btf={map.BtfKeyTypeId.Value},{map.BtfValueTypeId.Value}");
        if (map.InnerMap is null) return;
        text.Append(" inner=(");
        Append(text, map.InnerMap);
        text.Append(')');
    }

    private static void Append(StringBuilder text, BtfReader btf)
    {
        for (int id = 1; id < btf.TypeCount; id++)
        {
            BtfType type = btf[new BtfTypeId(id)];
            switch (type.Kind)
            {
                case BtfKind.Variable: text.Append(CultureInfo.InvariantCulture, $"var {type.Name} type={type.TypeId.Value} linkage={(int)type.Linkage}\n"); break;
                case BtfKind.Function: text.Append(CultureInfo.InvariantCulture, $"func {type.Name} type={type.TypeId.Value} linkage={(int)type.Linkage}\n"); break;
                case BtfKind.DataSection:
                    string entries = string.Concat(type.Variables.Select(entry => $" {entry.TypeId.Value}:{entry.Offset}:{entry.Size}"));
                    text.Append(CultureInfo.InvariantCulture, $"datasec {type.Name} size={type.Size}{entries}\n");
                    break;
            }
        }
    }

    private static uint Hash(ReadOnlySpan<byte> bytes)
    {
        uint value = 2166136261;
        foreach (byte b in bytes) value = (value ^ b) * 16777619;
        return value;
    }
}
