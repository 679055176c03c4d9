using System.Collections;
using System.Collections.Generic;

namespace Bpf.Loader.Records;

/// <summary>
/// A struct of C as a struct of C#, which knows its members by their names in C. As a list it has one entry for each value in it, those
/// of inner structs as <c>address.port</c>: so it can be a scope of a logger, the attributes of a log record, or the tags of an activity.
/// </summary>
/// <remarks>
/// Integers are <see cref="long"/>, or <see cref="ulong"/> where that is too small; arrays are arrays; texts, enums, pointers (in
/// hexadecimal) and IP addresses are strings, and arrays of structs are a string of JSON. The classes that <c>bpf gen skeleton</c> makes
/// have it, with <see cref="BpfRecordConverter{T}"/> for JSON.
/// </remarks>
/// <typeparam name="TSelf">The struct.</typeparam>
public interface IBpfRecord<TSelf> : IReadOnlyList<KeyValuePair<string, object?>>
    where TSelf : unmanaged, IBpfRecord<TSelf>
{
    /// <summary>The type in C.</summary>
    static abstract BpfRecordType RecordType { get; }

    /// <inheritdoc/>
    int IReadOnlyCollection<KeyValuePair<string, object?>>.Count => TSelf.RecordType.Names.Count;

    /// <inheritdoc/>
    KeyValuePair<string, object?> IReadOnlyList<KeyValuePair<string, object?>>.this[int index]
    {
        get
        {
            var self = (TSelf)this;
            return TSelf.RecordType.GetValue(in self, index);
        }
    }

    /// <inheritdoc/>
    IEnumerator<KeyValuePair<string, object?>> IEnumerable<KeyValuePair<string, object?>>.GetEnumerator()
    {
        for (int i = 0; i < Count; i++) yield return this[i];
    }

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
