using System;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Loading;

/// <summary>The types of an object as they are given to a kernel, whichever it is.</summary>
internal static class ObjectTypes
{
    /// <summary>The types of an object as a kernel takes them that knows all kinds.</summary>
    public static BtfBuilder Describe(BpfObjectFile file)
    {
        BtfReader btf = file.Btf!;
        var builder = new BtfBuilder(btf);

        // A hidden sub-program is verified where it is called, and not on its own as global functions are.
        foreach (BpfFunction function in file.Functions)
        {
            if (function is { IsSubProgram: true, IsHidden: true } && FindGlobalFunction(btf, function.Name) is BtfTypeId id)
                builder.SetLinkage(id, BtfLinkage.Static);
        }

        return builder;
    }

    /// <summary>Whether a map may know what its keys and values are; some types refuse to.</summary>
    public static bool AreTakenBy(BpfMapType type) => type is not (
        BpfMapType.PerfEventArray or BpfMapType.CgroupArray or BpfMapType.StackTrace or BpfMapType.ArrayOfMaps or BpfMapType.HashOfMaps
        or BpfMapType.DevMap or BpfMapType.DevMapHash or BpfMapType.CpuMap or BpfMapType.XskMap or BpfMapType.SockMap or BpfMapType.SockHash
        or BpfMapType.Queue or BpfMapType.Stack or BpfMapType.Arena);

    private static BtfTypeId? FindGlobalFunction(BtfReader btf, string name)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(name);
        for (BtfNameIndex.Chain chain = btf.Index.Find(BtfReader.EssentialName(utf8)); chain.TryNext(out BtfType type);)
        {
            if (type.Kind == BtfKind.Function && type.Linkage == BtfLinkage.Global && type.NameUtf8.SequenceEqual(utf8)) return type.Id;
        }

        return null;
    }
}
