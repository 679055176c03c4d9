using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Objects;

/// <summary>What is known of an object file while it is read; the readers of its parts fill it in one after the other.</summary>
internal sealed class ObjectContext
{
    // An honest file stays far below: each of its names and records takes bytes of its own. In one that is made up, thousands of
    // records can share a name of a megabyte, or thousands of variables a struct of thousands of members.
    private const long LeastBudget = 4 << 20;
    private const long BudgetPerByte = 32;

    private readonly Dictionary<string, BtfTypeId> _dataSectionsByName = new(StringComparer.Ordinal);
    private long _budget;
    private Dictionary<int, List<ElfSymbol>>? _symbolsBySection;
    private CallGraph? _calls;

    public ObjectContext(ElfFile elf, ElfSymbolTable symbols, string name, BpfOpenOptions options)
    {
        Elf = elf;
        Symbols = symbols;
        Name = name;
        Options = options;
        Roles = new SectionRole[elf.Sections.Count];
        SectionNames = new string[elf.Sections.Count];
        _budget = LeastBudget + (BudgetPerByte * elf.Image.Length);
        foreach (ElfSection section in elf.Sections)
        {
            string sectionName = Text(section.NameUtf8);
            SectionNames[section.Index] = sectionName;
            SectionsByName.TryAdd(sectionName, section.Index);
        }
    }

    public ElfFile Elf { get; }

    public ElfSymbolTable Symbols { get; }

    public string Name { get; }

    public BpfOpenOptions Options { get; }

    /// <summary>The names of the sections, by index.</summary>
    public string[] SectionNames { get; }

    /// <summary>The first section of each name.</summary>
    public Dictionary<string, int> SectionsByName { get; } = new(StringComparer.Ordinal);

    /// <summary>What the sections are for, by index.</summary>
    public SectionRole[] Roles { get; }

    /// <summary>The index of <c>.text</c>; -1 when there is none.</summary>
    public int TextSection { get; set; } = -1;

    /// <summary>The relocation sections that are of interest.</summary>
    public List<ElfSection> RelocationSections { get; } = [];

    public string? License { get; set; }

    public uint? KernelVersion { get; set; }

    public ReadOnlyMemory<byte>? BtfData { get; set; }

    public ReadOnlyMemory<byte>? BtfExtData { get; set; }

    public BtfReader? Btf { get; private set; }

    /// <summary>The data sections of the BTF, in its order.</summary>
    public List<BtfTypeId> DataSections { get; } = [];

    public BtfExtReader? BtfExt { get; set; }

    /// <summary>The BTF while it is changed; null when nothing was changed yet.</summary>
    public BtfBuilder? BtfEdit { get; private set; }

    /// <summary>The <c>.maps</c> section of the ELF file; -1 when there is none.</summary>
    public int MapsSection => Array.IndexOf(Roles, SectionRole.BtfMaps);

    /// <summary>The externs by the number of their symbol.</summary>
    public Dictionary<int, BpfExternDefinition> ExternsBySymbol { get; } = [];

    /// <summary>The data maps by the index of their section.</summary>
    public Dictionary<int, BpfMapDefinition> DataMaps { get; } = [];

    /// <summary>The defined maps by section and offset.</summary>
    public Dictionary<(int Section, long Offset), BpfMapDefinition> MapsByPlace { get; } = [];

    /// <summary>The maps with a number of iproute2's form.</summary>
    public Dictionary<uint, BpfMapDefinition> MapsById { get; } = [];

    /// <summary>The arena; null when there is none.</summary>
    public BpfMapDefinition? Arena { get; set; }

    public List<BpfFunction> Functions { get; set; } = [];

    /// <summary>Who calls whom; to be asked when the relocations of code are known.</summary>
    public CallGraph Calls => _calls ??= new CallGraph(Functions);

    public List<BpfProgramDefinition> Programs { get; } = [];

    public List<BpfMapDefinition> Maps { get; } = [];

