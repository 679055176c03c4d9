namespace Bpf.Loader.Fuzz.Mutation;

/// <summary>Changes objects in ways that keep the rest of them sound.</summary>
internal static class ElfSurgery
{
    /// <summary>Gives a section other data, which is put behind the end of the file.</summary>
    /// <param name="image">The object, or a damaged copy of it.</param>
    /// <param name="layout">The layout of the object.</param>
    /// <param name="section">The name of the section; without one, the object stays as it is.</param>
    /// <param name="data">The data.</param>
    public static byte[] Replace(byte[] image, Layout layout, string section, byte[] data)
    {
        int index = ElfDescriber.FindIndex(layout, section);
        int header = ElfDescriber.HeaderOf(layout, index);
        if (index < 0 || header + 40 > image.Length) return image;
        int end = (image.Length + 7) & ~7;
        byte[] grown = new byte[end + data.Length];
        image.CopyTo(grown, 0);
        data.CopyTo(grown, end);
        layout.Write(grown, new Field(header + 24, 8, FieldKind.Offset, 0), (ulong)end);
        layout.Write(grown, new Field(header + 32, 8, FieldKind.Length, 0), (ulong)data.Length);
        return grown;
    }
}
