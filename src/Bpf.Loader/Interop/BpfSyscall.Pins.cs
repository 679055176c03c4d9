using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader.Interop;

internal static unsafe partial class BpfSyscall
{
    /// <summary>BPF_OBJ_PIN (4.4): keeps a map, program, link or BTF alive under a path of bpffs.</summary>
    public static Errno ObjectPin(string path, FileDescriptorHandle handle)
    {
        using HandleUse use = handle.Use();
        byte* text = ToNativeText(path);
        try
        {
            var attribute = new ObjPinAttr { PathName = Address(text), BpfFd = use.Unsigned };
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
    public static FileDescriptorHandle? ObjectGet(string path, BpfMapFlags fileFlags, out Errno errno)
    {
        byte* text = ToNativeText(path);
        try
        {
            var attribute = new ObjPinAttr { PathName = Address(text), FileFlags = (uint)fileFlags };
            return CallForDescriptor(BpfCommand.ObjGet, ref attribute, ObjPinAttr.WireSize, out errno);
        }
        finally
        {
            FreeNativeText(text);
        }
    }
}
