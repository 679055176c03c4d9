using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using Bpf.Loader.Classic;
using Bpf.Loader.Interop;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Tests.Classic;
using Xunit;

namespace Bpf.Loader.KernelTests.Classic;

/// <summary>Filters of classic BPF on the system calls of threads, which end with the test.</summary>
[AnyKernel]
public sealed class SeccompTests : KernelTest
{
    private static readonly nint GetParent = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 110 : 173; // getppid(2)

    private static readonly ClassicFilter RefusesGetParent = ClassicFilter.Parse($"ld [0]\njeq #{GetParent}, refuse\nret #0x7fff0000\nrefuse: ret #0x0005007b"); // ERRNO | 123

    [Fact]
    public void A_filter_refuses_a_call_of_its_thread_and_of_no_other()
    {
        nint before = 0, after = 0;
        Errno errno = Errno.None;
        string status = "";
        OnThread(() =>
        {
            before = LibC.SystemCall(GetParent, 0, 0, 0);
            SeccompFilter.Install(RefusesGetParent);
            after = LibC.SystemCall(GetParent, 0, 0, 0);
            errno = LibC.LastError;
            status = File.ReadLines("/proc/thread-self/status").Single(static line => line.StartsWith("Seccomp:", StringComparison.Ordinal));
        });
        Assert.True(before > 0);
        Assert.Equal((-1, (Errno)123, "Seccomp:\t2"), ((int)after, errno, status));
        Assert.True(LibC.SystemCall(GetParent, 0, 0, 0) > 0);
    }

    [Fact]
    public void What_the_kernel_would_not_take_is_told_with_its_instruction()
    {
        BpfAttachException refused = Assert.IsType<BpfAttachException>(OnThread(static () => SeccompFilter.Install(ClassicFilter.Parse("ld [4]\nldh [0]\nret #0"))));
        Assert.Contains("Instruction 1: 'ldh      [0]' is not for filters of system calls", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_thread_with_a_filter_of_its_own_stands_in_the_way_of_one_for_all()
    {
        using var isThere = new ManualResetEventSlim();
        using var isDone = new ManualResetEventSlim();
        uint other = 0;
        var thread = new Thread(() =>
        {
            other = (uint)LibC.SystemCall(RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 186 : 178, 0, 0, 0); // gettid(2)
            SeccompFilter.Install(RefusesGetParent);
            isThere.Set();
            isDone.Wait();
        });
        thread.Start();
        isThere.Wait();
        BpfAttachException refused = Assert.IsType<BpfAttachException>(OnThread(static () => SeccompFilter.Install(ClassicFilter.Parse("ret #0x7fff0000"), new SeccompOptions { AllThreads = true })));
        isDone.Set();
        thread.Join();
        Assert.Contains($"thread {other} has a filter", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_kernel_takes_what_the_check_takes_and_nothing_else()
    {
        int taken = 0;
        for (int start = 0; start < 4000; start += 500)
        {
            int from = start;
            // The filters of a thread may have so many instructions together.
            Exception? failure = OnThread(() =>
            {
                Assert.Equal(Errno.None, Seccomp.SetNoNewPrivileges());
                for (int seed = from; seed < from + 500; seed++)
                {
                    // What is behind the first instruction never runs, and is checked.
                    var filter = new ClassicFilter([new(0x06, 0, 0, 0x7fff0000), .. FilterGenerator.MakeAny(seed).Instructions.Span]);
                    Errno errno = Seccomp.Install(MemoryMarshal.AsBytes(filter.Instructions.Span), isForAll: false, isLogged: false, out _);
                    ClassicRefusal? mine = filter.Check(ClassicFilterUse.Seccomp);
                    Assert.True(errno == Errno.None == mine is null, $"seed {seed}: the kernel says {errno}, the check '{mine}' of\n{filter}");
                    if (mine is null) taken++;
                }
            });
            Assert.Null(failure);
        }

        Assert.InRange(taken, 100, 3900);
    }

    /// <summary>Runs on a thread that ends with it.</summary>
    /// <returns>What was thrown.</returns>
    private static Exception? OnThread(Action body)
    {
        Exception? thrown = null;
        var thread = new Thread(() => thrown = Record.Exception(body));
        thread.Start();
        thread.Join();
        return thrown;
    }
}
