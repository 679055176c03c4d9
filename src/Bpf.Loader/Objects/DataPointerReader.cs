using System;
using System.Collections.Generic;
using System.Text;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Objects;

/// <summary>
/// Warns of pointers in variables. Nobody fills them in (libbpf passes over them as well): where a map will be, and where a function
/// will be in which program, is not known when the map gets its contents, and the verifier takes no address out of data.
/// </summary>
internal sealed class DataPointerReader
{
    // So many pointers of a variable are named.
    private const int Named = 3;
    private const int PointerCost = 64;

    private readonly ObjectContext _context;
    private readonly int _section;
    private readonly DataPointerTarget _target;
    private readonly List<BpfGlobal> _variables;

    private DataPointerReader(ObjectContext context, int section)
    {
        _context = context;
        _section = section;
        _target = new DataPointerTarget(context);
        _variables = DataPointerTarget.VariablesOf(context, section);
    }

    /// <summary>Reads the relocations of a section of variables.</summary>
    public static void Read(ObjectContext context, ElfSection relocations) => new DataPointerReader(context, (int)relocations.Info).Read(relocations);

    private void Read(ElfSection relocations)
    {
        ElfRelocation[] sorted = [.. _context.Elf.GetRelocations(relocations)];
        Array.Sort(sorted, static (a, b) => a.Offset.CompareTo(b.Offset));
        for (int first = 0, next; first < sorted.Length; first = next)
        {
            BpfGlobal? variable = DataPointerTarget.FindVariable(_variables, sorted[first].Offset);
            next = first + 1;
            while (next < sorted.Length && variable == DataPointerTarget.FindVariable(_variables, sorted[next].Offset)) next++;
            Warn(variable, sorted.AsSpan(first, next - first));
        }
    }

    private void Warn(BpfGlobal? variable, ReadOnlySpan<ElfRelocation> pointers)
    {
        _context.Charge((long)PointerCost * pointers.Length);
        var message = new StringBuilder(variable is null
            ? "The pointers in a constant that the compiler made (of a local array or a switch, perhaps)"
            : $"The pointers in the variable '{variable.Name}'");
        message.Append(" are not filled in: ");
        var cures = new List<string>();
        for (int i = 0; i < pointers.Length; i++)
        {
            DataPointer pointer = _target.Of(_section, pointers[i]);
            if (!cures.Contains(pointer.Cure)) cures.Add(pointer.Cure);
            if (i >= Named) continue;
            string place = variable is null ? $"{_context.SectionNames[_section]}+0x{pointers[i].Offset:x}" : VariablePath.Of(_context.Btf, variable, (long)pointers[i].Offset - variable.Offset);
            message.Append(i == 0 ? "" : ", ").Append(place).Append(i == 0 ? " should point to " : " to ").Append(pointer.What);
        }

        if (pointers.Length > Named) message.Append($", and {pointers.Length - Named} more");
        message.Append('.');
        _context.Note(
            BpfDiagnosticId.DataPointersIgnored, BpfSeverity.Warning, message.ToString(), _section, variable?.Name, (long)pointers[0].Offset,
            cause: "BPF has no addresses in data.", cure: string.Join(' ', cures));
    }
}
