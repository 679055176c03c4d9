using System;

namespace Bpf.Loader.Btf;

public sealed partial class BtfReader
{
    private int _pointerSize;

    /// <summary>
    /// The size of a pointer on the machine that the types are of, in bytes: that of <c>long</c>, in whatever order its words were
    /// written; 8 when there is no such type.
    /// </summary>
    public int PointerSize
    {
        get
        {
            // Two threads may look for it; they find the same.
            if (_pointerSize == 0) _pointerSize = Base?.PointerSize ?? FindPointerSize();
            return _pointerSize;
        }
    }

    private int FindPointerSize()
    {
        for (int i = FirstId; i < TypeCount; i++)
        {
            BtfType type = this[new BtfTypeId(i)];
            if (type.Kind == BtfKind.Int && type.Size is 4 or 8 && IsLong(type.NameUtf8)) return (int)type.Size;
        }

        return BpfPointerSize;
    }

    // `long` with `int`, `unsigned` or both beside it, each at most once; as libbpf, neither `signed` nor `long long`.
    private static bool IsLong(ReadOnlySpan<byte> name)
    {
        int longs = 0, ints = 0, unsigneds = 0, others = 0;
        foreach (Range range in name.Split((byte)' '))
        {
            ReadOnlySpan<byte> word = name[range];
            if (word.SequenceEqual("long"u8)) longs++;
            else if (word.SequenceEqual("int"u8)) ints++;
            else if (word.SequenceEqual("unsigned"u8)) unsigneds++;
            else others++;
        }

        return longs == 1 && ints <= 1 && unsigneds <= 1 && others == 0;
    }
}
