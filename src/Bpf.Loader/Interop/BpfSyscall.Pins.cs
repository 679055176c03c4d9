using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader.Interop;

internal static unsafe partial class BpfSyscall
{
    /// <summary>BPF_OBJ_PIN (4.4): keeps a map, program, link or BTF alive under a path of bpffs.</summary>
    /// <param name="path">The path.</param>
    /// <param name="handle">What is kept.</param>
    /// <param name="folder">What the path is below (6.5); null for that of the process.</param>
    public static Errno ObjectPin(string path, FileDescriptorHandle handle, FileDescriptorHandle? folder = null)
    {
        using HandleUse use = handle.Use();
        using var below = new HandleUse(folder);
        byte* text = ToNativeText(path);
        try
        {
            var attribute = new ObjPinAttr { PathName = Address(text), BpfFd = use.Unsigned };
            if (folder is not null) (attribute.PathFd, attribute.FileFlags) = (below.Descriptor, (uint)BpfMapFlags.PathFd);
            return CallForError(BpfCommand.ObjPin, ref attribute, ObjPinAttr.WireSize);
        }
        finally
        {
            FreeNativeText(text);
        }
    }

    /// <summary>BPF_OBJ_GET (4.4): opens what is pinned under a path of bpffs.</summary>
    /// <param name="path">The path.</param>
    /// <param name="fileFlags">BPF_F_RDONLY or BPF_F_WRONLY for maps (4.15), or none.</param>
    /// <param name="errno">Why it failed.</param>
    /// <param name="folder">What the path is below (6.5); null for that of the process.</param>
    public static FileDescriptorHandle? ObjectGet(string path, BpfMapFlags fileFlags, out Errno errno, FileDescriptorHandle? folder = null)
    {
        using var below = new HandleUse(folder);
        byte* text = ToNativeText(path);
        try
        {
            var attribute = new ObjPinAttr { PathName = Address(text), FileFlags = (uint)fileFlags };
            if (folder is not null) (attribute.PathFd, attribute.FileFlags) = (below.Descriptor, (uint)(fileFlags | BpfMapFlags.PathFd));
            return CallForDescriptor(BpfCommand.ObjGet, ref attribute, ObjPinAttr.WireSize, out errno);
        }
        finally
        {
            FreeNativeText(text);
        }
    }
}
