using System;
using System.Collections.Generic;
using System.Linq;

namespace Bpf.Loader.Fuzz.Running;

/// <summary>What came of all inputs of a target.</summary>
internal sealed class TargetResult(FuzzTarget target)
{
    private readonly Dictionary<string, List<long>> _faults = [];

    public FuzzTarget Target { get; } = target;

    public long Accepted { get; private set; }

    public long Refused { get; private set; }

    public long Failed => _faults.Values.Sum(inputs => (long)inputs.Count);

    public long Inputs => Accepted + Refused + Failed;

    public TimeSpan Slowest { get; private set; }

    public long SlowestInput { get; private set; }

    public long Allocated { get; private set; }

    public long AllocatedInput { get; private set; }

    /// <summary>The inputs that failed, by what went wrong.</summary>
    public IEnumerable<(string Fault, IReadOnlyList<long> Inputs)> Faults => _faults.OrderByDescending(fault => fault.Value.Count).Select(fault => (fault.Key, (IReadOnlyList<long>)fault.Value));

    /// <summary>Adds a failure.</summary>
    public void Add(long input, string fault)
    {
        lock (_faults)
        {
            if (!_faults.TryGetValue(fault, out List<long>? inputs)) _faults.Add(fault, inputs = []);
            inputs.Add(input);
        }
    }

    /// <summary>Adds what a worker counted.</summary>
    public void Add(Progress progress)
    {
        lock (_faults)
        {
            Accepted += progress.Accepted;
            Refused += progress.Refused;
            if (progress.Slowest > Slowest.Ticks) (Slowest, SlowestInput) = (TimeSpan.FromTicks(progress.Slowest), progress.SlowestInput);
            if (progress.Allocated > Allocated) (Allocated, AllocatedInput) = (progress.Allocated, progress.AllocatedInput);
        }
    }
}
