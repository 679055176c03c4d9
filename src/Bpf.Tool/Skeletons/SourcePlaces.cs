using System;
using System.Collections.Generic;
using Bpf.Loader;
using Bpf.Loader.Btf;

namespace Bpf.Tool.Skeletons;

/// <summary>Where functions are in the C source. Folders are left out: the same source gives the same skeleton everywhere.</summary>
internal sealed class SourcePlaces
{
    private readonly Dictionary<string, string> _places = new(StringComparer.Ordinal);

    public SourcePlaces(BpfObjectFile file)
    {
        if (file.Btf is not { } btf || file.BtfExt is not { } ext) return;
        foreach (BtfExtSection<BtfFuncInfo> section in ext.Functions)
        {
            foreach (BtfFuncInfo function in section)
            {
                if (!ext.TryFindLine(btf, section.GetNameUtf8(btf), function.InstructionOffset, out BtfLineInfo line)) continue;
                string path = btf.GetString(line.FileNameOffset);
                _places.TryAdd(btf[function.TypeId].Name, $"{path[(path.LastIndexOfAny(['/', '\\']) + 1)..]}:{line.Line}");
            }
        }
    }

    /// <summary>The place of a function, after a comma; empty when it is not known.</summary>
    public string Of(string function) => _places.TryGetValue(function, out string? place) ? $", {CSharpNames.Xml(place)}" : "";
}
