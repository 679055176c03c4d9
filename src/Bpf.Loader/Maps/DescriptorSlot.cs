using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Maps;

/// <summary>Puts a descriptor into a map whose values are objects of the kernel.</summary>
[SupportedOSPlatform("linux")]
internal static class DescriptorSlot
{
    /// <summary>Sets the value of a key to what is behind a descriptor.</summary>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public static void Set(BpfMap map, ref readonly byte key, SafeHandle value, string hint) => Set(map, in key, value, _ => hint);

    /// <summary>As the other, with a hint that is made of the descriptor when the kernel refuses it.</summary>
    public static void Set(BpfMap map, ref readonly byte key, SafeHandle value, Func<int, string> hint)
    {
        bool added = false;
        try
        {
            value.DangerousAddRef(ref added);
            // Some kinds of socket map have values of 8 bytes.
            long descriptor = (int)value.DangerousGetHandle();
            int word = (int)descriptor;
            ref byte bytes = ref map.ValueSize == sizeof(long) ? ref Unsafe.As<long, byte>(ref descriptor) : ref Unsafe.As<int, byte>(ref word);
            Errno errno = BpfSyscall.MapUpdate(map.Handle, in key, in bytes, 0);
            if (errno is Errno.EINVAL or Errno.EBADF)
                throw new BpfException(BpfCommand.MapUpdateElement, errno, MapRefusal.Describe(map), hint(word));
            if (errno != Errno.None)
                MapRefusal.Throw(map, BpfCommand.MapUpdateElement, errno);
        }
        finally
        {
            if (added)
                value.DangerousRelease();
        }
    }
}
