using System.Collections.Generic;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Instructions;

namespace Bpf.Loader.Relocation;

/// <summary>
/// Carries function and line info through linking: the records of each part, moved to where the part now stands. The kernel wants
/// offsets in instructions from the start of the program, and function info for all functions or for none.
/// </summary>
internal static class DebugInfoLinker
{
    public static void Link(LinkedProgram program, BtfReader btf, BtfExtReader info)
    {
        program.FunctionInfo = LinkFunctions(program, btf, info);

        // Without function info the kernel refuses line info.
        program.LineInfo = program.FunctionInfo.Length == 0 ? [] : LinkLines(program, btf, info);
    }

    /// <summary>The CO-RE records of a program, with offsets in bytes from its start: what the kernel takes that carries them out itself (5.17).</summary>
    public static BtfCoReRecord[] LinkCoRe(LinkedProgram program, BtfReader btf, BtfExtReader info)
    {
        var linked = new List<BtfCoReRecord>();
        foreach (BtfExtSection<BtfCoReRecord> records in info.CoReRecords)
        {
            string section = records.GetName(btf);
            foreach (LinkedPart part in program.Parts)
            {
                if (part.Function.SectionName != section) continue;
                foreach (BtfCoReRecord record in records)
                {
                    if (part.TryMove(record.InstructionOffset, out uint moved) && !part.Function.Replaced.Contains((int)moved - part.Start))
                        linked.Add(record with { InstructionOffset = moved * BpfInstruction.Size });
                }
            }
        }

        return [.. linked];
    }

    private static BtfFuncInfo[] LinkFunctions(LinkedProgram program, BtfReader btf, BtfExtReader info)
    {
        var linked = new List<BtfFuncInfo>();
        foreach (LinkedPart part in program.Parts)
        {
            int before = linked.Count;
            if (info.Functions.TryFind(btf, Encoding.UTF8.GetBytes(part.Function.SectionName), out BtfExtSection<BtfFuncInfo> records))
            {
                foreach (BtfFuncInfo record in records)
                {
                    if (part.TryMove(record.InstructionOffset, out uint moved)) linked.Add(record with { InstructionOffset = moved });
                }
            }

            // A function without info: the kernel would refuse the rest.
            if (linked.Count == before) return [];
        }

        return [.. linked];
    }

    private static BtfLineInfo[] LinkLines(LinkedProgram program, BtfReader btf, BtfExtReader info)
    {
        var linked = new List<BtfLineInfo>();
        foreach (LinkedPart part in program.Parts)
        {
            int before = linked.Count;
            if (info.Lines.TryFind(btf, Encoding.UTF8.GetBytes(part.Function.SectionName), out BtfExtSection<BtfLineInfo> records))
            {
                foreach (BtfLineInfo record in records)
                {
                    if (part.TryMove(record.InstructionOffset, out uint moved)) linked.Add(record with { InstructionOffset = moved });
                }
            }

            // The kernel wants a line for the first instruction of every function.
            if (linked.Count == before || linked[before].InstructionOffset != (uint)part.Start) return [];
        }

        return [.. linked];
    }

    /// <summary>Turns a byte offset in the section into an instruction of the linked program.</summary>
    private static bool TryMove(this LinkedPart part, uint offset, out uint moved)
    {
        long index = (offset / 8) - (long)part.Function.FirstInstruction;
        moved = (uint)(part.Start + index);
        return index >= 0 && index < part.Function.Instructions.Length;
    }
}
