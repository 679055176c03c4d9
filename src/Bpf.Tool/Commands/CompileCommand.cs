using System;
using System.CommandLine;
using System.IO;
using System.Runtime.InteropServices;
using Bpf.Tool.Compilation;

namespace Bpf.Tool.Commands;

/// <summary><c>bpf compile</c>: clang, with the flags that a BPF object needs.</summary>
internal static class CompileCommand
{
    public static Command Create()
    {
        Argument<string> file = new("FILE") { Description = "A C source, such as execsnoop.bpf.c." };
        Option<string?> output = new("--output", "-o") { Description = "The object; by default beside the source, .o for .c.", HelpName = "FILE" };
        Option<string?> clang = new("--clang") { Description = "The compiler; by default clang, else the newest clang-NN that is found.", HelpName = "PATH" };
        Option<string?> machine = new("--arch") { Description = "The machine as __TARGET_ARCH_* names it: x86, arm64, ...; by default this one.", HelpName = "NAME" };
        Option<string> cpu = new("--cpu") { Description = "The instruction set; v3 needs Linux 5.1.", DefaultValueFactory = _ => "v3", HelpName = "CPU" };
        Option<string[]> includes = new("--include", "-I") { Description = "A folder of headers.", HelpName = "FOLDER" };
        Option<bool> installed = new("--installed-headers") { Description = "Take libbpf's headers that are installed, not those that come with this command." };
        Option<string[]> defines = new("--define", "-D") { Description = "A macro.", HelpName = "NAME[=VALUE]" };
        Option<string[]> others = new("--option") { Description = "What else clang is told, such as --option=-Wextra.", HelpName = "OPTION" };
        Option<string?> dependencies = new("--dependencies") { Description = "Where to write the files that the object was made of.", HelpName = "FILE" };
        Option<string?> database = new("--database") { Description = "A compile_commands.json to put the command into, for editors.", HelpName = "FILE" };
        Option<string?> root = new("--root") { Description = "A folder whose path is left out of the object, so that it is the same everywhere.", HelpName = "FOLDER" };
        var command = new Command("compile", "Compiles C with clang to a BPF object with BTF.") { file, output, clang, machine, cpu, includes, installed, defines, others, dependencies, database, root };
        command.SetAction(result =>
        {
            string source = result.GetRequiredValue(file);
            var request = new CompileRequest
            {
                Source = source,
                Output = result.GetValue(output) ?? Path.ChangeExtension(source, ".o"),
                Clang = result.GetValue(clang),
                Architecture = result.GetValue(machine) ?? Machine(),
                Cpu = result.GetRequiredValue(cpu),
                IncludeDirectories = result.GetValue(includes) ?? [],
                UsesInstalledHeaders = result.GetValue(installed),
                Defines = result.GetValue(defines) ?? [],
                Options = result.GetValue(others) ?? [],
                Dependencies = result.GetValue(dependencies),
                Database = result.GetValue(database),
                Root = result.GetValue(root),
            };
            return Generation.Guard(source, () => ClangCompiler.Compile(request, Console.Error) ? ExitCode.Done : ExitCode.Refused);
        });
        return command;
    }

    // The names of libbpf's bpf_tracing.h.
    private static string Machine() => RuntimeInformation.OSArchitecture switch
    {
        Architecture.X64 or Architecture.X86 => "x86",
        Architecture.Arm64 => "arm64",
        Architecture.Arm => "arm",
        Architecture.S390x => "s390",
        Architecture.Ppc64le => "powerpc",
        Architecture.RiscV64 => "riscv",
        Architecture.LoongArch64 => "loongarch",
        Architecture other => other.ToString().ToLowerInvariant(),
    };
}
