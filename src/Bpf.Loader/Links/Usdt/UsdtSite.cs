using System.Collections.Generic;
using Bpf.Loader.Diagnostics;
using Bpf.Loader.Elf;
using Bpf.Loader.Links.Binaries;

namespace Bpf.Loader.Links.Usdt;

/// <summary>Where a USDT probe is in the file and in memory.</summary>
/// <param name="Offset">The probe's offset in the file.</param>
/// <param name="Address">The probe's address; relative to the load address in libraries and position-independent programs.</param>
/// <param name="SemaphoreOffset">The offset of the semaphore in the file; 0 for none.</param>
/// <param name="Arguments">Where the arguments are, in the assembler's words.</param>
internal readonly record struct UsdtSite(ulong Offset, ulong Address, ulong SemaphoreOffset, string Arguments)
{
    /// <summary>All places of a probe in a binary.</summary>
    /// <exception cref="BpfAttachException">The binary has no such probe.</exception>
    /// <exception cref="BpfFormatException">A note is malformed.</exception>
    public static IReadOnlyList<UsdtSite> Find(BinaryImage binary, string provider, string name)
    {
        ulong? baseAddress = binary.Sections.Find(".stapsdt.base"u8)?.Address;
        IReadOnlyList<UsdtNote> notes = UsdtNoteReader.Read(binary);
        var sites = new List<UsdtSite>();
        foreach (UsdtNote note in notes)
        {
            if (note.Provider == provider && note.Name == name) sites.Add(Locate(binary, note, baseAddress));
        }

        if (sites.Count > 0) return sites;
        var close = new CloseNames($"{provider}:{name}");
        foreach (UsdtNote note in notes) close.Add($"{note.Provider}:{note.Name}");
        throw new BpfAttachException(
            BpfDiagnosticId.NoSuchUsdtProbe, $"USDT probe {provider}:{name} of '{binary.Path}'",
            notes.Count == 0 ? $"'{binary.Path}' has no USDT probes." : $"'{binary.Path}' has no USDT probe {provider}:{name}.",
            Errno.ENOENT, hint: NotesHint(binary), closeNames: close.Best);
    }

    /// <summary>All places of all probes, in the order of the notes.</summary>
    /// <exception cref="BpfFormatException">A note is malformed.</exception>
    public static IEnumerable<(string Provider, string Name, UsdtSite Site)> All(BinaryImage binary)
    {
        ulong? baseAddress = binary.Sections.Find(".stapsdt.base"u8)?.Address;
        foreach (UsdtNote note in UsdtNoteReader.Read(binary)) yield return (note.Provider, note.Name, Locate(binary, note, baseAddress));
    }

    // The notes are not mapped: only section headers tell where they are.
    private static string? NotesHint(BinaryImage binary) => binary.Sections switch
    {
        { Problem: string problem } => $"Its section headers, which tell where the probes are described, cannot be read: {problem}.",
        { All.Count: 0 } => "It has no section headers, which tell where the probes are described.",
        _ => null,
    };

    private static UsdtSite Locate(BinaryImage binary, UsdtNote note, ulong? baseAddress)
    {
        // Prelinking moves code but does not rewrite the note: the base section, which moves along, tells how far.
        ulong address = note.Location;
        if (baseAddress is > 0 && note.Base != 0) address += baseAddress.Value - note.Base;
        ulong offset = FileOffset(binary, note, address, executable: true, "the probe");
        ulong semaphore = note.Semaphore == 0 ? 0 : FileOffset(binary, note, note.Semaphore, executable: false, "the semaphore");
        return new UsdtSite(offset, address, semaphore, note.Arguments);
    }

    private static ulong FileOffset(BinaryImage binary, UsdtNote note, ulong address, bool executable, string what)
    {
        foreach (ElfProgramHeader segment in binary.Segments.Headers)
        {
            if (segment.IsLoad && segment.IsExecutable == executable && segment.Contains(address))
                return address - segment.VirtualAddress + segment.Offset + (ulong)binary.Start;
        }

        throw new BpfFormatException(
            $"The USDT probe {note.Provider}:{note.Name} is malformed: {what} at address 0x{address:x} lies in no segment of {(executable ? "code" : "data")}.",
            ".note.stapsdt", null, BpfDiagnosticId.BadUsdtNote);
    }
}
