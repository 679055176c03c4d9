namespace Bpf.Tool.Skeletons;

internal sealed partial class SkeletonGenerator
{
    private void WriteLoaded()
    {
        foreach (SectionModel section in _model.Sections)
        {
            if (section is { IsMapped: true, IsArena: false }) _code.Line($"private global::Bpf.Loader.Maps.MappedGlobals? _section{section.Property};");
        }

        _code.Gap();
        _code.Line(LinuxOnly);
        _code.Open($"private {_class}(global::Bpf.Loader.BpfObject loaded)");
        _code.Line("Object = loaded;");
        _code.Line("Maps = new MapSet(loaded);");
        _code.Line("Programs = new ProgramSet(loaded);");
        _code.Close();
        _code.Gap();
        if (_light is not null) _code.Summary("The loaded object, which the class gives names to.");
        else _code.Line("/// <inheritdoc/>");
        Linux("public global::Bpf.Loader.BpfObject Object { get; }");
        _code.Summary("The maps, each with its types.");
        Linux("public MapSet Maps { get; }");
        _code.Summary("The programs.");
        Linux("public ProgramSet Programs { get; }");
        foreach (SectionModel section in _model.Sections)
        {
            if (!section.IsMapped) continue;
            if (section.IsArena)
            {
                _code.Summary($"The variables in the arena <c>{CSharpNames.Xml(section.Key)}</c>, in place: programs see every write at once.");
                _code.Line("/// <remarks>Where program and user race, use <see cref=\"global::System.Threading.Volatile\"/> and <see cref=\"global::System.Threading.Interlocked\"/>. Linux 6.9.</remarks>");
                Linux($"public ref {section.Type.Name} {section.Property} => ref Object.GetArena({CSharpNames.Literal(section.Key)}).Globals<{section.Type.Name}>();");
                continue;
            }

            string modifier = section.IsReadOnly ? "ref readonly" : "ref", call = section.IsReadOnly ? "RefReadOnly" : "Ref";
            _code.Summary(section.IsReadOnly
                ? $"The constants of section <c>{CSharpNames.Xml(section.Key)}</c>, as they were loaded."
                : $"The variables of section <c>{CSharpNames.Xml(section.Key)}</c>, in place: programs see every write at once.");
            _code.Line("/// <remarks>Where program and user race, use <see cref=\"global::System.Threading.Volatile\"/> and <see cref=\"global::System.Threading.Interlocked\"/>. Linux 5.5.</remarks>");
            Linux($"public {modifier} {section.Type.Name} {section.Property} => ref (_section{section.Property} ??= Object.GetSection({CSharpNames.Literal(section.Key)})).{call}<{section.Type.Name}>(0);");
        }

        if (_light is null) WriteOpenFile();
        else WriteLightOpen();
        _code.Summary("Attaches all programs to what their section names say.");
        _code.Line("/// <param name=\"options\">Whether a refusal ends it; the default is that it does, and what was attached is detached again.</param>");
        _code.Line("/// <returns>The attachments; disposing them detaches.</returns>");
        Linux("public Attached AttachAll(global::Bpf.Loader.BpfAttachAllOptions? options = null) => new(Object.AttachAll(options));");
        _code.Summary("Closes all maps and programs.");
        _code.Open("public void Dispose()");
        _code.Line("if (global::System.OperatingSystem.IsLinux()) Object.Dispose();");
        _code.Close();
        _code.Gap();
    }

    private void WriteOpenFile()
    {
        _code.Line("/// <inheritdoc/>");
        _code.Open("public static global::Bpf.Loader.BpfObjectFile OpenFile(global::Bpf.Loader.BpfOpenOptions? options = null)");
        WriteOpen();
        string read = $"global::Bpf.Loader.BpfObjectFile.Read(image, {CSharpNames.Literal(_model.Options.FileName)}, options)";
        if (_model.Options.BringsKernelBtf)
        {
            _code.Line($"global::Bpf.Loader.BpfObjectFile file = {read};");
            _code.Line($"file.EmbeddedBtf = global::Bpf.Loader.Kernel.EmbeddedKernelBtf.Of(typeof({_class}).Assembly);");
            read = "file";
        }

        _code.Line($"return {read};");
        _code.Close();
        _code.Gap();
        _code.Summary("Describes the object that the assembly carries; no system call. Each call gives a description of its own, to be changed.");
        _code.Line("/// <param name=\"options\">How it is understood.</param>");
        _code.Line("public static Description Open(global::Bpf.Loader.BpfOpenOptions? options = null) => Description.Of(OpenFile(options));");
        _code.Gap();
        Inherited($"public static {_class} FromObject(global::Bpf.Loader.BpfObject loaded) => new(loaded);");
    }

