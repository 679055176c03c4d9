using System.Globalization;
using Bpf.Loader.Objects;

namespace Bpf.Tool.Skeletons;

internal sealed partial class SkeletonGenerator
{
    private const string MapDefinition = "global::Bpf.Loader.Objects.BpfMapDefinition", ProgramDefinition = "global::Bpf.Loader.Objects.BpfProgramDefinition";

    /// <summary>What the object registers with the kernel, to be changed before the load.</summary>
    private void WriteStructOps()
    {
        if (_model.StructOps.Count == 0) return;
        Set("StructOpsSet", "The kernel's structures that the object fills in.", "global::Bpf.Loader.BpfObjectFile", isLinux: false);
        foreach (StructOpsModel structure in _model.StructOps)
        {
            _code.Summary($"What the map <c>{CSharpNames.Xml(structure.Map.Name)}</c> registers: a <c>struct {CSharpNames.Xml(structure.Map.StructOps!.TypeName)}</c>.");
            _code.Line($"public {structure.Class} {structure.Property} => new(_source.Maps[{CSharpNames.Literal(structure.Map.Name)}]);");
            _code.Gap();
        }

        _code.Close();
        _code.Gap();
        foreach (StructOpsModel structure in _model.StructOps) WriteStructOps(structure);
    }

    private void WriteStructOps(StructOpsModel structure)
    {
        _code.Summary($"The members of <c>{CSharpNames.Xml(structure.Map.Name)}</c>, as they will be when the object is loaded.");
        _code.Open($"public sealed class {structure.Class}");
        _code.Line($"internal {structure.Class}({MapDefinition} map) => Map = map;");
        _code.Gap();
        _code.Summary("The definition of its map.");
        _code.Line($"public {MapDefinition} Map {{ get; }}");
        _code.Gap();
        if (structure.Values is string values)
        {
            _code.Summary("The members that are values, in place.");
            _code.Line($"public ref {values} Values => ref global::System.Runtime.InteropServices.MemoryMarshal.AsRef<{values}>(Map.InitialValue.Span);");
            _code.Gap();
        }

        foreach ((StructOpsMember member, string name) in structure.Callbacks)
        {
            string program = $"Map.StructOps!.Members[{member.Index.ToString(CultureInfo.InvariantCulture)}].Program";
            _code.Summary($"The program that is called for <c>{CSharpNames.Xml(member.Name)}</c>; null for none.");
            _code.Open($"public {ProgramDefinition}? {name}");
            _code.Line($"get => {program};");
            _code.Line($"set => {program} = value;");
            _code.Close();
            _code.Gap();
        }

        _code.Close();
        _code.Gap();
    }
}
