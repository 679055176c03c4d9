using System.Runtime.CompilerServices;

namespace Bpf.Loader.KernelTests.Hosting;

/// <summary>struct exec_event of the object execsnoop.</summary>
internal readonly record struct ExecEvent(uint Pid, uint ParentPid, uint UserId, ExecEvent.Text16 Name, ExecEvent.Text128 FileName)
{
    [InlineArray(16)]
    public struct Text16
    {
        private byte _first;
    }

    [InlineArray(128)]
    public struct Text128
    {
        private byte _first;
    }
}
