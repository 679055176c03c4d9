using System.Collections.Generic;
using System.Linq;
using Bpf.Loader;
using Bpf.Loader.Objects;
using Bpf.Tool.Events;

namespace Bpf.Tool.Skeletons;

/// <summary>What a skeleton consists of: each thing of the object with its name in C#.</summary>
internal sealed class SkeletonModel
{
    // The members that every skeleton has, and its classes.
    internal static readonly string[] Fixed =
    [
        "Object", "Open", "OpenFile", "FromObject", "Maps", "Programs", "AttachAll", "Dispose", "VerifyLayout",
        "Description", "Attached", "MapSet", "ProgramSet", "MapDefinitionSet", "ProgramDefinitionSet", "LinkSet",
        "StructOps", "StructOpsSet", "File", "Load", "Of", "Links", "All",
        "Image", "Signature", "SignatureWithData", // of a light class
    ];

    private SkeletonModel(SkeletonOptions options, NameScope scope, TypeTable types)
    {
        Options = options;
        Scope = scope;
        Types = types;
    }

    public SkeletonOptions Options { get; }

    public TypeTable Types { get; }

    public List<SectionModel> Sections { get; } = [];

    /// <summary>The maps but those of variables.</summary>
    public List<(BpfMapDefinition Map, string Name, MapView View)> Maps { get; } = [];

    public List<(BpfProgramDefinition Program, string Name, string Summary)> Programs { get; } = [];

    /// <summary>What can be attached: programs, and maps of callbacks.</summary>
    public List<(string C, string Name)> Links { get; } = [];

    /// <summary>The structures of callbacks.</summary>
    public List<StructOpsModel> StructOps { get; } = [];

    /// <summary>The class of the types of C that structs show themselves by.</summary>
    public string RecordTypes { get; private set; } = "";

    private NameScope Scope { get; }

    /// <summary>Looks through an object.</summary>
    /// <exception cref="SkeletonException">A type that was asked for is not there, or a layout cannot be had in C#.</exception>
    public static SkeletonModel Of(BpfObjectFile file, SkeletonOptions options)
    {
        var scope = new NameScope([options.ClassName, .. Fixed]);
        var model = new SkeletonModel(options, scope, new TypeTable(file.Btf, scope));
        var places = new SourcePlaces(file);
        model.AddSections(file);
        NameScope maps = new("MapSet", "MapDefinitionSet"), programs = new("ProgramSet", "ProgramDefinitionSet"), links = new("LinkSet"), structures = new("StructOpsSet");
        foreach (BpfMapDefinition map in file.Maps.Where(map => !map.IsInternal && (map.AutoCreate || !options.IsLight)))
        {
            model.Maps.Add((map, maps.Give(CSharpNames.Pascal(map.Name), "Map"), MapView.Of(file, map, model.Types)));
        }

        foreach (BpfProgramDefinition program in file.Programs.Where(program => program.AutoLoad || !options.IsLight))
        {
            string summary = $"The program <c>{CSharpNames.Xml(program.Name)}</c> of section <c>{CSharpNames.Xml(program.SectionName)}</c>{places.Of(program.Name)}.";
            model.Programs.Add((program, programs.Give(CSharpNames.Pascal(program.Name), "Program"), summary));
            model.Links.Add((program.Name, links.Give(CSharpNames.Pascal(program.Name), "Program")));
        }

        foreach (BpfMapDefinition map in file.Maps.Where(map => map.Type == BpfMapType.StructOps))
        {
            model.Links.Add((map.Name, links.Give(CSharpNames.Pascal(map.Name), "Map")));
            model.StructOps.Add(StructOpsModel.Of(map, structures, scope, model.Types));
        }

        foreach (string type in options.Types) model.Types.Require(type);
        model.RecordTypes = scope.Give("RecordTypes");
        return model;
    }

    private void AddSections(BpfObjectFile file)
    {
        foreach (BpfMapDefinition map in file.Maps)
        {
            List<BpfGlobal> globals = [.. file.Globals.Where(global => global.Map == map && !global.IsStatic && !EventTypes.IsConvention(file, global))];
            bool isConfig = map.Kind == BpfMapKind.KernelConfig;
            if (globals.Count == 0 && !isConfig) continue;

            string key = map.IsInternal ? map.SectionName : map.Name;
            string property = Scope.Give(CSharpNames.Pascal(key.TrimStart('.')), "Section");
            string summary = isConfig ? "The kernel's configuration, as far as the programs ask for it" : $"The variables of section <c>{CSharpNames.Xml(key)}</c>";
            uint size = map.IsInternal ? map.ValueSize : (uint)map.InitialValue.Length;
            if (size > TypeTable.MaximumStruct) continue; // its variables are still those of BpfObject.Globals
            // Its end may be off the boundary of its variables, which are on theirs in memory.
            var type = new StructDefinition(Scope.Give(property + "Section", "Type"), size, 1, summary + ".");
            foreach (BpfGlobal global in globals.OrderBy(global => global.Offset))
                Types.Add(type, global.Name, global.TypeId, global.Offset * 8UL, global.Size, CSharpNames.Pascal(global.Name));
            if (isConfig) AddConfiguration(file, type);
            if (!type.HasFields) continue;
            Types.Definitions.Add(type);
            Sections.Add(new SectionModel(map, property, key, type));
        }
    }

    private void AddConfiguration(BpfObjectFile file, StructDefinition type)
    {
        foreach (BpfExternDefinition value in file.Externs.Where(value => value.Kind == BpfExternKind.KernelConfig).OrderBy(value => value.Offset))
            Types.Add(type, value.Name, value.TypeId, value.Offset * 8UL, value.Size, CSharpNames.Pascal(value.Name));
    }
}
