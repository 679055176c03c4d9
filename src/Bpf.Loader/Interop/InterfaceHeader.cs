using System.Runtime.InteropServices;

namespace Bpf.Loader.Interop;

/// <summary><c>struct ifinfomsg</c>: what messages about network devices begin with.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct InterfaceHeader
{
    public byte Family;
    public ushort Type;
    public int Index;
    public uint Flags;
    public uint Change;
}