    public List<BpfGlobal> Globals { get; } = [];

    public List<BpfExternDefinition> Externs { get; } = [];

    public ReadOnlyMemory<byte> JumpTables { get; set; }

    public List<BpfFinding> Diagnostics { get; } = [];

    /// <summary>The SHA-1 of the file in hex, by which iproute2 names directories. It identifies a file and protects nothing.</summary>
    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "The name is iproute2's.")]
    public string ImageHash => Convert.ToHexStringLower(SHA1.HashData(Elf.Image.Span));

    /// <summary>True when a section of that number exists.</summary>
    public bool HasSection(int index) => (uint)index < (uint)Roles.Length;

    /// <summary>A name as text. All texts of an object together are of a size that goes with that of the file.</summary>
    public string Text(ReadOnlySpan<byte> utf8)
    {
        Charge(utf8.Length);
        return Encoding.UTF8.GetString(utf8);
    }

    /// <summary>Counts work that the size of the file does not bound.</summary>
    /// <param name="units">About as many as bytes are taken.</param>
    public void Charge(long units)
    {
        _budget -= units;
        if (_budget < 0)
            throw new BpfFormatException("The file describes far more than it has bytes: thousands of its records share long names or large types. It is damaged, or made to do harm.", null, null, BpfDiagnosticId.Excessive);
    }

    /// <summary>The symbols of a section, in the order of the table.</summary>
    public IReadOnlyList<ElfSymbol> SymbolsOf(int section)
    {
        if (_symbolsBySection is null)
        {
            _symbolsBySection = [];
            foreach (ElfSymbol symbol in Symbols)
            {
                if (!_symbolsBySection.TryGetValue(symbol.SectionIndex, out List<ElfSymbol>? list)) _symbolsBySection.Add(symbol.SectionIndex, list = []);
                list.Add(symbol);
            }
        }

        return _symbolsBySection.TryGetValue(section, out List<ElfSymbol>? found) ? found : [];
    }

    /// <summary>Takes the BTF of the object.</summary>
    public void SetBtf(BtfReader btf)
    {
        Btf = btf;
        for (int id = btf.FirstId; id < btf.TypeCount; id++)
        {
            BtfType type = btf[new BtfTypeId(id)];
            if (type.Kind != BtfKind.DataSection) continue;
            DataSections.Add(type.Id);
            _dataSectionsByName.TryAdd(Text(type.NameUtf8), type.Id);
        }
    }

    /// <summary>Begins to change the BTF; ids stay what they are.</summary>
    public BtfBuilder EditBtf() => BtfEdit ??= new BtfBuilder(Btf!);

    /// <summary>Makes the changed BTF the BTF of the object.</summary>
    public void CommitBtf()
    {
        // What it was made of has been checked, and what was added is ours. It stays in the byte order of the object, by which CO-RE
        // tells on which side the bits of a bit-field are.
        if (BtfEdit is not null) Btf = BtfReader.ReadTrusted(BtfEdit.ToArray(Elf.IsBigEndian));
        BtfEdit = null;
    }

    /// <summary>The data section of the BTF with a name.</summary>
    public bool TryFindDataSection(string name, out BtfType section)
    {
        bool isFound = _dataSectionsByName.TryGetValue(name, out BtfTypeId id);
        section = isFound ? Btf![id] : default;
        return isFound;
    }

    public void Note(BpfDiagnosticId id, BpfSeverity severity, string what, int section = -1, string? symbol = null, long? offset = null, string? cause = null, string? cure = null) =>
        Diagnostics.Add(new BpfFinding { Id = id, Severity = severity, What = what, Place = new BpfLocation(section < 0 ? null : SectionNames[section], offset, symbol), Cause = cause, Cure = cure });

    public BpfFormatException Fail(BpfDiagnosticId id, string message, int section = -1, long? offset = null, string? cure = null, string? cause = null) =>
        new(message, section < 0 ? null : SectionNames[section], offset, id, cure, cause);
}
