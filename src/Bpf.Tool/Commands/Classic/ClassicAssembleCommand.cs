using System;
using System.CommandLine;
using Bpf.Loader.Classic;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands.Classic;

/// <summary><c>bpf classic asm</c>: from text to the numbers of instructions, as <c>bpf_asm</c> does, checked as the kernel checks.</summary>
internal static class ClassicAssembleCommand
{
    public static Command Create()
    {
        Argument<string> file = ClassicCommand.File();
        Option<ClassicForm> form = ClassicCommand.Form(ClassicForm.Bytecode);
        Option<bool> seccomp = ClassicCommand.Seccomp();
        var command = new Command("asm", "Assembles a filter, and tells what the kernel would say of it.") { file, form, seccomp };
        command.SetAction(result =>
        {
            string path = result.GetRequiredValue(file);
            return ClassicCommand.Run("asm", path, () => Assemble(path, result.GetValue(form), ClassicCommand.UseOf(result.GetValue(seccomp))));
        });
        return command;
    }

    private static int Assemble(string path, ClassicForm form, ClassicFilterUse use)
    {
        ClassicFilter filter = ClassicCommand.Read(path);
        if (filter.Check(use) is { } refusal)
        {
            Console.Error.WriteLine($"bpf: {Printable.Text(path)}: {refusal}");
            return ExitCode.Refused;
        }

        Console.WriteLine(filter.ToString(form).TrimEnd('\n'));
        return ExitCode.Done;
    }
}
