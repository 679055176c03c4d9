using System;
using System.Text;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Loading;

/// <summary>
/// Rewrites the BTF of an object so that an older kernel takes it. Ids stay, sizes stay; what the kernel does not know becomes
/// something that it knows and that has as long a record.
/// </summary>
internal static class BtfSanitizer
{
    /// <summary>The BTF as bytes, in the byte order of this machine; as it is when the kernel takes all of it.</summary>
    public static ReadOnlyMemory<byte> Sanitize(BtfReader btf, BtfFeatures supported)
    {
        bool isNative = btf.IsBigEndian != BitConverter.IsLittleEndian;
        if (isNative && (supported & BtfFeatures.All) == BtfFeatures.All) return btf.Raw;

        var builder = new BtfBuilder(btf);
        if (!supported.HasFlag(BtfFeatures.Layout)) builder.RemoveLayout();
        BtfTypeId placeholder = default;
        for (int id = btf.FirstId; id < btf.TypeCount; id++)
        {
            BtfType type = btf[new BtfTypeId(id)];
            if (type.Kind == BtfKind.Enum64 && !supported.HasFlag(BtfFeatures.Enum64))
            {
                if (placeholder.IsVoid) placeholder = builder.AddInt("enum64_placeholder", 1);
                MakeUnion(builder, type, placeholder);
            }
            else
            {
                Sanitize(builder, type, supported);
            }
        }

        return builder.ToArray();
    }

    private static void Sanitize(BtfBuilder builder, BtfType type, BtfFeatures supported)
    {
        bool Lacks(BtfFeatures feature) => (supported & feature) == 0;
        switch (type.Kind)
        {
            case BtfKind.Variable when Lacks(BtfFeatures.DataSections):
            case BtfKind.DeclarationTag when Lacks(BtfFeatures.DeclarationTags):
                // One byte, so that as a member it fits where the variable was.
                builder.SetKind(type.Id, BtfKind.Int, 0, false);
                builder.SetSize(type.Id, 1);
                builder.SetInt(type.Id, BtfIntEncoding.None, 0, 8);
                break;
            case BtfKind.DataSection when Lacks(BtfFeatures.DataSections) || (type.VariableLength == 0 && Lacks(BtfFeatures.EmptyDataSections)):
                MakeStruct(builder, type);
                break;
            case BtfKind.DataSection when Lacks(BtfFeatures.QuestionMarkNames) && type.NameUtf8 is [(byte)'?', ..]:
                builder.SetName(type.Id, "_" + type.Name[1..]);
                break;
            case BtfKind.FunctionPrototype when Lacks(BtfFeatures.Functions):
                // A parameter has as many bytes as an enumerator; kernels of that time want enums of 4 bytes.
                builder.SetKind(type.Id, BtfKind.Enum, type.VariableLength, false);
                builder.SetSize(type.Id, 4);
                break;
            case BtfKind.Function when Lacks(BtfFeatures.Functions):
                builder.SetKind(type.Id, BtfKind.Typedef, 0, false);
                break;
            case BtfKind.Function when Lacks(BtfFeatures.GlobalFunctions):
                builder.SetLinkage(type.Id, BtfLinkage.Static);
                break;
            case BtfKind.Float when Lacks(BtfFeatures.Floats):
                // Without a name, since no struct can be called "float".
                builder.SetKind(type.Id, BtfKind.Struct, 0, false);
                builder.SetName(type.Id, 0);
                break;
            case BtfKind.TypeTag when Lacks(BtfFeatures.TypeTags):
                builder.SetKind(type.Id, BtfKind.Const, 0, false);
                builder.SetName(type.Id, 0);
                break;
            case BtfKind.Enum when Lacks(BtfFeatures.Enum64):
                builder.SetKindFlag(type.Id, false);
                break;
        }
    }

    /// <summary>A data section becomes a struct: its variables become members with their names, offsets go from bytes to bits.</summary>
    private static void MakeStruct(BtfBuilder builder, BtfType section)
    {
        builder.SetKind(section.Id, BtfKind.Struct, section.VariableLength, false);
        byte[] name = section.NameUtf8.ToArray();
        foreach (ref byte b in name.AsSpan())
        {
            if (b is (byte)'.' or (byte)'?') b = (byte)'_';
        }

        builder.SetName(section.Id, Encoding.UTF8.GetString(name));
        int index = 0;
        foreach (BtfSectionVariable variable in section.Variables)
        {
            uint memberName = builder.AddString(section.Reader[variable.TypeId].NameUtf8);
            builder.SetMember(section.Id, index++, memberName, variable.TypeId, variable.Offset * 8);
        }
    }

    private static void MakeUnion(BtfBuilder builder, BtfType type, BtfTypeId placeholder)
    {
        builder.SetKind(type.Id, BtfKind.Union, type.VariableLength, false);
        for (int i = 0; i < type.VariableLength; i++)
        {
            builder.SetEntryType(type.Id, i, placeholder);
            builder.SetMemberOffset(type.Id, i, 0);
        }
    }
}
