using System.Text;
using Bpf.Loader.Testing.Maps;

namespace Bpf.Loader.Testing.Helpers;

/// <summary>The output of iterators.</summary>
internal static class SequenceHelpers
{
    public static void AddTo(BpfHelperTable helpers)
    {
        helpers["bpf_seq_printf"] = static call =>
        {
            string? text = PrintHelpers.FormatOf(call.Read(2, (int)call[3])) is { } format ? KernelFormat.Format(call, format, PrintHelpers.Arguments(call, 4, call[5])) : null;
            if (text is null) return unchecked((ulong)Error.Invalid);
            call.Machine.Output.AddRange(Encoding.Latin1.GetBytes(text));
            return 0;
        };
        helpers["bpf_seq_write"] = static call =>
        {
            call.Machine.Output.AddRange(call.Read(2, (int)call[3]).ToArray());
            return 0;
        };
    }
}
