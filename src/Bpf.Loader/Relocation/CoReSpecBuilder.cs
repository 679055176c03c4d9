using System;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Relocation;

/// <summary>A <see cref="CoReSpec"/> in the making; used again for each candidate, so that those that do not fit cost nothing.</summary>
internal sealed class CoReSpecBuilder
{
    // As libbpf's BPF_CORE_SPEC_MAX_LEN.
    public const int MaximumLength = 64;

    private readonly CoReAccessor[] _accessors = new CoReAccessor[MaximumLength];
    private readonly int[] _path = new int[MaximumLength];

    public CoReKind Kind { get; private set; }

    public BtfReader Types { get; private set; } = null!;

    public BtfTypeId RootTypeId { get; private set; }

    public uint BitOffset { get; set; }

    public int PathLength { get; private set; }

    public int AccessorCount { get; private set; }

    public ReadOnlySpan<CoReAccessor> Accessors => _accessors.AsSpan(0, AccessorCount);

    public ReadOnlySpan<int> Path => _path.AsSpan(0, PathLength);

    public bool IsFull => PathLength == MaximumLength;

    public void Reset(CoReKind kind, BtfReader types, BtfTypeId root)
    {
        Kind = kind;
        Types = types;
        RootTypeId = root;
        BitOffset = 0;
        PathLength = 0;
        AccessorCount = 0;
    }

    public void Push(int step) => _path[PathLength++] = step;

    public void Pop() => PathLength--;

    public void Add(CoReAccessor accessor) => _accessors[AccessorCount++] = accessor;

    public CoReSpec ToSpec() => new(Kind, Types, RootTypeId, Accessors.ToArray(), Path.ToArray(), BitOffset);
}
