using System;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;

namespace Bpf.Loader.Objects;

/// <summary>The programs, maps, globals or externs of an object file, in order and by name.</summary>
/// <typeparam name="T">What they are.</typeparam>
public sealed class BpfDefinitionCollection<T> : IReadOnlyList<T>
    where T : class
{
    private readonly List<T> _items;
    private readonly string _what;
    private readonly Func<T, string> _name;
    private readonly Func<T, string?>? _alias;
    private readonly Func<string, IEnumerable<string>, string?> _hint;
    private Dictionary<string, T>? _byName;

    internal BpfDefinitionCollection(List<T> items, string what, Func<T, string> name, Func<string, IEnumerable<string>, string?> hint, Func<T, string?>? alias = null)
    {
        _hint = hint;
        _items = items;
        _what = what;
        _name = name;
        _alias = alias;
    }

    /// <inheritdoc/>
    public int Count => _items.Count;

    /// <inheritdoc/>
    public T this[int index] => _items[index];

    /// <summary>The one with a name; the first, when there are several.</summary>
    /// <exception cref="KeyNotFoundException">There is none; the message tells which there are.</exception>
    public T this[string name] => TryGet(name, out T? item)
        ? item
        : throw new KeyNotFoundException(Explain(name));

    /// <summary>Finds the one with a name; the first, when there are several.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryGet(string name, [NotNullWhen(true)] out T? item)
    {
        ArgumentNullException.ThrowIfNull(name);
        _byName ??= Index();
        return _byName.TryGetValue(name, out item);
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Add(T item)
    {
        _items.Add(item);
        _byName?.TryAdd(_name(item), item);
    }

    private string Explain(string name)
    {
        string known = $"There {(Count == 0 ? "are none" : "are: " + string.Join(", ", _items.Select(_name)))}.";
        return $"There is no {_what} '{name}'. {(_hint(name, _items.Select(_name)) is string hint ? hint + " " : "")}{known}";
    }

    private Dictionary<string, T> Index()
    {
        var index = new Dictionary<string, T>(_items.Count, StringComparer.Ordinal);
        foreach (T item in _items) index.TryAdd(_name(item), item);
        if (_alias is null) return index;
        foreach (T item in _items)
        {
            if (_alias(item) is string alias) index.TryAdd(alias, item);
        }

        return index;
    }
}
