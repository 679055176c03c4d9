using System;
using Bpf.Loader.Testing.Maps;

namespace Bpf.Loader.Testing.Helpers;

/// <summary>Reads of memory that may not be there: what fails gives <c>-EFAULT</c> and zeros, and never a fault.</summary>
internal static class ProbeHelpers
{
    [Flags]
    private enum Side
    {
        Kernel = 1,
        User = 2,
    }

    public static void AddTo(BpfHelperTable helpers)
    {
        helpers["bpf_probe_read"] = static call => Read(call, Side.Kernel | Side.User);
        helpers["bpf_probe_read_kernel"] = static call => Read(call, Side.Kernel);
        helpers["bpf_probe_read_user"] = static call => Read(call, Side.User);
        helpers["bpf_copy_from_user"] = static call => Read(call, Side.User);
        helpers["bpf_copy_from_user_task"] = static call => Read(call, Side.User);
        helpers["bpf_probe_read_str"] = static call => ReadText(call, Side.Kernel | Side.User);
        helpers["bpf_probe_read_kernel_str"] = static call => ReadText(call, Side.Kernel);
        helpers["bpf_probe_read_user_str"] = static call => ReadText(call, Side.User);
        helpers["bpf_probe_write_user"] = static call =>
        {
            ReadOnlySpan<byte> source = call.Read(2, (int)call[3]);
            return call.Executor.TryUserSpan(call[1], source.Length, out Span<byte> target) && source.TryCopyTo(target) ? 0 : unchecked((ulong)Error.NotPermitted);
        };
    }

    private static ulong Read(BpfCall call, Side side)
    {
        Span<byte> target = call.Write(1, (int)(uint)call[2]);
        ulong address = call[3];
        if (target.IsEmpty || (Has(side, address) && call.Executor.TryPeek(address, target))) return 0;
        target.Clear();
        return unchecked((ulong)Error.Fault);
    }

    // strncpy_from_kernel_nofault: the length with its NUL, which is always written.
    private static ulong ReadText(BpfCall call, Side side)
    {
        Span<byte> target = call.Write(1, (int)(uint)call[2]);
        if (target.IsEmpty) return 0;
        ulong address = call[3];
        if (!Has(side, address))
        {
            target.Clear();
            return unchecked((ulong)Error.Fault);
        }

        for (int i = 0; i < target.Length; i++)
        {
            if (!call.Executor.TryPeek(address + (ulong)i, target.Slice(i, 1)))
            {
                target.Clear();
                return unchecked((ulong)Error.Fault);
            }

            if (target[i] == 0) return (ulong)i + 1;
        }

        target[^1] = 0;
        return (ulong)target.Length;
    }

    private static bool Has(Side side, ulong address) => (side & ((address >> 63) != 0 ? Side.Kernel : Side.User)) != 0;
}
