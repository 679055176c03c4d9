using System.CommandLine;
using System.CommandLine.Parsing;

namespace Bpf.Tool.Commands;

/// <summary>Arguments and options that several commands have.</summary>
internal static class CommonOptions
{
    public static Argument<string[]> Files(string name = "FILE")
    {
        Argument<string[]> files = new(name)
        {
            Description = "Object files, compiled with clang -target bpf.",
            Arity = ArgumentArity.OneOrMore,
        };
        files.Validators.Add(RefuseOptions);
        return files;
    }

    public static Argument<string> File(string name = "FILE", string description = "An object file, compiled with clang -target bpf.")
    {
        Argument<string> file = new(name) { Description = description };
        file.Validators.Add(RefuseOptions);
        return file;
    }

    /// <summary>A file, or - for standard input.</summary>
    public static Argument<string> FileOrInput(string name, string description)
    {
        Argument<string> file = new(name) { Description = description };
        file.Validators.Add(static result =>
        {
            if (result.Tokens is not [{ Value: "-" }]) RefuseOptions(result);
        });
        return file;
    }

    public static Option<bool> Json() => new("--json") { Description = "Print one JSON object a line, for programs." };

    public static Option<bool> Verbose() => new("--verbose", "-v") { Description = "Print everything that is known, such as whole verifier logs." };

    public static Option<string?> NetworkNamespace() => new("--netns")
    {
        Description = "Another network namespace: a path such as /run/netns/NAME, or the number of a process that is in it.",
        HelpName = "PATH|PID",
    };

    public static Option<string?> Btf() => new("--btf")
    {
        Description = "The kernel types to relocate against, instead of the running kernel's: raw BTF, or an ELF file with a section .BTF.",
        HelpName = "BTF",
    };

    // Whatever is no option would be taken for a file, and a mistyped option be reported as a file that does not exist.
    private static void RefuseOptions(ArgumentResult result)
    {
        foreach (Token token in result.Tokens)
        {
            if (token.Value.StartsWith('-'))
                result.AddError($"There is no option '{token.Value}'; a file of that name is './{token.Value}'.");
        }
    }
}
