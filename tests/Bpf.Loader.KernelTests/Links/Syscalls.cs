using System;
using System.IO;
using Bpf.Loader.Interop;

namespace Bpf.Loader.KernelTests.Links;

/// <summary>Makes the kernel do things that programs are attached to.</summary>
internal static class Syscalls
{
    private const int GetPriority = 140; // x86-64

    /// <summary>Calls getpriority(2), which nobody else in this process does.</summary>
    public static void CallGetPriority(int times)
    {
        for (int i = 0; i < times; i++) LibC.SystemCall(GetPriority, 0, 0, 0);
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
}
