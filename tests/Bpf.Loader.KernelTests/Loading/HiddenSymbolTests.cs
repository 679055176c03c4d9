using System;
using System.Text.Json;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Tests.Tool;
using Xunit;

namespace Bpf.Loader.KernelTests.Loading;

/// <summary>Loading without the right to see where the kernel's symbols are, CAP_SYSLOG.</summary>
public sealed class HiddenSymbolTests : KernelTest
{
    private const string WithoutSyslog = "+bpf,+perfmon";

    [Fact]
    public void Their_addresses_are_0_as_with_libbpf_and_a_warning_names_them()
    {
        (_, string first, _) = Shell.TryWith(WithoutSyslog, "head -c 16 /proc/kallsyms");
        Assert.SkipUnless(first == new string('0', 16), "kernel.kptr_restrict and kernel.perf_event_paranoid let everybody see addresses");

        string path = TestObjects.PathOf("extern_ksyms.bpf.o");
        (_, string ours, string told) = Shell.TryWith(WithoutSyslog, $"{BpfTool.Path} verify --json {path}");
        (_, string reference, _) = Shell.TryWith(WithoutSyslog, $"{NativeShims.ReferenceLoader} {path}");
        Assert.Equal(Tag(reference), Tag(ours));
        Assert.Contains("warning BPF4037", told, StringComparison.Ordinal);
        Assert.Contains(" schedule, which are 0", told, StringComparison.Ordinal);

        (_, string whole, string nothing) = Shell.Try($"{BpfTool.Path} verify --json {path}");
        Assert.NotEqual(Tag(whole), Tag(ours));
        Assert.Empty(nothing);
    }

    private static string? Tag(string line) => JsonDocument.Parse(line).RootElement.GetProperty("programs")[0].GetProperty("tag").GetString();
}
