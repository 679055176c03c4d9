using System.Collections.Generic;
using System.Linq;
using Bpf.Loader;
using Bpf.Loader.Objects;
using Bpf.Tool.Events;

namespace Bpf.Tool.Skeletons;

/// <summary>What the class of a part of an object consists of. Where its variables lie is known only when the object is linked: they are found by name.</summary>
internal sealed class SubSkeletonModel
{
    // The members that every such class has, and its classes.
    internal static readonly string[] Fixed =
        ["Object", "FromObject", "Maps", "Programs", "VerifyLayout", "Description", "MapSet", "ProgramSet", "MapDefinitionSet", "ProgramDefinitionSet", "File", "Of", "Find", "Check"];

    private SubSkeletonModel(SkeletonOptions options, TypeTable types)
    {
        Options = options;
        Types = types;
    }

    public SkeletonOptions Options { get; }

    public TypeTable Types { get; }

    public List<VariableSectionModel> Sections { get; } = [];

    /// <summary>The maps but those of variables.</summary>
    public List<(BpfMapDefinition Map, string Name, MapView View)> Maps { get; } = [];

    public List<(BpfProgramDefinition Program, string Name, string Summary)> Programs { get; } = [];

    /// <summary>The class of the types of C that structs show themselves by.</summary>
    public string RecordTypes { get; private set; } = "";

    /// <summary>Looks through an object.</summary>
    public static SubSkeletonModel Of(BpfObjectFile file, SkeletonOptions options)
    {
        var scope = new NameScope([options.ClassName, .. Fixed]);
        var model = new SubSkeletonModel(options, new TypeTable(file.Btf, scope));
        var places = new SourcePlaces(file);
        foreach (BpfMapDefinition map in file.Maps.Where(static map => map.IsInternal)) model.AddSection(file, map, scope);
        NameScope maps = new("MapSet", "MapDefinitionSet"), programs = new("ProgramSet", "ProgramDefinitionSet");
        foreach (BpfMapDefinition map in file.Maps.Where(static map => !map.IsInternal))
            model.Maps.Add((map, maps.Give(CSharpNames.Pascal(map.Name), "Map"), MapView.Of(file, map, model.Types)));
        foreach (BpfProgramDefinition program in file.Programs)
        {
            string summary = $"The program <c>{CSharpNames.Xml(program.Name)}</c> of section <c>{CSharpNames.Xml(program.SectionName)}</c>{places.Of(program.Name)}.";
            model.Programs.Add((program, programs.Give(CSharpNames.Pascal(program.Name), "Program"), summary));
        }

        foreach (string type in options.Types) model.Types.Require(type);
        model.RecordTypes = scope.Give("RecordTypes");
        return model;
    }

    // As bpftool has it: what is static in a file is its own. Other files may have variables of the same name.
    private void AddSection(BpfObjectFile file, BpfMapDefinition map, NameScope scope)
    {
        BpfGlobal[] globals = [.. file.Globals.Where(global => global.Map == map && !global.IsStatic && !EventTypes.IsConvention(file, global)).OrderBy(static global => global.Offset)];
        if (globals.Length == 0) return;
        string property = scope.Give(CSharpNames.Pascal(map.SectionName.TrimStart('.')), "Section");
        (string live, string described) = (scope.Give(property + "Variables"), scope.Give(property + "Values"));
        var names = new NameScope(live, described);
        var section = new VariableSectionModel(map.SectionName, property, live, described, map.Kind == BpfMapKind.ReadOnlyData, []);
        foreach (BpfGlobal global in globals)
        {
            string name = names.Give(CSharpNames.Pascal(global.Name));
            CSharpType? type = Types.Map(global.TypeId, CSharpNames.Pascal(global.Name)) is CSharpType known && (uint)known.Size == global.Size ? known : CSharpType.OfSize(global.Size);
            section.Variables.Add(new VariableModel(global.Name, name, global.Size, type, Types.Declaration(global.TypeId, global.Name)));
        }

        Sections.Add(section);
    }
}
