namespace Bpf.Loader.Btf;

/// <summary>
/// Where the record of a type has names and type ids besides its own name, as byte offsets: every such field is either in the
/// header (offset 8) or in a column of equal steps. What renumbers or collects references needs to know no more of a kind.
/// </summary>
/// <param name="HeadIsType">True when the third word of the header is a type id and not a size.</param>
/// <param name="FirstName">The first name behind the header; 0 when there are none.</param>
/// <param name="FirstType">The first type id behind the header; 0 when there are none.</param>
/// <param name="Step">The distance from one to the next.</param>
/// <param name="Count">How many there are of each.</param>
internal readonly record struct BtfFields(bool HeadIsType, int FirstName, int FirstType, int Step, int Count)
{
    public static BtfFields Of(BtfKind kind, int length) => kind switch
    {
        BtfKind.Pointer or BtfKind.Typedef or BtfKind.Volatile or BtfKind.Const or BtfKind.Restrict or BtfKind.Function
            or BtfKind.Variable or BtfKind.DeclarationTag or BtfKind.TypeTag => new BtfFields(true, 0, 0, 0, 0),
        BtfKind.FunctionPrototype => new BtfFields(true, 12, 16, 8, length),
        BtfKind.Array => new BtfFields(false, 0, 12, 4, 2),
        BtfKind.Struct or BtfKind.Union => new BtfFields(false, 12, 16, 12, length),
        BtfKind.Enum => new BtfFields(false, 12, 0, 8, length),
        BtfKind.Enum64 => new BtfFields(false, 12, 0, 12, length),
        BtfKind.DataSection => new BtfFields(false, 0, 12, 12, length),
        _ => default,
    };
}
