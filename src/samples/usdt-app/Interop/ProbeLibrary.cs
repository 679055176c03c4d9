using System.Reflection;
using System.Runtime.InteropServices;

namespace Bpf.Samples.Interop;

/// <summary>The functions of <c>native-shims/dotnet-usdt.c</c>.</summary>
internal static partial class ProbeLibrary
{
    private const string Name = "dotnet-usdt";

    /// <summary>Whether it was found: beside the program, where LD_LIBRARY_PATH says, or in the system.</summary>
    public static bool IsLoaded { get; } = NativeLibrary.TryLoad(Name, Assembly.GetExecutingAssembly(), searchPath: null, out _);

    public static ListenerCount BeginListeners { get; } = IsLoaded ? new(BeginSemaphore()) : default;

    public static ListenerCount EndListeners { get; } = IsLoaded ? new(EndSemaphore()) : default;

    [LibraryImport(Name, EntryPoint = "dotnet_usdt_begin", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void Begin(long id, string name);

    [LibraryImport(Name, EntryPoint = "dotnet_usdt_end", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void End(long id, string name, long nanoseconds);

    [LibraryImport(Name, EntryPoint = "dotnet_usdt_begin_semaphore")]
    private static partial nint BeginSemaphore();

    [LibraryImport(Name, EntryPoint = "dotnet_usdt_end_semaphore")]
    private static partial nint EndSemaphore();
}
