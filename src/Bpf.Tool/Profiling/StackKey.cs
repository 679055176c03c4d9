using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bpf.Loader;

namespace Bpf.Tool.Profiling;

/// <summary><c>struct stack_key</c> of profile.bpf.c.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StackKey
{
    public ulong StartTime;
    public uint Pid;
    public int KernelStack;
    public int UserStack;
    public CommBytes Comm;
    public uint Unused;

    [InlineArray(16)]
    internal struct CommBytes
    {
        private byte _first;

        /// <summary>The text in it.</summary>
        public override string ToString() => BpfText.Read(this);
    }
}
