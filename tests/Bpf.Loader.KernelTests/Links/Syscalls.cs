using System;
using System.IO;
using Bpf.Loader.Interop;
using Bpf.Loader.KernelTests.Support;

namespace Bpf.Loader.KernelTests.Links;

/// <summary>Makes the kernel do things that programs are attached to.</summary>
internal static class Syscalls
{
    /// <summary>Calls getpriority(2), which nobody else in this process does.</summary>
    public static void CallGetPriority(int times)
    {
        for (int i = 0; i < times; i++) LibC.SystemCall(Processor.GetPriority, 0, 0, 0);
    }

    /// <summary>Makes a file and unlinks it.</summary>
    public static string UnlinkFile()
    {
        string path = Path.GetTempFileName();
        File.Delete(path);
        return path;
    }

    /// <summary>Unlinks a file that is not there.</summary>
    public static void UnlinkMissing() => LibC.Unlink("/nonexistent-file");

    /// <summary>Unlinks a file that is not there, by unlinkat(2).</summary>
    public static void UnlinkAtMissing() => LibC.SystemCall(Processor.UnlinkAt, -100, 0, 0);

    /// <summary>Asks a file for something that it does not know; the answer is the refusal.</summary>
    public static Errno Ioctl()
    {
        using FileDescriptorHandle file = KernelFile.OpenRead("/dev/null", out _)!;
        using HandleUse use = file.Use();
        return LibC.IoControl(use.Descriptor, 0x5555, 0) < 0 ? LibC.LastError : Errno.None;
    }
}
