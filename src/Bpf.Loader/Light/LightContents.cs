using System;
using System.Collections.Generic;

namespace Bpf.Loader.Light;

/// <summary>What a light object consists of.</summary>
/// <param name="File">Its maps, programs and variables, without code and types.</param>
/// <param name="Steps">What the loader program does.</param>
/// <param name="Context">What it is given and gives back.</param>
/// <param name="Instructions">The loader program.</param>
/// <param name="Data">What it works on.</param>
/// <param name="Made">Of each map, the number of its entries as the object has it, and where its value stands in the data.</param>
/// <param name="IsBound">Whether it works with this data only, and takes nothing from its caller.</param>
/// <param name="ExclusiveCheck">Of one that is bound, which instruction looks whether its data are for it alone.</param>
internal sealed record LightContents(
    BpfObjectFile File,
    IReadOnlyList<LoaderStep> Steps,
    LoaderContext Context,
    ReadOnlyMemory<byte> Instructions,
    ReadOnlyMemory<byte> Data,
    IReadOnlyList<(uint Entries, int Value)> Made,
    bool IsBound,
    int ExclusiveCheck);
