using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Logging;

/// <summary>The calls of <c>bpf_info</c> and its like in an object: the section that bpf_log.h puts a description of each into.</summary>
internal static class LogSites
{
    /// <summary>The section.</summary>
    public const string Section = ".rodata.bpf_log";

    // struct bpf_log_site of bpf_log.h, and behind it three texts.
    private const uint Magic = 0x676f6c62;
    private const int Alignment = 8, SizeOffset = 4, NumberOffset = 8, LineOffset = 12, LevelOffset = 16, CountOffset = 17;
    private const int KindsOffset = 18, SizesOffset = 30, TextsOffset = 56, MostArguments = 12;

    // Only what a ring buffer's record can hold.
    private const int LargestArgument = 1 << 16;

    /// <summary>Whether the programs of an object log.</summary>
    public static bool AreIn(BpfObjectFile file) => TryFind(file, out _);

    /// <summary>A copy of an object in which each call has its number.</summary>
    public static BpfObjectFile NumberedCopy(BpfObjectFile file)
    {
        BpfObjectFile own = file.Clone();
        Number(own);
        return own;
    }

    /// <summary>Gives each call its number, from 1 on, which the program puts into its entries: of an object that is about to be loaded.</summary>
    public static void Number(BpfObjectFile file)
    {
        if (!TryFind(file, out Memory<byte> section)) return;
        uint number = 0;
        foreach (int at in Places(section.Span, file.IsBigEndian))
        {
            Span<byte> field = section.Span.Slice(at + NumberOffset, sizeof(uint));
            if (file.IsBigEndian) BinaryPrimitives.WriteUInt32BigEndian(field, ++number);
            else BinaryPrimitives.WriteUInt32LittleEndian(field, ++number);
        }
    }

    /// <summary>The calls, in the order of their numbers.</summary>
    public static List<BpfLogSite> Read(BpfObjectFile file)
    {
        var sites = new List<BpfLogSite>();
        if (!TryFind(file, out Memory<byte> memory)) return sites;
        ReadOnlySpan<byte> section = memory.Span;
        foreach (int at in Places(section, file.IsBigEndian)) sites.Add(ReadSite(section.Slice(at, SizeOf(section, at, file.IsBigEndian)), file.IsBigEndian));
        return sites;
    }

    private static bool TryFind(BpfObjectFile file, out Memory<byte> section)
    {
        foreach (BpfMapDefinition map in file.Maps)
        {
            if (map.IsInternal && map.SectionName == Section && map.HasInitialValue)
            {
                section = map.InitialValue;
                return true;
            }
        }

        section = default;
        return false;
    }

    // Between descriptions the linker leaves gaps; and whatever else is in the section is none of them.
    private static List<int> Places(ReadOnlySpan<byte> section, bool isBigEndian)
    {
        var places = new List<int>();
        for (int at = 0; at + TextsOffset <= section.Length;)
        {
            int size = Word(section, at, isBigEndian) == Magic ? SizeOf(section, at, isBigEndian) : 0;
            if (size > 0) places.Add(at);
            at += Math.Max(Alignment, (size + Alignment - 1) & -Alignment);
        }

        return places;
    }

    // 0 when it cannot be a description.
    private static int SizeOf(ReadOnlySpan<byte> section, int at, bool isBigEndian)
    {
        uint size = Word(section, at + SizeOffset, isBigEndian);
        return size >= TextsOffset && size <= (uint)(section.Length - at) && section[at + CountOffset] <= MostArguments ? (int)size : 0;
    }

    private static BpfLogSite ReadSite(ReadOnlySpan<byte> site, bool isBigEndian)
    {
        var arguments = new LogArgument[site[CountOffset]];
        for (int i = 0; i < arguments.Length; i++)
        {
            ReadOnlySpan<byte> size = site.Slice(SizesOffset + (2 * i), sizeof(ushort));
            arguments[i] = new LogArgument(
                (LogArgumentKind)site[KindsOffset + i],
                Math.Clamp((int)(isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(size) : BinaryPrimitives.ReadUInt16LittleEndian(size)), 1, LargestArgument));
        }

        ReadOnlySpan<byte> texts = site[TextsOffset..];
        string format = TakeText(ref texts), expressions = TakeText(ref texts), file = TakeText(ref texts);
        return new BpfLogSite((BpfLogLevel)site[LevelOffset], format, expressions, file, (int)Word(site, LineOffset, isBigEndian), arguments);
    }

    private static string TakeText(ref ReadOnlySpan<byte> texts)
    {
        int end = texts.IndexOf((byte)0);
        ReadOnlySpan<byte> text = end < 0 ? texts : texts[..end];
        texts = end < 0 ? default : texts[(end + 1)..];
        return Encoding.UTF8.GetString(text);
    }

    private static uint Word(ReadOnlySpan<byte> bytes, int at, bool isBigEndian) =>
        isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}
