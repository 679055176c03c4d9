namespace Bpf.Loader.Objects;

/// <summary>What a section of an object file is for.</summary>
internal enum SectionRole : byte
{
    Ignored,
    Code,
    BtfMaps,
    LegacyMaps,
    Data,
    ReadOnlyData,
    Bss,
    StructOps,
    ArenaData,
    JumpTables,
}
