using System.CommandLine;

namespace Bpf.Tool.Commands;

/// <summary>Arguments and options that several commands have.</summary>
internal static class CommonOptions
{
    public static Argument<string[]> Files() => new("FILE")
    {
        Description = "Object files, compiled with clang -target bpf.",
        Arity = ArgumentArity.OneOrMore,
    };

    public static Option<bool> Json() => new("--json") { Description = "Print one JSON object a line, for programs." };

    public static Option<bool> Verbose() => new("--verbose", "-v") { Description = "Print everything that is known, such as whole verifier logs." };

    public static Option<string?> Btf() => new("--btf")
    {
        Description = "The kernel types to relocate against, instead of the running kernel's: raw BTF, or an ELF file with a section .BTF.",
        HelpName = "BTF",
    };
}
