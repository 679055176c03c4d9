using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Links.Rules;
using Xunit;

namespace Bpf.Loader.Tests.Links.Rules;

[SupportedOSPlatform("linux")]
public sealed class ProcessEventsTests
{
    private const uint Fork = 1, Exec = 2, Uid = 4, Comm = 0x200, Exit = 0x80000000;

    [Theory]
    [InlineData(Fork, new[] { 7, 7, 42, 42 }, 42, false)]
    [InlineData(Fork, new[] { 7, 7, 43, 42 }, 0, false)] // a thread
    [InlineData(Exec, new[] { 42, 42, 0, 0 }, 42, false)]
    [InlineData(Exec, new[] { 43, 42, 0, 0 }, 42, false)]
    [InlineData(Exit, new[] { 42, 42, 9, 17 }, 42, true)]
    [InlineData(Exit, new[] { 43, 42, 9, 17 }, 0, true)] // a thread
    [InlineData(Uid, new[] { 42, 42, 0, 0 }, 0, false)]
    [InlineData(Comm, new[] { 42, 42, 0, 0 }, 42, false)]
    [InlineData(Comm, new[] { 43, 42, 0, 0 }, 0, false)] // a thread
    public void Tells_what_becomes_of_processes_and_not_of_threads(uint what, int[] data, int process, bool isEnd)
    {
        byte[] message = Message(what, data);
        Assert.Equal(process != 0, ProcessEvents.TryRead(message, out int found, out bool ended));
        if (process != 0) Assert.Equal((process, isEnd), (found, ended));
        for (int length = 0; length < message.Length; length++) Assert.False(ProcessEvents.TryRead(message.AsSpan(0, length), out _, out _));
    }

    // struct nlmsghdr, struct cn_msg, struct proc_event.
    private static byte[] Message(uint what, int[] data) =>
        [.. new byte[16 + 20], .. MemoryMarshal.AsBytes<uint>([what, 0, 0, 0]), .. MemoryMarshal.AsBytes<int>(data)];
}
