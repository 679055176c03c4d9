using System;
using System.CommandLine;
using Bpf.Loader.Classic;

namespace Bpf.Tool.Commands.Classic;

/// <summary><c>bpf classic dis</c>: from numbers to text, unchecked.</summary>
internal static class ClassicListCommand
{
    public static Command Create()
    {
        Argument<string> file = ClassicCommand.File();
        Option<ClassicForm> form = ClassicCommand.Form(ClassicForm.Listing);
        var command = new Command("dis", "Disassembles a filter, whether the kernel would take it or not.") { file, form };
        command.SetAction(result =>
        {
            string path = result.GetRequiredValue(file);
            return ClassicCommand.Run("dis", path, () =>
            {
                Console.WriteLine(ClassicCommand.Read(path).ToString(result.GetValue(form)).TrimEnd('\n'));
                return ExitCode.Done;
            });
        });
        return command;
    }
}
