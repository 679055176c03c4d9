namespace Bpf.Loader.Light;

/// <summary>
/// The layout of what a loader program is given and gives back, its context: the verifier's log, the step that it is at, what the caller
/// sets of each map, and the descriptors of what exists.
/// </summary>
/// <param name="maps">The number of maps.</param>
/// <param name="programs">The number of programs.</param>
/// <param name="externs">The number of things that are looked up in the kernel's types.</param>
internal readonly struct LoaderContext(int maps, int programs, int externs)
{
    public const int LogLevel = 0, LogSize = 4, LogBuffer = 8, Step = 16;

    private const int Header = 24, PerMap = 16, PerDescriptor = sizeof(int);
    private const int ObjectTypes = 0, InnerMap = 1, FirstMap = 2;

    /// <summary>The size in bytes.</summary>
    public int Size => (Descriptor(FirstMap + maps + programs + externs) + 7) & ~7;

    /// <summary>True when instructions reach all of it: their offsets have 15 bits.</summary>
    public bool IsReachable => Size <= short.MaxValue;

    /// <summary>The descriptors that are the loader's own, which it closes.</summary>
    public int ObjectTypesDescriptor => Descriptor(ObjectTypes);

    public int InnerMapDescriptor => Descriptor(InnerMap);

    /// <summary>How many descriptors there are, from <see cref="ObjectTypesDescriptor"/> on.</summary>
    public int DescriptorCount => FirstMap + maps + programs + externs;

    public int DescriptorAt(int index) => Descriptor(index);

    /// <summary>Where the address of a map's value in the caller's memory stands; 0 for the value that came along.</summary>
    public static int InitialValue(int map) => Header + (map * PerMap);

    /// <summary>Where the number of a map's entries stands; 0 for the number that came along.</summary>
    public static int MaxEntries(int map) => InitialValue(map) + sizeof(ulong);

    /// <summary>Where the number of entries of a map's inner maps stands; 0 for the number that came along.</summary>
    public static int InnerMaxEntries(int map) => MaxEntries(map) + sizeof(uint);

    public int Map(int index) => Descriptor(FirstMap + index);

    public int Program(int index) => Descriptor(FirstMap + maps + index);

    /// <summary>The BTF of the module that something was found in.</summary>
    public int Extern(int index) => Descriptor(FirstMap + maps + programs + index);

    private int Descriptor(int index) => Header + (maps * PerMap) + (index * PerDescriptor);
}
