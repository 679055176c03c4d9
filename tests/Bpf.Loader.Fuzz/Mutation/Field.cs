namespace Bpf.Loader.Fuzz.Mutation;

/// <summary>A number in a file.</summary>
/// <param name="Offset">Where it stands.</param>
/// <param name="Size">Its size in bytes: 1, 2, 4 or 8.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="Group">The table or header that it stands in: the symbols, the types, the code.</param>
/// <param name="Owner">The number of the record that it belongs to, by which others refer to that; a reference to it is a loop.</param>
internal readonly record struct Field(int Offset, int Size, FieldKind Kind, int Group, int Owner = 0);
