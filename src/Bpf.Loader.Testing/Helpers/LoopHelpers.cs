using Bpf.Loader.Testing.Maps;

namespace Bpf.Loader.Testing.Helpers;

/// <summary>Loops by callback.</summary>
internal static class LoopHelpers
{
    // BPF_MAX_LOOPS.
    private const ulong MaximumLoops = 8 * 1024 * 1024;

    public static void AddTo(BpfHelperTable helpers) => helpers["bpf_loop"] = static call =>
    {
        ulong count = (uint)call[1];
        if (call[4] != 0) return unchecked((ulong)Error.Invalid);
        if (count > MaximumLoops) return unchecked((ulong)Error.TooBig);
        for (ulong i = 0; i < count; i++)
        {
            // Whoever returns 1 ends the loop; the round that did so counts.
            if (call.CallBack(2, i, call[3]) != 0) return i + 1;
        }

        return count;
    };
}