    private void WriteOpen()
    {
        if (_model.Options.Resource is string resource)
        {
            string name = CSharpNames.Literal(resource);
            _code.Line($"using global::System.IO.Stream stream = typeof({_class}).Assembly.GetManifestResourceStream({name})");
            _code.Line($"    ?? throw new global::System.InvalidOperationException(\"The assembly has no resource \" + {name} + \".\");");
            _code.Line("byte[] image = new byte[stream.Length];");
            _code.Line("stream.ReadExactly(image);");
            return;
        }

        _code.Line($"byte[] image = new byte[{_image.Length}];");
        _code.Line("global::System.Buffers.Text.Base64.DecodeFromUtf8(Image, image, out _, out _);");
    }

    private void WriteDescription()
    {
        _code.Summary("The object, described: sizes, constants and targets can be changed before it is loaded.");
        _code.Open("public sealed class Description");
        _code.Open("private Description(global::Bpf.Loader.BpfObjectFile file)");
        _code.Line("File = file;");
        _code.Line("Maps = new MapDefinitionSet(file);");
        _code.Line("Programs = new ProgramDefinitionSet(file);");
        if (_model.StructOps.Count > 0) _code.Line("StructOps = new StructOpsSet(file);");
        _code.Close();
        _code.Gap();
        _code.Summary("The file.");
        _code.Line("public global::Bpf.Loader.BpfObjectFile File { get; }");
        _code.Gap();
        _code.Summary("The definitions of the maps.");
        _code.Line("public MapDefinitionSet Maps { get; }");
        _code.Gap();
        _code.Summary("The definitions of the programs.");
        _code.Line("public ProgramDefinitionSet Programs { get; }");
        _code.Gap();
        if (_model.StructOps.Count > 0)
        {
            _code.Summary("The kernel's structures that the object fills in: their callbacks and values.");
            _code.Line("public StructOpsSet StructOps { get; }");
            _code.Gap();
        }

        foreach (SectionModel section in _model.Sections)
        {
            if (!section.IsDescribed) continue;
            _code.Summary($"The {(section.IsReadOnly ? "constants" : "variables")} of <c>{CSharpNames.Xml(section.Key)}</c> as the programs will find them.");
            _code.Line($"public ref {section.Type.Name} {section.Property} => ref global::System.Runtime.InteropServices.MemoryMarshal.AsRef<{section.Type.Name}>(File.Maps[{CSharpNames.Literal(section.Key)}].InitialValue.Span);");
            _code.Gap();
        }

        _code.Summary("Gives a description the names of this class.");
        _code.Line($"/// <param name=\"file\">What <see cref=\"OpenFile\"/> gave, or another file with the same maps, programs and variables.</param>");
        _code.Line("public static Description Of(global::Bpf.Loader.BpfObjectFile file) => new(file);");
        _code.Gap();
        _code.Summary("Loads the object: creates its maps, relocates its programs against the running kernel and loads them.");
        _code.Line("/// <param name=\"options\">How; null for the defaults.</param>");
        _code.Line("/// <exception cref=\"global::Bpf.Loader.BpfException\">The kernel refused.</exception>");
        _code.Line("/// <exception cref=\"global::Bpf.Loader.CoReException\">A program cannot be relocated against the kernel's types.</exception>");
        Linux($"public {_class} Load(global::Bpf.Loader.BpfLoadOptions? options = null) => FromObject(File.Load(options));");
        _code.Close();
        _code.Gap();
    }

    private void WriteAttached()
    {
        _code.Summary("The attachments of the object. Disposing detaches them all.");
        _code.Line(LinuxOnly);
        _code.Open("public sealed class Attached : global::System.IDisposable");
        _code.Open("internal Attached(global::Bpf.Loader.BpfLinkCollection all)");
        _code.Line("All = all;");
        _code.Line("Links = new LinkSet(all);");
        _code.Close();
        _code.Gap();
        _code.Summary("All attachments, with what could not be attached.");
        _code.Line("public global::Bpf.Loader.BpfLinkCollection All { get; }");
        _code.Gap();
        _code.Summary("The attachments by program.");
        _code.Line("public LinkSet Links { get; }");
        _code.Gap();
        _code.Summary("Detaches all.");
        _code.Line("public void Dispose() => All.Dispose();");
        _code.Close();
        _code.Gap();
        Set("LinkSet", "The attachments by program.", "global::Bpf.Loader.BpfLinkCollection", isLinux: true);
        foreach ((string c, string name) in _model.Links)
        {
            _code.Summary($"The attachment of <c>{CSharpNames.Xml(c)}</c>; null when it is not attached.");
            _code.Line($"public global::Bpf.Loader.BpfLink? {name} => _source.TryGet({CSharpNames.Literal(c)}, out global::Bpf.Loader.BpfLink? link) ? link : null;");
            _code.Gap();
        }

        _code.Close();
        _code.Gap();
    }

    private void Inherited(string declaration)
    {
        _code.Line("/// <inheritdoc/>");
        Linux(declaration);
    }

    private void Linux(string declaration)
    {
        _code.Line(LinuxOnly);
        _code.Line(declaration);
        _code.Gap();
    }
}
