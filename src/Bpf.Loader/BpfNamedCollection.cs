using System;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Bpf.Loader.Diagnostics;

namespace Bpf.Loader;

/// <summary>The maps or programs of a loaded object, in order and by name.</summary>
/// <typeparam name="T">What they are.</typeparam>
public sealed class BpfNamedCollection<T> : IReadOnlyList<T>
    where T : class
{
    private readonly T[] _items;
    private readonly Dictionary<string, T> _byName = new(StringComparer.Ordinal);
    private readonly string _what;

    internal BpfNamedCollection(string what, IReadOnlyList<(string Name, string Alias, T Item)> items)
    {
        _what = what;
        _items = new T[items.Count];
        for (int i = 0; i < _items.Length; i++)
        {
            _items[i] = items[i].Item;
            _byName.TryAdd(items[i].Name, items[i].Item);
        }

        // Maps of variables are found by the name of their section too.
        foreach ((string _, string alias, T item) in items)
        {
            if (alias.StartsWith('.') && alias != ".maps") _byName.TryAdd(alias, item);
        }
    }

    /// <inheritdoc/>
    public int Count => _items.Length;

    /// <inheritdoc/>
    public T this[int index] => _items[index];

    /// <summary>The one with a name.</summary>
    /// <exception cref="KeyNotFoundException">There is none; the message tells which there are.</exception>
    public T this[string name] => TryGet(name, out T? item)
        ? item
        : throw new KeyNotFoundException(
            $"There is no {_what} '{name}'. {(CloseNames.Hint(name, _byName.Keys) is string hint ? hint + " " : "")}There {(Count == 0 ? "are none" : "are: " + string.Join(", ", _byName.Keys))}.");

    /// <summary>Finds the one with a name.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryGet(string name, [NotNullWhen(true)] out T? item) => _byName.TryGetValue(name, out item);

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
