using System.Collections.Generic;
using Bpf.Loader.Btf;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Loading;

/// <summary>The value of a struct_ops map as this kernel wants it.</summary>
internal sealed class StructOpsImage
{
    /// <summary>The wrapper structure <c>bpf_struct_ops_NAME</c> in the kernel's BTF.</summary>
    public required BtfTypeId ValueTypeId { get; init; }

    /// <summary>The module that has the structure; null for the kernel itself.</summary>
    public required BtfReader? Module { get; init; }

    /// <summary>The bytes; callbacks are filled in when their programs are loaded.</summary>
    public required byte[] Value { get; init; }

    /// <summary>Where each callback's descriptor goes, as an offset in <see cref="Value"/>.</summary>
    public List<(int Offset, BpfProgramDefinition Program)> Callbacks { get; } = [];
}
