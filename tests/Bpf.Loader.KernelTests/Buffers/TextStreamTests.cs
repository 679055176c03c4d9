using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Bpf.Loader.Btf;
using Bpf.Loader.Buffers;
using Bpf.Loader.Instructions;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using Xunit;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.KernelTests.Buffers;

/// <summary>What programs print: streams of their own, and the trace pipe.</summary>
public sealed class TextStreamTests : KernelTest
{
    private const int TracePrint = 6;

    [Fact]
    public void A_program_has_an_output_and_errors()
    {
        using BpfMap format = Text("count %d\n\0\0\0\0\0\0\0");
        // The kernel function has had two names.
        bool isKnown = KernelBtf.Vmlinux.TryFind("bpf_stream_vprintk_impl", BtfKind.Function, out BtfTypeId print)
            || KernelBtf.Vmlinux.TryFind("bpf_stream_vprintk", BtfKind.Function, out print);
        if (!isKnown)
        {
            Assert.SkipUnless(KernelVersion.Current.CompareTo(new KernelVersion(6, 17, 0)) < 0, "The kernel was built without it.");
            using TestProgram plain = TestProgram.Load(new BpfAssembler().Return(0), BpfProgramType.Syscall);
            using BpfProgram old = BpfProgram.OpenById(plain.Id);
            Assert.Equal("6.17", Assert.Throws<BpfNotSupportedException>(old.OpenOutput).SinceKernel);
            return;
        }

        // Prints 7 to the stream that its context names.
        using TestProgram loaded = TestProgram.Load(
            new BpfAssembler()
                .Store(BpfAccessSize.DoubleWord, R10, -8, 7)
                .Load(BpfAccessSize.Word, R1, R1, 0)
                .LoadMapValue(R2, format, 0).Move(R3, R10).Alu(BpfAluOperation.Add, R3, -8).Move(R4, 8).Move(R5, 0)
                .CallKernelFunction(print.Value).Exit(),
            BpfProgramType.Syscall);
        using BpfProgram program = BpfProgram.OpenById(loaded.Id);
        using Stream output = program.OpenOutput();
        using Stream errors = program.OpenErrors();
        Assert.Equal("", Read(output));
        Print(1);
        Print(2);
        Print(1);
        Assert.Equal("count 7\ncount 7\n", Read(output));
        Assert.Equal("", Read(output));
        Print(2);
        Assert.Equal("count 7\ncount 7\n", Read(errors));
        Print(1);
        Assert.Equal((byte)'c', output.ReadByte());
        Assert.Equal("ount 7\n", Read(output));
        Assert.Equal(0, output.Read([], 0, 0));
        Assert.Throws<NotSupportedException>(() => output.Position);

        void Print(int stream)
        {
            byte[] context = BitConverter.GetBytes(stream);
            var spin = default(SpinWait);
            for (int tries = 0; ; tries++)
            {
                int result = (int)loaded.RunWithContext(context);
                if (result == 0)
                    return;
                // The kernel takes the memory by kmalloc_nolock(), which may fail, and always does so on some configurations.
                Assert.Equal(Errno.ENOMEM, (Errno)(-result));
                Assert.SkipWhen(tries == 100, "This kernel never has memory for what programs print.");
                spin.SpinOnce();
            }
        }
    }

    [Fact]
    public void A_pipe_of_ones_own_has_what_programs_print()
    {
        string word = $"own{Environment.ProcessId}";
        using TestProgram program = Printing(word);
        using var pipe = TracePipe.OpenOwn();
        Assert.False(pipe.TryReadLine(out _));
        program.RunWithContext(new byte[8]);
        Assert.EndsWith(word, ReadUntil(pipe, word), StringComparison.Ordinal);
        Assert.False(pipe.TryReadLine(out string none));
        Assert.Equal("", none);
    }

    [Fact]
    public void The_pipe_of_all_has_it_too()
    {
        // Somebody else may read the pipe, and take a line: so print again.
        string word = $"all{Environment.ProcessId}";
        using TestProgram program = Printing(word);
        using var pipe = TracePipe.Open();
        string line = "";
        while (!line.Contains(word, StringComparison.Ordinal))
        {
            if (!pipe.TryReadLine(out line))
                program.RunWithContext(new byte[8]);
        }
    }

    [Fact]
    public async Task Lines_are_streamed_until_the_end()
    {
        string word = $"stream{Environment.ProcessId}";
        using TestProgram program = Printing(word);
        TracePipe pipe = TracePipe.OpenOwn();
        using var stop = new CancellationTokenSource();
        int count = 0;
        program.RunWithContext(new byte[8]);
        await foreach (string line in pipe.ReadLinesAsync(TestContext.Current.CancellationToken))
        {
            if (!line.Contains(word, StringComparison.Ordinal))
                continue;
            if (++count == 3)
                break;
            program.RunWithContext(new byte[8]);
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            stop.CancelAfter(20);
            await foreach (string line in pipe.ReadLinesAsync(stop.Token))
                Assert.DoesNotContain(word, line, StringComparison.Ordinal);
        });

        // Disposing ends a stream that waits.
        _ = Task.Run(async () =>
        {
            await Task.Delay(20);
            pipe.Dispose();
        }, TestContext.Current.CancellationToken);
        await foreach (string line in pipe.ReadLinesAsync(CancellationToken.None))
            Assert.DoesNotContain(word, line, StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => pipe.TryReadLine(out _));
    }

    private static string ReadUntil(TracePipe pipe, string word)
    {
        while (true)
        {
            pipe.Wait(TimeSpan.FromMilliseconds(10));
            if (pipe.TryReadLine(out string line) && line.Contains(word, StringComparison.Ordinal))
                return line;
        }
    }

    private static string Read(Stream stream)
    {
        var all = new List<byte>();
        byte[] some = new byte[5];
        for (int count = stream.Read(some, 0, some.Length); count > 0; count = stream.Read(some, 0, some.Length))
            all.AddRange(some.AsSpan(0, count));
        return Encoding.UTF8.GetString([.. all]);
    }

    /// <summary>A program that prints a word of up to 23 letters.</summary>
    private static TestProgram Printing(string word)
    {
        byte[] bytes = new byte[24];
        Encoding.UTF8.GetBytes(word, bytes);
        var code = new BpfAssembler();
        for (int i = 0; i < bytes.Length; i += 8)
            code.LoadImmediate64(R1, BitConverter.ToUInt64(bytes, i)).Store(BpfAccessSize.DoubleWord, R10, (short)(i - bytes.Length), R1);
        code.Move(R1, R10).Alu(BpfAluOperation.Add, R1, -bytes.Length).Move(R2, bytes.Length).CallHelper(TracePrint).Return(0);
        return TestProgram.Load(code, BpfProgramType.RawTracepoint);
    }

    /// <summary>A constant, as the kernel wants it of a format.</summary>
    private static BpfMap Text(string text)
    {
        BpfMap map = BpfMap.Create(new BpfMapCreateOptions
        {
            Type = BpfMapType.Array,
            Name = "format",
            KeySize = 4,
            ValueSize = text.Length,
            MaxEntries = 1,
            Flags = BpfMapFlags.ReadOnlyProgram,
        });
        map.Update(new byte[4], Encoding.ASCII.GetBytes(text));
        map.Freeze();
        return map;
    }
}
