using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Bpf.Loader.Symbols.Interop;

/// <summary>Opens files that belong to others: nothing is waited for, and what is no regular file is not read.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class Files
{
    private const nint OpenAt2 = 437; // since 5.6, the same on all architectures
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const ulong Place = 0x200000, CloseOnExec = 0x80000, NonBlocking = 0x800; // O_PATH, O_CLOEXEC, O_NONBLOCK
    private const nint EmptyPath = 0x1000; // AT_EMPTY_PATH: the descriptor itself
    private const nint Wanted = 0x1 | 0x2 | 0x8 | 0x100; // STATX_TYPE, STATX_MODE, STATX_UID, STATX_INO

    // struct statx and its members, include/uapi/linux/stat.h
    private const int StatusRoom = 256, OwnerOffset = 20, ModeOffset = 28, InodeOffset = 32, MajorOffset = 136, MinorOffset = 140;
    private const ushort KindBits = 0xf000, Regular = 0x8000;

    private static readonly nint Statx = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 332,
        Architecture.S390x => 379,
        Architecture.Ppc64le or Architecture.X86 => 383,
        Architecture.Arm or Architecture.Armv6 => 397,
        _ => 291,
    };

    /// <summary>Opens a path of our own view; null when there is no such regular file, or it may not be read.</summary>
    public static SafeFileHandle? Open(string path) => Check(Call(CurrentDirectory, path, NonBlocking | CloseOnExec, 0));

    /// <summary>Opens a path as a process sees it, whose root directory is given.</summary>
    public static SafeFileHandle? OpenInRoot(SafeFileHandle root, string path)
    {
        bool isHeld = false;
        try
        {
            root.DangerousAddRef(ref isHeld);
            return Check(Call((int)root.DangerousGetHandle(), path, NonBlocking | CloseOnExec, OpenHow.InRoot));
        }
        finally
        {
            if (isHeld) root.DangerousRelease();
        }
    }

    /// <summary>Opens a directory, for <see cref="OpenInRoot"/>; null when that is not possible.</summary>
    public static SafeFileHandle? OpenRoot(string path) => Call(CurrentDirectory, path, Place | CloseOnExec, 0);

    /// <summary>What an open file is; null when the kernel does not say.</summary>
    public static FileStatus? StatusOf(SafeFileHandle file)
    {
        byte* buffer = stackalloc byte[StatusRoom];
        byte nothing = 0;
        bool isHeld = false;
        try
        {
            file.DangerousAddRef(ref isHeld);
            if (SystemCall(Statx, file.DangerousGetHandle(), (nint)(&nothing), EmptyPath, Wanted, (nint)buffer) < 0) return null;
        }
        finally
        {
            if (isHeld) file.DangerousRelease();
        }

        ulong device = ((ulong)*(uint*)(buffer + MajorOffset) << 32) | *(uint*)(buffer + MinorOffset);
        return new FileStatus(*(ulong*)(buffer + InodeOffset), device, *(uint*)(buffer + OwnerOffset), (*(ushort*)(buffer + ModeOffset) & KindBits) == Regular);
    }

    private static SafeFileHandle? Check(SafeFileHandle? file)
    {
        if (file is null || StatusOf(file) is { IsRegular: true }) return file;
        file.Dispose();
        return null;
    }

    private static SafeFileHandle? Call(int directory, string path, ulong flags, ulong resolve)
    {
        const int Interrupted = 4, TryAgain = 11, Attempts = 16;
        nint text = Marshal.StringToCoTaskMemUTF8(path);
        try
        {
            var how = new OpenHow { Flags = flags, Resolve = resolve };
            for (int attempt = 0; attempt < Attempts; attempt++)
            {
                nint file = SystemCall(OpenAt2, directory, text, (nint)(&how), sizeof(OpenHow), 0);
                if (file >= 0) return new SafeFileHandle(file, ownsHandle: true);
                // Somebody renamed a directory on the way.
                if (Marshal.GetLastPInvokeError() is not (Interrupted or TryAgain)) return null;
            }

            return null;
        }
        finally
        {
            Marshal.FreeCoTaskMem(text);
        }
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint a, nint b, nint c, nint d, nint e);
}
