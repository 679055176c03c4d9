using System;
using System.CommandLine;
using Bpf.Loader.Classic;
using Bpf.Loader.Instructions;

namespace Bpf.Tool.Commands.Classic;

/// <summary><c>bpf classic ebpf</c>: what the kernel makes of a filter before it runs it.</summary>
internal static class ClassicTranslateCommand
{
    public static Command Create()
    {
        Argument<string> file = ClassicCommand.File();
        Option<bool> seccomp = ClassicCommand.Seccomp();
        var command = new Command("ebpf", "Translates a filter to the instructions of BPF, as the kernel does.") { file, seccomp };
        command.SetAction(result =>
        {
            string path = result.GetRequiredValue(file);
            return ClassicCommand.Run("ebpf", path, () => Translate(path, ClassicCommand.UseOf(result.GetValue(seccomp))));
        });
        return command;
    }

    private static int Translate(string path, ClassicFilterUse use)
    {
        ClassicFilter filter = ClassicCommand.Read(path);
        ClassicTranslation translation = filter.Translate(use);
        ReadOnlySpan<BpfInstruction> code = translation.Instructions.Span;
        int origin = -1;
        for (int i = 0; i < code.Length; i++)
        {
            if (translation.Origins[i] != origin)
            {
                origin = translation.Origins[i];
                Console.WriteLine($"; ({origin:d3}) {filter.Disassemble(origin).TrimEnd()}");
            }

            Console.WriteLine(BpfDisassembler.FormatLine(code, i, (index, instruction) =>
                translation.InternalCalls.TryGetValue(index, out ClassicExtension extension) ? $"the kernel's own for {extension}" : BpfHelper.GetName(instruction.Immediate)));
        }

        return ExitCode.Done;
    }
}
