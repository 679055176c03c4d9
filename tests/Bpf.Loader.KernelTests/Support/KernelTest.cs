using System;
using System.Net.Sockets;
using Xunit;

namespace Bpf.Loader.KernelTests.Support;

/// <summary>A test against the kernel: it needs root, and must close what it opens.</summary>
public abstract class KernelTest : IDisposable
{
    private readonly KernelResources _before;

    static KernelTest()
    {
        // The first socket makes the runtime open an epoll descriptor for ever.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    }

    protected KernelTest()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");
        _before = KernelResources.Count();
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
        HookTable.Note(TestContext.Current);
        _before.AssertUnchanged();
    }

    /// <summary>Closes what the test holds in fields.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
