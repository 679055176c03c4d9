using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.Versioning;
using System.Text;
using System.Threading;
using Bpf.Loader.Interop;
using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader.Kernel;

/// <summary>
/// Knows which modules have BTF. Ids are never used twice, so what an id is of is asked once, and only the list is read anew.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class ModuleBtfCatalog
{
    /// <summary>Where the kernel shows BTF as files.</summary>
    public const string Folder = "/sys/kernel/btf";

    private const string KernelName = "vmlinux";

    private static readonly Lock Gate = new();

    // By id; null is BTF that is not a module's.
    private static Dictionary<uint, KernelModuleBtf?> _known = [];

    /// <summary>The modules of this moment.</summary>
    /// <exception cref="BpfException">Memory or descriptors ran short.</exception>
    public static IReadOnlyList<KernelModuleBtf> Current
    {
        get
        {
            lock (Gate)
                return Refresh() ?? ListFiles();
        }
    }

    /// <summary>The modules of this moment, found without bpf(2): they have no ids and no descriptors.</summary>
    public static IReadOnlyList<KernelModuleBtf> Files => ListFiles();

    /// <summary>Forgets everything and closes the descriptors, once nobody uses them.</summary>
    public static void Release()
    {
        lock (Gate)
            _known = [];
    }

    // Null when the process may not walk the ids.
    private static List<KernelModuleBtf>? Refresh()
    {
        var present = new Dictionary<uint, KernelModuleBtf?>();
        var modules = new List<KernelModuleBtf>();
        for (uint id = 0; ;)
        {
            Errno errno = BpfSyscall.NextId(BpfCommand.BtfGetNextId, id, out id);
            if (errno == Errno.EPERM)
                return null;
            if (IsShortage(errno))
                throw Refusal.Of(BpfCommand.BtfGetNextId, errno, "the list of the modules' types");
            if (errno != Errno.None)
                break;
            if (!_known.TryGetValue(id, out KernelModuleBtf? module) && !TryOpen(id, out module))
                continue;
            present[id] = module;
            if (module is not null)
                modules.Add(module);
        }

        _known = present;
        return modules;
    }

    // False when the BTF vanished meanwhile.
    private static bool TryOpen(uint id, out KernelModuleBtf? module)
    {
        module = null;
        FileDescriptorHandle? handle = BpfSyscall.OpenById(BpfCommand.BtfGetFdById, id, 0, out Errno errno);
        if (handle is null)
            return IsShortage(errno) ? throw Refusal.Of(BpfCommand.BtfGetFdById, errno, $"the types with id {id}") : false;
        Span<byte> name = stackalloc byte[64];
        errno = BpfSyscall.GetBtfInfo(handle, out BtfInfo info, default, name);

        // Kernels before 5.11 have no BTF of modules, and do not know of names.
        if (errno == Errno.None && info.KernelBtf != 0 && info.NameLen > 0)
        {
            string text = Encoding.UTF8.GetString(name[..(int)Math.Min(info.NameLen, (uint)name.Length - 1)]);
            if (text != KernelName)
                module = new KernelModuleBtf(text, id, handle);
        }

        if (module is null)
            handle.Dispose();
        return true;
    }

    // A module that is not seen for want of memory or descriptors is there all the same.
    private static bool IsShortage(Errno errno) => errno is Errno.ENOMEM or Errno.EMFILE or Errno.ENFILE;

    // Everybody may read the files. They lack the ids, so programs cannot refer to what is found there, but types can be compared.
    private static List<KernelModuleBtf> ListFiles()
    {
        var modules = new List<KernelModuleBtf>();
        if (!Directory.Exists(Folder))
            return modules;
        try
        {
            foreach (string path in Directory.EnumerateFiles(Folder))
            {
                string name = Path.GetFileName(path);
                if (name != KernelName)
                    modules.Add(new KernelModuleBtf(name, 0, null));
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // What is not shown is not there.
            return modules;
        }

        modules.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return modules;
    }
}
