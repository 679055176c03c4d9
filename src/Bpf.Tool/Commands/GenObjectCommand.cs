using System.CommandLine;
using Bpf.Loader;
using Bpf.Loader.Linking;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands;

/// <summary><c>bpf gen object</c>: links objects into one.</summary>
internal static class GenObjectCommand
{
    public static Command Create()
    {
        Argument<string> output = CommonOptions.File("OUT", "The object to be written.");
        Argument<string[]> files = CommonOptions.Files();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("object", "Links object files into one, as a linker does for C: externs find their definitions, strong ones override weak ones.") { output, files, json };
        command.SetAction(result =>
        {
            string[] inputs = result.GetRequiredValue(files);
            var loop = new FileLoop<WrittenFile>
            {
                Examine = path => Link(path, inputs),
                Fail = static (path, failure) => new WrittenFile(path, failure, 0),
                WriteJson = static (writer, linked) => WrittenFile.Write(writer, linked, "link"),
                Print = WrittenFile.Print,
            };
            return loop.Run([result.GetRequiredValue(output)], result.GetValue(json));
        });
        return command;
    }

    private static WrittenFile Link(string output, string[] inputs)
    {
        var linker = new BpfLinker();
        foreach (string input in inputs) linker.Add(BpfFile.ReadAllBytes(input), input);
        byte[] linked = linker.ToArray();
        WholeFile.Write(output, linked);
        return new WrittenFile(output, null, linked.Length);
    }
}
