using System;
using System.Collections.Generic;
using System.Globalization;

namespace Bpf.Loader.Testing.Contexts;

/// <summary>The members of a context's structure.</summary>
internal sealed class ContextLayout
{
    private readonly Dictionary<string, ContextField> _byName = [];
    private readonly ContextField?[] _byOffset;

    /// <summary>Reads a description.</summary>
    /// <param name="name">The name of the structure.</param>
    /// <param name="size">Its size in bytes.</param>
    /// <param name="fields">
    /// The members, with blanks between: name, colon, size in bytes, then <c>w</c> for what may be written, <c>p</c> for pointers, <c>z</c>
    /// for what may be read with as many zeros behind it. Each follows the one before; <c>@</c> and a number sets the offset.
    /// </param>
    public ContextLayout(string name, int size, string fields)
    {
        Name = name;
        Size = size;
        _byOffset = new ContextField?[size];
        int offset = 0;
        foreach (string text in fields.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (text[0] == '@')
            {
                offset = int.Parse(text.AsSpan(1), CultureInfo.InvariantCulture);
                continue;
            }

            int colon = text.IndexOf(':', StringComparison.Ordinal);
            int length = int.Parse(text.AsSpan(colon + 1).TrimEnd("wpz"), CultureInfo.InvariantCulture);
            var field = new ContextField(text[..colon], offset, length, text.EndsWith('w'), text.EndsWith('p'), text.EndsWith('z'));
            _byName.Add(field.Name, field);
            _byOffset.AsSpan(offset, length).Fill(field);
            offset += length;
        }
    }

    /// <summary>The name of the structure.</summary>
    public string Name { get; }

    /// <summary>Its size in bytes.</summary>
    public int Size { get; }

    /// <summary>The members.</summary>
    public IReadOnlyCollection<ContextField> Fields => _byName.Values;

    /// <summary>The member of a name.</summary>
    public ContextField this[string name] => _byName.TryGetValue(name, out ContextField? field)
        ? field
        : throw new ArgumentException($"struct {Name} has no member '{name}'; it has {string.Join(", ", _byName.Keys)}.");

    /// <summary>True when there is a member of a name.</summary>
    public bool Contains(string name) => _byName.ContainsKey(name);

    /// <summary>The member that holds all of an access; null when there is none.</summary>
    public ContextField? Find(uint offset, uint size)
    {
        if (offset + size > Size || _byOffset[offset] is not { } field) return null;
        int end = field.Offset + (field.IsPadded && offset == field.Offset ? 2 * field.Size : field.Size);
        return offset + size <= end ? field : null;
    }
}
