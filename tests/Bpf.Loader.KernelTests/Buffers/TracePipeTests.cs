using System;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Bpf.Loader.Buffers;
using Bpf.Loader.Instructions;
using Bpf.Loader.KernelTests.Support;
using Xunit;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.KernelTests.Buffers;

/// <summary>What programs print to the trace pipe.</summary>
public sealed class TracePipeTests : KernelTest
{
    private const int TracePrint = 6;

    [Fact]
    public void A_pipe_of_ones_own_has_what_programs_print()
    {
        string word = $"own{Environment.ProcessId}";
        using TestProgram program = Printing(word);
        using var pipe = TracePipe.OpenOwn();
        Assert.False(pipe.TryReadLine(out _));
        Print(program);
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
                Print(program);
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
        Print(program);
        await foreach (string line in pipe.ReadLinesAsync(TestContext.Current.CancellationToken))
        {
            if (!line.Contains(word, StringComparison.Ordinal))
                continue;
            if (++count == 3)
                break;
            Print(program);
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

    private static void Print(TestProgram program) => Assert.Equal(0u, program.RunWithContext(new byte[8]));

    private static string ReadUntil(TracePipe pipe, string word)
    {
        while (true)
        {
            pipe.Wait(TimeSpan.FromMilliseconds(10));
            if (pipe.TryReadLine(out string line) && line.Contains(word, StringComparison.Ordinal))
                return line;
        }
    }

    /// <summary>A program that prints a word of up to 23 letters. Kernels before 5.13 take no zeroes behind its end.</summary>
    private static TestProgram Printing(string word)
    {
        byte[] bytes = new byte[24];
        Encoding.UTF8.GetBytes(word, bytes);
        var code = new BpfAssembler();
        for (int i = 0; i < bytes.Length; i += 8)
            code.LoadImmediate64(R1, BitConverter.ToUInt64(bytes, i)).Store(BpfAccessSize.DoubleWord, R10, (short)(i - bytes.Length), R1);
        code.Move(R1, R10).Alu(BpfAluOperation.Add, R1, -bytes.Length).Move(R2, word.Length + 1).CallHelper(TracePrint)
            .JumpIf(BpfCondition.SignedLess, R0, 0, "failed").Return(0).Label("failed").Exit();
        return TestProgram.Load(code, BpfProgramType.RawTracepoint);
    }
}
