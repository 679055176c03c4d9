namespace Bpf.Loader.Btf;

/// <summary>
/// Checks that every name and every type that a BTF refers to exists. Loops and incomplete types are legal here; what walks
/// types guards against them.
/// </summary>
internal static class BtfValidator
{
    public static void Check(BtfReader btf)
    {
        for (int id = btf.FirstId; id < btf.TypeCount; id++) Check(btf, btf[new BtfTypeId(id)]);
    }

    private static void Check(BtfReader btf, BtfType type)
    {
        CheckName(btf, type, type.NameOffset);
        switch (type.Kind)
        {
            case BtfKind.Array:
                CheckType(btf, type, type.Array.ElementTypeId);
                CheckType(btf, type, type.Array.IndexTypeId);
                break;
            case BtfKind.Struct or BtfKind.Union:
                foreach (BtfMember member in type.Members)
                {
                    CheckName(btf, type, member.NameOffset);
                    CheckType(btf, type, member.TypeId);
                }

                break;
            case BtfKind.Enum or BtfKind.Enum64:
                foreach (BtfEnumerator value in type.Enumerators) CheckName(btf, type, value.NameOffset);
                break;
            case BtfKind.FunctionPrototype:
                CheckType(btf, type, type.TypeId);
                foreach (BtfParameter parameter in type.Parameters)
                {
                    CheckName(btf, type, parameter.NameOffset);
                    CheckType(btf, type, parameter.TypeId);
                }

                break;
            case BtfKind.DataSection:
                foreach (BtfSectionVariable variable in type.Variables) CheckType(btf, type, variable.TypeId);
                break;
            case BtfKind.Function:
                CheckType(btf, type, type.TypeId);
                if (btf[type.TypeId].Kind != BtfKind.FunctionPrototype) throw Bad(type, $"refers to {btf[type.TypeId]}, which is not a prototype");
                break;
            case BtfKind.Pointer or BtfKind.Typedef or BtfKind.Volatile or BtfKind.Const or BtfKind.Restrict
                or BtfKind.Variable or BtfKind.DeclarationTag or BtfKind.TypeTag:
                CheckType(btf, type, type.TypeId);
                break;
        }
    }

    private static void CheckName(BtfReader btf, BtfType type, uint offset)
    {
        // To look at the names would take as long as their number times the length of the longest.
        if (offset >= btf.StringEnd && offset != 0) throw Bad(type, $"has a name at offset 0x{offset:x}, outside of the strings");
    }

    private static void CheckType(BtfReader btf, BtfType type, BtfTypeId id)
    {
        if (!btf.Contains(id)) throw Bad(type, $"refers to type {id}, which does not exist (there are {btf.TypeCount})");
    }

    private static BpfFormatException Bad(BtfType type, string what) =>
        new($"Type {type.Id} ({type.Kind}) {what}.", ".BTF types", type.Offset, BpfDiagnosticId.BadBtfReference);
}
