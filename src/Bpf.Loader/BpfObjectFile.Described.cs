using System.Collections.Generic;
using Bpf.Loader.Objects;

namespace Bpf.Loader;

public sealed partial class BpfObjectFile
{
    /// <summary>An object that no file holds: its maps, programs and variables as somebody describes them, without code and types.</summary>
    internal BpfObjectFile(
        string name, string license, List<BpfMapDefinition> maps, List<BpfProgramDefinition> programs, List<BpfGlobal> globals, List<BpfExternDefinition> externs)
    {
        Name = name;
        License = license;
        IsBigEndian = !System.BitConverter.IsLittleEndian;
        Functions = [];
        Programs = Collect(programs);
        Maps = Collect(maps);
        Globals = Collect(globals);
        Externs = new BpfDefinitionCollection<BpfExternDefinition>(externs, "extern", static item => item.Name, Hint);
        _diagnostics = [];
        foreach (BpfMapDefinition map in maps) map.Owner = this;
    }
}
