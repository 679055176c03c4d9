using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Bpf.Loader.Interop;

/// <summary>
/// bpf(2), one method a command. A refusal is an <see cref="Errno"/> and never an exception; <see cref="Refusal"/> makes one of it.
/// Handles are kept open for the length of the call; nothing is allocated.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class BpfSyscall
{
    // The command bit that announces a second structure (newer than 6.19).
    private const uint CommonAttributes = 1u << 16;

    /// <summary>Any command, with an attribute structure that holds numbers only.</summary>
    /// <param name="command">The command.</param>
    /// <param name="attribute">Its structure, zero where it is not used.</param>
    /// <param name="size">The end of the last field that is used; kernels refuse what they do not know unless it is zero.</param>
    /// <param name="errno">Why it failed.</param>
    /// <returns>What the kernel returns, or a negative number.</returns>
    public static int Call<T>(BpfCommand command, ref T attribute, uint size, out Errno errno)
        where T : unmanaged
    {
        fixed (T* pointer = &attribute)
            return Call((uint)command, pointer, size, out errno);
    }

    private static int Call(uint command, void* attribute, uint size, out Errno errno)
    {
        nint result;
        do result = LibC.SystemCall(SystemCallNumbers.Bpf, (nint)command, (nint)attribute, (nint)size, out errno);
        while (errno == Errno.EINTR && !IsPartlyDone((BpfCommand)command));
        return (int)result;
    }

    // Before these are made again, it must be looked at what was done before the signal came.
    private static bool IsPartlyDone(BpfCommand command) => command
        is BpfCommand.MapLookupBatch or BpfCommand.MapLookupAndDeleteBatch or BpfCommand.MapUpdateBatch or BpfCommand.MapDeleteBatch;

    private static Errno CallForError<T>(BpfCommand command, ref T attribute, uint size)
        where T : unmanaged
    {
        Call(command, ref attribute, size, out Errno errno);
        return errno;
    }

    private static FileDescriptorHandle? CallForDescriptor<T>(BpfCommand command, ref T attribute, uint size, out Errno errno)
        where T : unmanaged
    {
        int fd = Call(command, ref attribute, size, out errno);
        return fd < 0 ? null : FileDescriptorHandle.Adopt(fd);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Address(void* pointer) => (nuint)pointer;

    private static byte* ToNativeText(string text) => (byte*)Marshal.StringToCoTaskMemUTF8(text);

    private static void FreeNativeText(byte* text) => Marshal.FreeCoTaskMem((nint)text);
}
