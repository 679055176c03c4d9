using System;
using System.IO;

namespace Bpf.Loader.Kernel;

/// <summary>Which names the types of the modules in a folder have, and how many modules that are.</summary>
internal sealed class ModuleNames(string folder)
{
    private readonly NameFilter _filter = new();
    private readonly DateTime _written = Written(folder);

    public string Folder => folder;

    /// <summary>How many were looked into.</summary>
    public int Looked { get; set; }

    /// <summary>How many are compressed, and were not.</summary>
    public int Packed { get; set; }

    /// <summary>Whether these are the folder's, and no module was put into it since.</summary>
    public bool IsOf(string other) => other == folder && _written == Written(folder);

    /// <summary>Whether a module may have the name; false for those that none has.</summary>
    public bool MayHold(ReadOnlySpan<byte> name) => _filter.MayHold(name);

    /// <summary>Takes in the names of a module's types, which are as its file has them.</summary>
    public void Add(ReadOnlySpan<byte> types)
    {
        const int LengthOfHeader = 4, StringOffset = 16, StringLength = 20, Smallest = 24;
        // What cannot be cut here cannot be read as types either.
        if (types.Length < Smallest) return;
        // The running kernel's modules are of its byte order.
        ulong start = (ulong)BitConverter.ToUInt32(types[LengthOfHeader..]) + BitConverter.ToUInt32(types[StringOffset..]), length = BitConverter.ToUInt32(types[StringLength..]);
        if (start + length > (ulong)types.Length) return;
        ReadOnlySpan<byte> names = types.Slice((int)start, (int)length);
        while (names.IndexOf((byte)0) is >= 0 and int end)
        {
            _filter.Add(names[..end]);
            names = names[(end + 1)..];
        }
    }

    // depmod writes its list whenever modules were installed.
    private static DateTime Written(string folder) => File.GetLastWriteTimeUtc(Path.Combine(folder, "modules.dep"));
}
