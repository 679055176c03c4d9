using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace Bpf.Loader.Maps;

/// <summary>How a C# structure lies in memory, to be compared with a C structure; see <see cref="BpfMap.CheckValueLayout"/>.</summary>
/// <remarks>
/// The fields are shown by reference, which needs no reflection and works in programs that are trimmed or compiled ahead of time:
/// <c>BpfStructLayout.Of&lt;Event&gt;(fields => fields.Add(ref fields.Value.Pid).Add(ref fields.Value.Comm))</c>.
/// </remarks>
public sealed class BpfStructLayout
{
    private readonly List<BpfStructField> _fields = [];

    private BpfStructLayout(string name, int size)
    {
        Name = name;
        Size = size;
    }

    /// <summary>Takes down the fields of a structure.</summary>
    /// <typeparam name="T">The structure.</typeparam>
    /// <param name="fields">Takes one.</param>
    public delegate void Describer<T>(BpfStructFields<T> fields)
        where T : unmanaged;

    /// <summary>The name of the structure.</summary>
    public string Name { get; }

    /// <summary>Its bytes.</summary>
    public int Size { get; }

    /// <summary>Its fields, in the order in which they were shown.</summary>
    public IReadOnlyList<BpfStructField> Fields => _fields;

    /// <summary>Describes a structure.</summary>
    /// <typeparam name="T">The structure.</typeparam>
    /// <param name="describe">Shows its fields.</param>
    public static BpfStructLayout Of<T>(Describer<T> describe)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(describe);
        T value = default;
        var layout = new BpfStructLayout(typeof(T).Name, Unsafe.SizeOf<T>());
        describe(new BpfStructFields<T>(layout._fields, ref value));
        return layout;
    }
}
