using System;
using System.IO;
using System.Runtime.Versioning;
using System.Text;
using Bpf.Loader.Diagnostics;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;

namespace Bpf.Loader.Links;

/// <summary>Finds out why the kernel does not let a function of its own be probed.</summary>
[SupportedOSPlatform("linux")]
internal static class KernelFunctionFailure
{
    public static BpfAttachException Of(string operation, Errno errno, ProgramToAttach program, string? function, string target)
    {
        if (function is null || errno is Errno.EPERM or Errno.EACCES)
            return AttachFailure.OfCall(operation, errno, program, target, Capability.PerfMon);

        string cannot = $"The program '{program.Name}' cannot be attached to {target}: ";
        int known = Search(function, out CloseNames close);
        if (known == 0)
        {
            return new BpfAttachException(
                BpfDiagnosticId.NoSuchKernelFunction, target, $"{cannot}this kernel has no function '{function}'.", Errno.ENOENT, operation,
                "It may have been inlined by the compiler, or be in a module that is not loaded.", close.Best);
        }

        // EADDRNOTAVAIL since 6.7: a name that several functions bear.
        if (known > 1 && errno == Errno.EADDRNOTAVAIL)
        {
            return new BpfAttachException(
                BpfDiagnosticId.AmbiguousFunction, target, $"{cannot}{known} different functions have that name.", errno, operation,
                "Give the address of the one that is meant, as /proc/kallsyms lists it.");
        }

        if (known > 0 && errno is Errno.EINVAL or Errno.ENOENT or Errno.EILSEQ)
        {
            return new BpfAttachException(
                BpfDiagnosticId.NotTraceable, target, $"{cannot}the kernel has it, but it cannot be probed there ({errno}).", errno, operation,
                "It is marked notrace or NOKPROBE (see kprobes/blacklist in debugfs), or the offset is not that of an instruction.");
        }

        return AttachFailure.OfCall(operation, errno, program, target, Capability.PerfMon);
    }

    // How many functions bear the name; -1 when the symbols cannot be read.
    private static int Search(string function, out CloseNames close)
    {
        close = new CloseNames(function);
        byte[] wanted = Encoding.UTF8.GetBytes(function);
        Span<char> text = stackalloc char[256];
        int count = 0;
        try
        {
            using KernelSymbolReader symbols = KernelSymbolReader.Open();
            while (symbols.TryRead(out KernelSymbol symbol))
            {
                if ((symbol.Kind | 0x20) is not ((byte)'t' or (byte)'w')) continue;
                if (symbol.Name.SequenceEqual(wanted)) count++;
                else if (symbol.Name.Length <= text.Length) close.Add(text[..Encoding.Latin1.GetChars(symbol.Name, text)]);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return -1;
        }

        return count;
    }
}
