using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Bpf.Loader.Testing.Maps;

namespace Bpf.Loader.Testing.Helpers;

/// <summary>Stacks, cookies, arguments and results of traced functions.</summary>
internal static class TracingHelpers
{
    // BPF_F_SKIP_FIELD_MASK, BPF_F_USER_STACK, BPF_F_REUSE_STACKID.
    private const ulong SkipMask = 0xff, UserStack = 1 << 8, ReuseId = 1 << 10;

    public static void AddTo(BpfHelperTable helpers)
    {
        helpers["bpf_get_stackid"] = static call => (ulong)call.Map<StackTraceMap>(2).Add(StackOf(call, call[3]), (call[3] & ReuseId) != 0);
        helpers["bpf_get_stack"] = static call => (ulong)CopyStack(call, 2, (int)call[3], call[4]);
        helpers["bpf_get_task_stack"] = static call => (ulong)CopyStack(call, 2, (int)call[3], call[4]);
        helpers["bpf_get_func_ip"] = static call => call.Machine.FunctionAddress;
        helpers["bpf_get_attach_cookie"] = static call => call.Machine.Cookie;
        helpers["bpf_override_return"] = static call =>
        {
            call.Machine.HookResult = (int)call[2];
            return 0;
        };
        helpers["bpf_get_func_arg_cnt"] = static call => (ulong)Arguments(call).ArgumentCount;
        helpers["bpf_get_func_arg"] = static call =>
        {
            TracingContext arguments = Arguments(call);
            bool exists = call[2] < (ulong)arguments.ArgumentCount;
            call.Write(3, exists ? arguments[(int)call[2]] : 0);
            return exists ? 0 : unchecked((ulong)Error.Invalid);
        };
        helpers["bpf_get_func_ret"] = static call =>
        {
            TracingContext arguments = Arguments(call);
            if (arguments.Result is not { } result) return unchecked((ulong)Error.NotSupported);
            call.Write(2, result);
            return 0;
        };
        helpers["bpf_kallsyms_lookup_name"] = static call =>
        {
            if (call[3] != 0) return unchecked((ulong)Error.Invalid);
            bool isKnown = call.Machine.KernelSymbols.TryGetValue(PrintHelpers.TextOf(call.Read(1, (int)call[2])), out ulong address);
            call.Write(4, address);
            return isKnown ? 0 : unchecked((ulong)Error.NoEntry);
        };
        helpers["bpf_read_branch_records"] = static _ => unchecked((ulong)Error.NoEntry);
        helpers["bpf_get_branch_snapshot"] = static _ => unchecked((ulong)Error.NoEntry);
        helpers["bpf_d_path"] = static call =>
        {
            if (call.Machine.PathOf is not { } pathOf) throw call.Executor.Fault(BpfDiagnosticId.HelperNotSupplied, "calls bpf_d_path, and the test does not say what paths are: machine.PathOf = path => …");
            byte[] text = System.Text.Encoding.UTF8.GetBytes(pathOf(call[1]) + "\0");
            Span<byte> target = call.Write(2, (int)call[3]);
            if (text.Length > target.Length) return unchecked((ulong)Error.NameTooLong);
            text.CopyTo(target);
            return (ulong)text.Length;
        };
    }

    private static TracingContext Arguments(BpfCall call) => call.ContextOf<TracingContext>();

    private static ulong[] StackOf(BpfCall call, ulong flags)
    {
        IReadOnlyList<ulong> stack = (flags & UserStack) != 0 ? call.Machine.UserStack : call.Machine.KernelStack;
        return [.. stack.Skip((int)(flags & SkipMask))];
    }

    private static long CopyStack(BpfCall call, int argument, int size, ulong flags)
    {
        if (size % 8 != 0) return Error.Invalid;
        Span<byte> target = call.Write(argument, size);
        target.Clear();
        ulong[] stack = StackOf(call, flags);
        if (stack.Length == 0) return Error.Fault;
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(stack.AsSpan(0, Math.Min(stack.Length, size / 8)));
        bytes.CopyTo(target);
        return bytes.Length;
    }
}
