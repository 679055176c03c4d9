using System.Collections.Generic;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Linking;

/// <summary>Puts the records of <c>.BTF.ext</c> together: functions, lines and CO-RE relocations, with the offsets of the output.</summary>
internal static class BtfExtLinker
{
    /// <summary>Adds the records of an object.</summary>
    public static void Append(LinkInput input, BtfBuilder types)
    {
        if (input.BtfExt is not BtfExtReader ext) return;
        BtfReader btf = input.Btf!;
        foreach (BtfExtSection<BtfFuncInfo> records in ext.Functions)
        {
            InputSection section = Find(input, records.GetName(btf));
            foreach (BtfFuncInfo record in records)
                section.Target?.Functions.Add(new BtfFuncInfo(Move(section, record.InstructionOffset), Map(input, record.TypeId)));
        }

        foreach (BtfExtSection<BtfLineInfo> records in ext.Lines)
        {
            InputSection section = Find(input, records.GetName(btf));
            foreach (BtfLineInfo record in records)
            {
                section.Target?.Lines.Add(record with
                {
                    InstructionOffset = Move(section, record.InstructionOffset),
                    FileNameOffset = Text(record.FileNameOffset),
                    LineOffset = Text(record.LineOffset),
                });
            }
        }

        foreach (BtfExtSection<BtfCoReRecord> records in ext.CoReRecords)
        {
            InputSection section = Find(input, records.GetName(btf));
            foreach (BtfCoReRecord record in records)
            {
                section.Target?.CoReRecords.Add(record with
                {
                    InstructionOffset = Move(section, record.InstructionOffset),
                    TypeId = Map(input, record.TypeId),
                    AccessStringOffset = Text(record.AccessStringOffset),
                });
            }
        }

        uint Text(uint offset)
        {
            input.Context.Charge(btf.GetStringUtf8(offset).Length);
            return types.AddString(btf.GetStringUtf8(offset));
        }
    }

    /// <summary>The section for the output.</summary>
    public static BtfExtBuilder Build(IReadOnlyList<OutputSection> sections, BtfBuilder types)
    {
        var builder = new BtfExtBuilder();
        foreach (OutputSection section in sections)
        {
            foreach (BtfFuncInfo record in section.Functions) builder.Add(types.AddString(section.Name), record);
        }

        foreach (OutputSection section in sections)
        {
            foreach (BtfLineInfo record in section.Lines) builder.Add(types.AddString(section.Name), record);
        }

        foreach (OutputSection section in sections)
        {
            foreach (BtfCoReRecord record in section.CoReRecords) builder.Add(types.AddString(section.Name), record);
        }

        return builder;
    }

    private static InputSection Find(LinkInput input, string name)
    {
        input.Context.Charge(name.Length);
        return input.Find(name) ?? throw input.Fail(BpfDiagnosticId.BadBtfExt, $"The records are about a section '{name}', which does not exist.", ".BTF.ext");
    }

    private static uint Move(InputSection section, uint offset) => (uint)section.TargetOffset + offset;

    private static BtfTypeId Map(LinkInput input, BtfTypeId id) => (uint)id.Value < (uint)input.TypeMap.Length
        ? new BtfTypeId(input.TypeMap[id.Value])
        : throw input.Fail(BpfDiagnosticId.BadBtfExt, $"A record is about type {id}, which does not exist.", ".BTF.ext");
}
