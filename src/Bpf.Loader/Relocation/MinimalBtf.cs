using System;
using System.Collections.Generic;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Relocation;

/// <summary>
/// Collects, of a kernel's types, what objects ask for by CO-RE: some kilobytes instead of megabytes, so that an agent can bring the
/// types of many kernels that have no BTF of their own (<see cref="BpfLoadOptions.TargetBtf"/>).
/// </summary>
/// <remarks>
/// The choice is that of <c>bpftool gen min_core_btf</c>: the members that are accessed with their types, the enums of enumerators
/// that are asked for, and whole types where whole types are compared. What the kernel lacks stays missing, so that programs that ask
/// first go the same way as with all types. Not safe for use by several threads at a time.
/// </remarks>
public sealed class MinimalBtf
{
    private readonly BtfReader _kernel;
    private readonly BtfSubset _subset;

    /// <summary>Begins with nothing.</summary>
    /// <param name="kernel">All types of the kernel.</param>
    public MinimalBtf(BtfReader kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        _kernel = kernel;
        _subset = new BtfSubset(kernel);
    }

    /// <summary>Adds what an object asks for: all of its programs, whether they are loaded by default or not.</summary>
    /// <param name="file">The object; one without CO-RE relocations adds nothing.</param>
    /// <exception cref="CoReException">A relocation has no single answer on this kernel: the object could not be loaded there.</exception>
    /// <exception cref="BpfFormatException">The types are malformed.</exception>
    public void Add(BpfObjectFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (file.Btf is not { } local || file.BtfExt is not { } info) return;
        var resolver = new CoReResolver(local, new TargetTypes(_kernel));
        resolver.Prepare(info.CoReRecords);
        foreach (BtfExtSection<BtfCoReRecord> section in info.CoReRecords)
        {
            var site = new CoReSite(section.GetName(local), Lines: info);
            foreach (BtfCoReRecord record in section)
            {
                if (resolver.Resolve(record, site).Target is CoReSpec target) Add(target);
            }
        }
    }

    /// <summary>Writes the types that were collected, in the byte order of this machine.</summary>
    public BtfReader ToReader() => _subset.ToReader();

    private void Add(CoReSpec target)
    {
        if (target.Kind == CoReKind.TypeMatches) AddWhole(target.RootTypeId);
        else if (target.Kind.IsField()) AddPath(target);
        else _subset.Add(target.RootTypeId, throughPointers: target.Kind.IsType());
    }

    // The first step is the element of an array that the access starts from: a[0].b, for a pointer to the struct is one to an array.
    private void AddPath(CoReSpec target)
    {
        BtfTypeId current = target.RootTypeId;
        _subset.Add(current, throughPointers: false);
        for (int i = 1; i < target.Path.Count; i++)
        {
            BtfType type = _kernel.StripModifiers(current);
            if (type.Kind == BtfKind.Array)
            {
                current = type.Array.ElementTypeId;
                continue;
            }

            _subset.AddMember(type.Id, target.Path[i]);
            current = type.Members[target.Path[i]].TypeId;
        }
    }

    // Whole types are compared member by member, but behind a pointer structs and unions are only names.
    private void AddWhole(BtfTypeId root)
    {
        var open = new Stack<(BtfTypeId Id, bool BehindPointer)>();
        var seen = new HashSet<(BtfTypeId Id, bool BehindPointer)>();
        open.Push((root, false));
        while (open.TryPop(out (BtfTypeId Id, bool BehindPointer) next))
        {
            if (!seen.Add(next)) continue;
            _subset.Add(next.Id, throughPointers: false);
            BtfType type = _kernel.StripModifiers(next.Id);
            switch (type.Kind)
            {
                case BtfKind.Struct or BtfKind.Union when !next.BehindPointer:
                    for (int i = 0; i < type.VariableLength; i++)
                    {
                        _subset.AddMember(type.Id, i);
                        open.Push((type.Members[i].TypeId, false));
                    }

                    break;
                case BtfKind.Pointer:
                    open.Push((type.TypeId, true));
                    break;
                case BtfKind.Array:
                    open.Push((type.Array.ElementTypeId, next.BehindPointer));
                    break;
                case BtfKind.FunctionPrototype:
                    open.Push((type.TypeId, next.BehindPointer));
                    foreach (BtfParameter parameter in type.Parameters) open.Push((parameter.TypeId, next.BehindPointer));
                    break;
            }
        }
    }
}
