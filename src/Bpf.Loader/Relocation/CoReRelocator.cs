using System;
using System.Collections.Generic;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;
using Bpf.Loader.Instructions;

namespace Bpf.Loader.Relocation;

/// <summary>
/// Relocates the code of a whole object against a target, without a kernel: to see at build time on which kernels it will run, and
/// what it will not find there.
/// </summary>
public sealed class CoReRelocator
{
    // An object with more is not worth more words; a damaged one may have as many as it has records.
    private const int MaximumFailures = 100;

    private readonly BtfReader _local;
    private readonly BtfExtReader _info;
    private readonly CoReResolver _resolver;
    private int _failures;

    /// <summary>Prepares to relocate an object.</summary>
    /// <param name="local">The types of the object.</param>
    /// <param name="info">The section <c>.BTF.ext</c> of the object.</param>
    /// <param name="target">The types of the kernel that it is to run on.</param>
    /// <exception cref="BpfFormatException">The types are malformed.</exception>
    public CoReRelocator(BtfReader local, BtfExtReader info, ITargetTypes target)
    {
        ArgumentNullException.ThrowIfNull(info);
        _resolver = new CoReResolver(local, target);
        _local = local;
        _info = info;
        _resolver.Prepare(info.CoReRecords);
    }

    /// <summary>Tells how every CO-RE record of an object fares on a target, in the order of the file.</summary>
    /// <param name="elf">The object; it is not changed.</param>
    /// <param name="target">The types of the kernel that it is to run on.</param>
    /// <returns>One finding a record, up to the hundredth failure; none when the object uses no CO-RE.</returns>
    /// <exception cref="BpfFormatException">The object is malformed.</exception>
    public static IReadOnlyList<CoReFinding> Check(ElfFile elf, ITargetTypes target)
    {
        ArgumentNullException.ThrowIfNull(elf);
        if (!elf.Sections.TryFind(".BTF"u8, out ElfSection types) || !elf.Sections.TryFind(".BTF.ext"u8, out ElfSection info)) return [];
        BtfReader local = BtfReader.Read(types.Data);
        BtfExtReader ext = BtfExtReader.Read(info.Data);
        var relocator = new CoReRelocator(local, ext, target);
        var findings = new List<CoReFinding>();
        foreach (BtfExtSection<BtfCoReRecord> records in ext.CoReRecords)
        {
            BpfInstruction[] code = elf.Sections.TryFind(records.GetNameUtf8(local), out ElfSection section) ? Decode(section, elf.IsBigEndian) : [];
            relocator.Relocate(records, code, findings);
        }

        return findings;
    }

    /// <summary>Carries out all relocations of an ELF section.</summary>
    /// <param name="section">The name of the section.</param>
    /// <param name="code">All instructions of the section; they are changed in place.</param>
    /// <returns>One finding a record, up to the hundredth failure. Where one has a failure, the instruction is as it was.</returns>
    /// <exception cref="BpfFormatException">The types are malformed.</exception>
    public IReadOnlyList<CoReFinding> Relocate(string section, Span<BpfInstruction> code)
    {
        ArgumentNullException.ThrowIfNull(section);
        var findings = new List<CoReFinding>();
        byte[] name = Encoding.UTF8.GetBytes(section);
        foreach (BtfExtSection<BtfCoReRecord> records in _info.CoReRecords)
        {
            // A static linker may leave several parts for one section.
            if (records.GetNameUtf8(_local).SequenceEqual(name)) Relocate(records, code, findings);
        }

        return findings;
    }

    private void Relocate(BtfExtSection<BtfCoReRecord> records, Span<BpfInstruction> code, List<CoReFinding> findings)
    {
        string section = records.GetName(_local);
        var site = new CoReSite(section, Lines: _info);
        foreach (BtfCoReRecord record in records)
        {
            if (_failures >= MaximumFailures) return;
            CoReResult? result = null;
            try
            {
                if (record.InstructionOffset % BpfInstruction.Size != 0)
                    throw new CoReException(BpfDiagnosticId.BadCoReRecord, $"Offset {record.InstructionOffset} is not that of an instruction.", null, site.Locate(_local, record.InstructionOffset));
                result = _resolver.Resolve(record, site);
                CoReOutcome outcome = CoRePatcher.Apply(code, (int)(record.InstructionOffset / BpfInstruction.Size), result);
                findings.Add(new CoReFinding(section, record, result, outcome, null));
            }
            catch (CoReException failure)
            {
                _failures++;
                findings.Add(new CoReFinding(section, record, result, CoReOutcome.Missing, failure));
            }
        }
    }

    private static BpfInstruction[] Decode(ElfSection section, bool isBigEndian)
    {
        ReadOnlySpan<byte> bytes = section.Data.Span;
        var code = new BpfInstruction[bytes.Length / BpfInstruction.Size];
        for (int i = 0; i < code.Length; i++) code[i] = BpfInstruction.Read(bytes[(i * BpfInstruction.Size)..], isBigEndian);
        return code;
    }
}
