namespace Bpf.Loader.Btf;

/// <summary>
/// How much work a walk over types may be, which goes with the size of the BTF. Types of compilers take a small part of it; types
/// that are made up can share parts so that a walk over them would take hours.
/// </summary>
/// <param name="units">About as many words of types as may be looked at.</param>
internal sealed class BtfBudget(long units)
{
    /// <summary>What was spent so far.</summary>
    public long Spent { get; private set; }

    /// <summary>Takes some of it.</summary>
    /// <exception cref="BpfFormatException">There is nothing left.</exception>
    public void Spend(long cost)
    {
        Spent += cost;
        if (Spent > units)
            throw new BpfFormatException("The types share so much with each other that working through all of them would take very long: the BTF is damaged, or made to do harm.", ".BTF types", null, BpfDiagnosticId.BtfExcessive);
    }
}
