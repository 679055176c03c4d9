using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Bpf.Loader.Instructions;
using Bpf.Loader.Interop;
using Bpf.Loader.Tests.Instructions;
using Xunit;

namespace Bpf.Loader.KernelTests.Instructions;

public partial class DisassemblerTests
{
    // A kernel prints what it knows: before these versions the line says BUG, or leaves the sign out.
    private static readonly Dictionary<string, Version> Since = new()
    {
        ["atomic"] = new(5, 12),
        ["signed"] = new(6, 6),
        ["swap"] = new(6, 6),
        ["memory"] = new(6, 6),
        ["gotol"] = new(6, 6),
        ["may_goto"] = new(6, 9),
        ["ordered"] = new(6, 15),
    };

    public static TheoryData<string> Programs { get; } = new(IsaPrograms.All.Keys);

    [Theory]
    [MemberData(nameof(Programs))]
    public void Text_equals_the_verifiers_log(string program)
    {
        if (Since.TryGetValue(program, out Version? since) && Environment.OSVersion.Version < since)
            Assert.Skip($"Needs Linux {since}.");

        BpfInstruction[] code = IsaPrograms.All[program];
        string log = Verify(code);
        int compared = 0;
        foreach (Match line in LogLine().Matches(log))
        {
            int index = int.Parse(line.Groups["index"].Value, System.Globalization.CultureInfo.InvariantCulture);

            // References are addresses by the time that the verifier prints them.
            if (code[index] is { IsLoadImmediate64: true, Source: not 0 })
                continue;
            Assert.Equal(line.Groups["text"].Value.TrimEnd(), $"({code[index].Code:x2}) {BpfDisassembler.Format(code, index)}");
            compared++;
        }

        // Every instruction but the second halves and the references of 64-bit loads is walked.
        int expected = code.Length - (2 * code.Count(i => i is { IsLoadImmediate64: true, Source: not 0 })) - code.Count(i => i is { IsLoadImmediate64: true, Source: 0 });
        Assert.True(compared >= expected, $"{compared} of {expected} instructions were in the log:\n{log}");
    }

    [Fact]
    public void Helper_names_equal_the_verifiers_log()
    {
        for (int number = 0; number < BpfHelper.Count; number++)
        {
            // The program is refused for most helpers, but its call is printed before.
            string log = Verify(new BpfAssembler().CallHelper(number).Exit().ToArray());
            Match line = LogLine().Match(log);
            if (line.Success && !line.Groups["text"].Value.Contains("unknown", StringComparison.Ordinal))
                Assert.Equal($"(85) call {BpfHelper.GetName(number)}#{number}", line.Groups["text"].Value.TrimEnd());
            else
                Assert.True(Environment.OSVersion.Version < new Version(6, 2), $"Helper {number} is not in the log:\n{log}");
        }
    }

    private static string Verify(BpfInstruction[] code)
    {
        byte[] log = new byte[1 << 20];
        var request = new ProgramLoadRequest
        {
            Type = BpfProgramType.SocketFilter,
            Instructions = MemoryMarshal.AsBytes(code.AsSpan()),
            License = "GPL\0"u8,
            LogLevel = 2,
            Log = log,
        };
        using FileDescriptorHandle? handle = BpfSyscall.ProgramLoad(request, out _);
        return Encoding.UTF8.GetString(log.AsSpan(0, log.AsSpan().IndexOf((byte)0)));
    }

    // "7: (bf) r0 = r1                       ; R0=3 R1=3"
    [GeneratedRegex(@"^(?<index>\d+): (?<text>\([0-9a-f]{2}\) [^;\t\n]*?)(?=\s//|[;\t\n]|\z)", RegexOptions.Multiline)]
    private static partial Regex LogLine();
}
