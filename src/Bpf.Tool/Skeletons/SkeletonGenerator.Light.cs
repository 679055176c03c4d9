using System;
using Bpf.Loader.Light;

namespace Bpf.Tool.Skeletons;

/// <content>What is other in a class whose object a program in the kernel loads.</content>
internal sealed partial class SkeletonGenerator
{
    private void WriteLightOpen()
    {
        _code.Summary("Describes the object that the assembly carries; no system call, and neither ELF nor BTF is read. Each call gives a description of its own, to be changed.");
        _code.Line("public static Description Open() => new(global::Bpf.Loader.Light.BpfLightFile.Read(Image, Signature, SignatureWithData));");
        _code.Gap();
        _code.Summary("Gives a loaded object the names of this class.");
        _code.Line("/// <param name=\"loaded\">What <see cref=\"Description.Load\"/> loaded, or another object with the same maps, programs and variables.</param>");
        Linux($"public static {_class} FromObject(global::Bpf.Loader.BpfObject loaded) => new(loaded);");
    }

    private void WriteLightDescription()
    {
        bool isBound = _light!.IsBound;
        _code.Summary(isBound
            ? "The object, described. It is signed: its sizes and constants are those that it was made with."
            : "The object, described: sizes and constants can be changed before it is loaded.");
        _code.Open("public sealed class Description");
        _code.Open("internal Description(global::Bpf.Loader.Light.BpfLightFile file)");
        _code.Line("File = file;");
        _code.Line("Maps = new MapDefinitionSet(file);");
        _code.Close();
        _code.Gap();
        _code.Summary("The object with the program that loads it.");
        _code.Line("public global::Bpf.Loader.Light.BpfLightFile File { get; }");
        _code.Gap();
        _code.Summary("The definitions of the maps.");
        _code.Line("public MapDefinitionSet Maps { get; }");
        _code.Gap();
        foreach (SectionModel section in _model.Sections)
        {
            if (!section.IsDescribed) continue;
            string modifier = isBound && section.IsReadOnly ? "ref readonly" : "ref";
            _code.Summary($"The {(section.IsReadOnly ? "constants" : "variables")} of <c>{CSharpNames.Xml(section.Key)}</c> as the programs will find them.");
            _code.Line($"public {modifier} {section.Type.Name} {section.Property} => ref global::System.Runtime.InteropServices.MemoryMarshal.AsRef<{section.Type.Name}>(File.Maps[{CSharpNames.Literal(section.Key)}].InitialValue.Span);");
            _code.Gap();
        }

        _code.Summary("Loads the object: its loader program creates its maps, has the kernel relocate its programs, and loads them.");
        _code.Line("/// <param name=\"options\">How; null for the defaults.</param>");
        _code.Line("/// <exception cref=\"global::Bpf.Loader.BpfException\">The kernel refused.</exception>");
        Linux($"public {_class} Load(global::Bpf.Loader.Light.BpfLightLoadOptions? options = null) => FromObject(File.Load(options));");
        _code.Close();
        _code.Gap();
    }

    private void WriteLightImage(BpfLightFile light)
    {
        _code.Line("// The loader program, what it works on, and what it makes.");
        _code.Literal("Image", light.ToArray());
        _code.Gap();
        WriteSignature("Signature", light.Instructions, "6.18 to 7.2");
        _code.Gap();
        WriteSignature("SignatureWithData", light.InstructionsWithData, "7.3 and newer");
    }

    private void WriteSignature(string name, ReadOnlyMemory<byte> signed, string kernels)
    {
        _code.Line($"// What vouches for the loader program on Linux {kernels}; empty when nobody has signed it.");
        if (_model.Options.Signer is { } signer) _code.Literal(name, signer.Sign(signed.Span));
        else _code.Line($"private static global::System.ReadOnlySpan<byte> {name} => default;");
    }
}
