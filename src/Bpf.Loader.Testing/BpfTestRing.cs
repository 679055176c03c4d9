using System.Collections;
using System.Collections.Generic;

namespace Bpf.Loader.Testing;

/// <summary>What programs sent in a test: all records since the object was loaded, the oldest first.</summary>
/// <typeparam name="T">Their C type, in C#.</typeparam>
public abstract class BpfTestRing<T> : IReadOnlyList<T>
    where T : unmanaged
{
    private protected BpfTestRing()
    {
    }

    /// <summary>How many there are.</summary>
    public int Count => Records.Count;

    /// <summary>A record.</summary>
    public T this[int index] => Records[index];

    private protected abstract IReadOnlyList<T> Records { get; }

    /// <summary>The records.</summary>
    public IEnumerator<T> GetEnumerator() => Records.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
