using Bpf.Loader.Objects;

namespace Bpf.Tool.Skeletons;

internal sealed partial class SkeletonGenerator
{
    private void WriteMaps()
    {
        Set("MapSet", "The maps, each with its types.", "global::Bpf.Loader.BpfObject", isLinux: true);
        for (int i = 0; i < _model.Maps.Count; i++)
        {
            if (_model.Maps[i].View.Call.Length > 0) _code.Line($"private {_model.Maps[i].View.Type}? _view{i};");
        }

        _code.Gap();
        for (int i = 0; i < _model.Maps.Count; i++)
        {
            (BpfMapDefinition map, string name, MapView view) = _model.Maps[i];
            string value = $"_source.Maps[{CSharpNames.Literal(map.Name)}]{view.Call}";
            _code.Summary(view.Summary);
            _code.Line($"public {view.Type} {name} => {(view.Call.Length > 0 ? $"_view{i} ??= " : "")}{value};");
            _code.Gap();
        }

        _code.Close();
        _code.Gap();
        (string file, string definition) = _light is null ? ("BpfObjectFile", "Objects.BpfMapDefinition") : ("Light.BpfLightFile", "Light.BpfLightMap");
        Set("MapDefinitionSet", "The definitions of the maps.", $"global::Bpf.Loader.{file}", isLinux: false);
        foreach ((BpfMapDefinition map, string name, MapView _) in _model.Maps)
        {
            _code.Summary($"The map <c>{CSharpNames.Xml(map.Name)}</c>.");
            _code.Line($"public global::Bpf.Loader.{definition} {name} => _source.Maps[{CSharpNames.Literal(map.Name)}];");
            _code.Gap();
        }

        _code.Close();
        _code.Gap();
    }

    private void WritePrograms()
    {
        Set("ProgramSet", "The programs.", "global::Bpf.Loader.BpfObject", isLinux: true);
        foreach ((BpfProgramDefinition program, string name, string summary) in _model.Programs)
        {
            _code.Summary(summary);
            _code.Line($"public global::Bpf.Loader.BpfProgram {name} => _source.Programs[{CSharpNames.Literal(program.Name)}];");
            _code.Gap();
        }

        _code.Close();
        _code.Gap();
        if (_light is not null) return;
        Set("ProgramDefinitionSet", "The definitions of the programs.", "global::Bpf.Loader.BpfObjectFile", isLinux: false);
        foreach ((BpfProgramDefinition program, string name, string summary) in _model.Programs)
        {
            _code.Summary(summary);
            _code.Line($"public global::Bpf.Loader.Objects.BpfProgramDefinition {name} => _source.Programs[{CSharpNames.Literal(program.Name)}];");
            _code.Gap();
        }

        _code.Close();
        _code.Gap();
    }

    /// <summary>Opens a class whose members are all looked up in one thing.</summary>
    private void Set(string name, string summary, string source, bool isLinux)
    {
        _code.Summary(summary);
        if (isLinux) _code.Line(LinuxOnly);
        _code.Open($"public sealed class {name}");
        _code.Line($"private readonly {source} _source;");
        _code.Gap();
        _code.Line($"internal {name}({source} source) => _source = source;");
        _code.Gap();
    }
}
