using System;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Threading;
using Bpf.Loader.Interop;
using Xunit;

namespace Bpf.Loader.KernelTests.Kernel;

/// <summary>Runs something on a thread that has given up all capabilities: on Linux they belong to the thread.</summary>
internal static class WithoutRights
{
    private const uint Version3 = 0x20080522;

    public static void Run(Action action)
    {
        ExceptionDispatchInfo? thrown = null;
        var thread = new Thread(() =>
        {
            try
            {
                DropCapabilities();
                action();
            }
            catch (Exception exception)
            {
                thrown = ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        thrown?.Throw();
    }

    // capset(2) with all sets empty.
    private static unsafe void DropCapabilities()
    {
        nint number = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 126 : 91;
        ulong header = Version3;
        ulong* data = stackalloc ulong[3];
        data[0] = data[1] = data[2] = 0;
        Assert.True(BitConverter.IsLittleEndian);
        Assert.Equal(0, LibC.SystemCall(number, (nint)(&header), (nint)data, 0));
    }
}
