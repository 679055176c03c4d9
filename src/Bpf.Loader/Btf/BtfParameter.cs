using System;
using System.Text;

namespace Bpf.Loader.Btf;

/// <summary>A parameter of a function.</summary>
public readonly struct BtfParameter
{
    private readonly BtfReader _reader;
    private readonly uint _name;

    internal BtfParameter(BtfReader reader, uint name, BtfTypeId type)
    {
        _reader = reader;
        _name = name;
        TypeId = type;
    }

    /// <summary>The name, UTF-8; may be empty.</summary>
    public ReadOnlySpan<byte> NameUtf8 => _reader.GetStringUtf8(_name);

    /// <summary>The name; may be empty.</summary>
    public string Name => Encoding.UTF8.GetString(NameUtf8);

    internal uint NameOffset => _name;

    /// <summary>The type; <c>void</c> without a name as the last parameter means variable arguments.</summary>
    public BtfTypeId TypeId { get; }
}
