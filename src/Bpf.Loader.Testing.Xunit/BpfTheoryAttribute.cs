using System;
using System.Collections.Generic;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace Bpf.Loader.Testing.Xunit;

/// <summary>
/// A test that runs in the machine and on the kernel: it takes a <see cref="BpfTestBed"/> and is run with each. Where the kernel cannot run
/// it, for want of rights or because it is too old, it is skipped there, with the reason.
/// </summary>
/// <example>
/// <code>
/// [BpfTheory]
/// public void Denied_networks_are_dropped(BpfTestBed on)
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BpfTheoryAttribute : TheoryAttribute, IDataAttribute
{
    /// <summary>Marks a test.</summary>
    /// <param name="sourceFilePath">Filled in by the compiler.</param>
    /// <param name="sourceLineNumber">Filled in by the compiler.</param>
    public BpfTheoryAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) => SkipExceptions = [typeof(BpfUnavailableException)];

    /// <summary>Whether the machine or the kernel, or, by default, both.</summary>
    public BpfTestBeds Beds { get; set; } = BpfTestBeds.Both;

    bool? IDataAttribute.Explicit => null;

    int? IDataAttribute.Timeout => null;

    string? IDataAttribute.Label => null;

    string? IDataAttribute.TestDisplayName => null;

    string[]? IDataAttribute.Traits => null;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        List<ITheoryDataRow> rows = [];
        if (Beds.HasFlag(BpfTestBeds.Machine)) rows.Add(new TheoryDataRow<BpfTestBed>(On.Machine));
        if (Beds.HasFlag(BpfTestBeds.Kernel)) rows.Add(new TheoryDataRow<BpfTestBed>(On.Kernel));
        return new(rows);
    }

    /// <summary>Each run of the test has a machine of its own, which is made then.</summary>
    public bool SupportsDiscoveryEnumeration() => false;
}
