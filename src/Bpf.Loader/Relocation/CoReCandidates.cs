using System;
using System.Collections.Generic;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Relocation;

/// <summary>
/// The types of the target that a type of the object may mean: those of the same kind and of the same name but for the flavor. The
/// modules are asked only for what the kernel does not have.
/// </summary>
internal sealed class CoReCandidates(BtfReader local, ITargetTypes target)
{
    private readonly Dictionary<BtfTypeId, BtfType[]> _byRoot = [];
    private readonly HashSet<BtfTypeId> _notInKernel = [];

    /// <summary>The candidates for a type of the object that has a name.</summary>
    public BtfType[] this[BtfTypeId root]
    {
        get => _byRoot.TryGetValue(root, out BtfType[]? known) ? known : _byRoot[root] = Find(root);

        // What fits one access is all that later accesses are compared with, as in libbpf.
        set => _byRoot[root] = value;
    }

    /// <summary>
    /// Looks in the kernel for all these types at once, which costs hardly more than looking for one. Modules are left alone until a
    /// type that the kernel does not have is really asked for.
    /// </summary>
    public void Prepare(IReadOnlyCollection<BtfTypeId> roots)
    {
        var search = new BtfNameSearch(target.Kernel);
        foreach (BtfTypeId id in roots)
        {
            ReadOnlySpan<byte> name = local[id].NameUtf8;
            if (!name.IsEmpty) search.Add(name);
        }

        search.Run();
        foreach (BtfTypeId id in roots)
        {
            BtfType root = local[id];
            if (root.NameUtf8.IsEmpty || _byRoot.ContainsKey(id)) continue;
            BtfType[] found = OfKind(search[root.NameUtf8], root.Kind);
            if (found.Length > 0) _byRoot[id] = found;
            else _notInKernel.Add(id);
        }
    }

    private BtfType[] Find(BtfTypeId id)
    {
        BtfType root = local[id];
        if (_notInKernel.Contains(id)) return FindInModules(root);
        var search = new BtfNameSearch(target.Kernel);
        search.Add(root.NameUtf8);
        search.Run();
        BtfType[] found = OfKind(search[root.NameUtf8], root.Kind);
        return found.Length > 0 ? found : FindInModules(root);
    }

    private BtfType[] FindInModules(BtfType root)
    {
        var found = new List<BtfType>();
        foreach (BtfReader module in target.Modules)
        {
            for (BtfNameIndex.Chain chain = module.Index.Find(BtfReader.EssentialName(root.NameUtf8)); chain.TryNext(out BtfType type);)
            {
                if (CoReKinds.IsCompatible(root.Kind, type.Kind)) found.Add(type);
            }
        }

        return [.. found];
    }

    private BtfType[] OfKind(IReadOnlyList<BtfTypeId> ids, BtfKind kind)
    {
        var found = new List<BtfType>();
        foreach (BtfTypeId id in ids)
        {
            BtfType type = target.Kernel[id];
            if (CoReKinds.IsCompatible(kind, type.Kind)) found.Add(type);
        }

        return [.. found];
    }
}
