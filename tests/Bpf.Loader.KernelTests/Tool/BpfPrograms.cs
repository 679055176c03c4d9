using System.Collections.Generic;
using Bpf.Loader.Interop;

namespace Bpf.Loader.KernelTests.Tool;

/// <summary>The programs of this system.</summary>
internal static class BpfPrograms
{
    public static IReadOnlyList<string> Names()
    {
        var names = new List<string>();
        uint id = 0;
        while (BpfSyscall.NextId(BpfCommand.ProgGetNextId, id, out id) == Errno.None)
        {
            try
            {
                using BpfProgram program = BpfProgram.OpenById(id);
                names.Add(program.Name);
            }
            catch (BpfException e) when (e.Errno == Errno.ENOENT)
            {
                // It went away between the two calls.
                continue;
            }
        }

        return names;
    }
}
