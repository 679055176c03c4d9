using System;
using System.Diagnostics;
using System.Linq;
using System.Threading;

namespace Bpf.Loader.Fuzz.Running;

/// <summary>One input given to a target, and what came of it.</summary>
/// <param name="Verdict">How it ended.</param>
/// <param name="Fault">What went wrong, the same for all inputs that find the same fault.</param>
/// <param name="Exception">The exception, when there was one.</param>
/// <param name="Allocated">The bytes that were allocated.</param>
internal sealed record Trial(Verdict Verdict, string? Fault, Exception? Exception, long Allocated)
{
    // As small as threads of other systems have it; a walk that needs more of it goes as deep as its input says.
    private const int StackSize = 1 << 20;

    /// <summary>Does something on a small stack.</summary>
    public static void OnSmallStack(Action action)
    {
        var thread = new Thread(() => action(), StackSize);
        thread.Start();
        thread.Join();
    }

    /// <summary>Runs an input.</summary>
    public static Trial Run(FuzzTarget target, byte[] input)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exception? exception = null;
        try
        {
            target.Run(input);
        }
#pragma warning disable CA1031 // Whatever comes out is looked at: this is what it is for.
        catch (Exception e)
#pragma warning restore CA1031
        {
            exception = e;
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        long allowed = target.AllocationBase + (target.AllocationPerByte * input.Length);
        if (exception is not null && (!target.IsRefusal(exception) || exception.Message.Length == 0))
            return new Trial(Verdict.Failed, Describe(exception), exception, allocated);
        if (allocated > allowed)
            return new Trial(Verdict.Failed, $"too much was allocated{(exception is null ? "" : ", and then it was refused: " + Place(exception))}", exception, allocated);
        return new Trial(exception is null ? Verdict.Accepted : Verdict.Refused, null, exception, allocated);
    }

    // The place is what tells one fault from another; the numbers in messages differ from input to input.
    private static string Describe(Exception exception) =>
        $"{exception.GetType().Name} in {Place(exception)}{(exception is OracleException ? ": " + new string([.. exception.Message.TakeWhile(c => c is not ('(' or '\'' or '0'))]) : "")}";

    private static string Place(Exception exception)
    {
        foreach (StackFrame frame in new StackTrace(exception).GetFrames())
        {
            if (frame.GetMethod() is { DeclaringType: { Namespace: { } space } type } method
                && space.StartsWith("Bpf.", StringComparison.Ordinal) && type != typeof(Oracle))
                return $"{type.Name}.{method.Name}";
        }

        return "?";
    }
}
