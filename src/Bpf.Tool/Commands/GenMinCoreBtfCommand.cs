using System.CommandLine;
using Bpf.Loader;
using Bpf.Loader.Relocation;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands;

/// <summary><c>bpf gen min_core_btf</c>: of a kernel's types, those that objects ask for, as bpftool's command of this name.</summary>
internal static class GenMinCoreBtfCommand
{
    public static Command Create()
    {
        Argument<string> input = CommonOptions.File("INPUT", "The types of a kernel: raw BTF, or an ELF file with a section .BTF.");
        Argument<string> output = CommonOptions.File("OUTPUT", "The file to be written, raw BTF.");
        Argument<string[]> objects = CommonOptions.Files("OBJECT");
        Option<bool> json = CommonOptions.Json();
        var command = new Command("min_core_btf", "Writes those types of a kernel that objects ask for by CO-RE: some kilobytes that bring them to a kernel without BTF (BpfLoadOptions.TargetBtf).") { input, output, objects, json };
        command.SetAction(result =>
        {
            var loop = new FileLoop<WrittenFile>
            {
                Examine = path => Write(result.GetRequiredValue(input), path, result.GetRequiredValue(objects)),
                Fail = static (path, failure) => new WrittenFile(path, failure, 0),
                WriteJson = static (writer, written) => WrittenFile.Write(writer, written, "write"),
                Print = WrittenFile.Print,
            };
            return loop.Run([result.GetRequiredValue(output)], result.GetValue(json));
        });
        return command;
    }

    private static WrittenFile Write(string input, string output, string[] objects)
    {
        var minimal = new MinimalBtf(BtfFile.Read(input));
        foreach (string path in objects) minimal.Add(BpfObjectFile.Open(path));
        byte[] types = minimal.ToReader().Raw.ToArray();
        WholeFile.Write(output, types);
        return new WrittenFile(output, null, types.Length);
    }
}
