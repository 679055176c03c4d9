using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Bpf.Loader.Fuzz.Mutation;

/// <summary>The sound files that inputs are made of: the objects of <c>testdata</c>, and what is in them.</summary>
internal static class Seeds
{
    // Larger ones take their time in every input that is made of them, and hold nothing that the small ones do not.
    private const int MaximumSize = 24 << 10;

    private static readonly Lazy<Layout[]> LazyObjects = new(() => [.. Names().Select(Read).Where(static image => image.Length <= MaximumSize).Select(ElfDescriber.Describe)]);
    private static readonly Lazy<Layout[]> LazyTypes = new(() => Sections(".BTF", BtfDescriber.Describe));
    private static readonly Lazy<Layout[]> LazyExts = new(() => Sections(".BTF.ext", BtfExtDescriber.Describe));

    /// <summary>The folder of the repository.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Compiled objects, and what was linked of them.</summary>
    public static IReadOnlyList<Layout> Objects => LazyObjects.Value;

    /// <summary>The types of the objects.</summary>
    public static IReadOnlyList<Layout> Types => LazyTypes.Value;

    /// <summary>The <c>.BTF.ext</c> of the objects.</summary>
    public static IReadOnlyList<Layout> Exts => LazyExts.Value;

    /// <summary>An object by its name.</summary>
    public static byte[] Object(string name) => Read(Path.Combine(Repository, "testdata", name));

    /// <summary>A damaged object.</summary>
    public static byte[] MutatedObject(FuzzRandom random)
    {
        Layout layout = random.Pick(Objects);
        byte[] copy = Mutator.Mutate(layout, random, random.Pick(Objects).Image);

        // Types that no compiler wrote, in an object that is sound otherwise.
        return random.Once(8) ? ElfSurgery.Replace(random.Once(2) ? layout.Image : copy, layout, ".BTF", MutatedTypes(random)) : copy;
    }

    /// <summary>Damaged types, or such as no compiler writes.</summary>
    public static byte[] MutatedTypes(FuzzRandom random)
    {
        if (!random.Once(3)) return Mutator.Mutate(random.Pick(Types), random, random.Pick(Types).Image);
        byte[] generated = TypeGenerator.Generate(random);
        return random.Once(3) ? Mutator.Mutate(BtfDescriber.Describe(generated), random) : generated;
    }

    private static Layout[] Sections(string name, Func<byte[], Layout> describe)
    {
        var layouts = new List<Layout>();
        foreach (Layout layout in Objects)
        {
            Part place = ElfDescriber.Find(layout, name);
            if (place.Length > 0) layouts.Add(describe(layout.Image.AsSpan(place.Offset, place.Length).ToArray()));
        }

        return [.. layouts];
    }

    private static byte[] Read(string path) => File.ReadAllBytes(path);

    // In an order of their own, which no file system and no language of the machine changes. Those for arm64 have the shapes of those
    // beside them, and other offsets.
    private static IEnumerable<string> Names() =>
        Directory.EnumerateFiles(Path.Combine(Repository, "testdata"), "*.bpf.o", SearchOption.AllDirectories)
            .Where(static path => Path.GetFileName(Path.GetDirectoryName(path)) != "arm64").Order(StringComparer.Ordinal);

    private static string FindRepository()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Bpf.Loader.sln"))) return at.FullName;
        }

        throw new DirectoryNotFoundException("The fuzzer runs outside of the repository: no Bpf.Loader.sln above " + AppContext.BaseDirectory);
    }
}
