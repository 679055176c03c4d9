using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Bpf.Tool.Profiling;

/// <summary><c>struct reading</c> of counters.bpf.c.</summary>
/// <param name="Counter">What was counted.</param>
/// <param name="Enabled">How long it was to be counted, in nanoseconds.</param>
/// <param name="Running">How long it was: counters are shared when there are too few.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct CounterReading(ulong Counter, ulong Enabled, ulong Running)
{
    /// <summary>How many a program reads (MAX_METRICS).</summary>
    public const int Maximum = 8;

    public static CounterReading operator +(CounterReading a, CounterReading b) => new(a.Counter + b.Counter, a.Enabled + b.Enabled, a.Running + b.Running);

    /// <summary><c>struct readings</c> of counters.bpf.c.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Set
    {
        public Values Of;
        public uint Valid;
        public uint Unused;
    }

    [InlineArray(Maximum)]
    internal struct Values
    {
        private CounterReading _first;
    }
}
