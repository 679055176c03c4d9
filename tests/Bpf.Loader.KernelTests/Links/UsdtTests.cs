using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Objects;
using Xunit;

namespace Bpf.Loader.KernelTests.Links;

public sealed class UsdtTests : KernelTest
{
    private const string Provider = "usdt_target";

    // Where there are no cookies, a probe's address tells which one it is: it is the same in every process of a program that is not
    // position-independent.
    private static readonly string Target = Requires.HasCookies ? NativeShims.UsdtTarget : NativeShims.FixedUsdtTarget;

    static UsdtTests() => NativeShims.Talk(NativeShims.UsdtTarget, _ => { });

    public UsdtTests() => Requires.Uprobes();

    [Fact]
    public void Arguments_are_read_wherever_they_are()
    {
        using BpfObject bpf = TestObjects.Load("hook_usdt");
        using (BpfLink link = bpf.Programs["usdt_handle"].AttachUsdt(Target, Provider, "places", new UsdtOptions { Cookie = 0xabcdef }))
        {
            Assert.Contains(":usdt_target:places", link.Target, StringComparison.Ordinal);
            NativeShims.RunTarget(Target, 3);
        }

        Assert.Equal((3u, 0xabcdefu, 7), (bpf.Globals["hits"].Get<ulong>(), bpf.Globals["cookie"].Get<ulong>(), bpf.Globals["count"].Get<long>()));
        long memory = BitConverter.ToInt64("BCDEFGH\0"u8);
        Assert.Equal([-3, 0x1122334455667788, -7, 0xfffffffb, 0x88, -16, memory, 0, 0, 0, 0, 0], Arguments(bpf));
        NativeShims.RunTarget(Target, 3);
        Assert.Equal(3u, bpf.Globals["hits"].Get<ulong>());
    }

    // The address of a symbol is another in each process of a position-independent program; the place of the probe tells which.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Arguments_at_symbols_are_read_by_their_places(bool isFixed)
    {
        if (!isFixed) Requires.Cookies();
        using BpfObject bpf = TestObjects.Open("hook_usdt_errors").Load();
        string target = isFixed ? NativeShims.FixedUsdtTarget : NativeShims.UsdtTarget;
        using (bpf.Programs["usdt_handle"].AttachUsdt(target, Provider, "symbols")) NativeShims.RunTarget(target, 3);
        Assert.Equal((6u, 6), (bpf.Globals["hits"].Get<ulong>(), bpf.Globals["count"].Get<long>()));
        Assert.Equal([41, 42, 43, 44, 42, -45], Arguments(bpf)[..6]);
        Assert.Equal(new int[6], Errors(bpf)[..6]);
        Assert.Empty(bpf.Diagnostics);
    }

    [Fact]
    public void An_argument_that_cannot_be_read_fails_alone_and_is_told()
    {
        var told = new List<BpfFinding>();
        using BpfObject bpf = TestObjects.Open("hook_usdt_errors").Load(new BpfLoadOptions { OnDiagnostic = told.Add });
        told.Clear();
        using (bpf.Programs["usdt_handle"].AttachUsdt(Target, Provider, "strange")) NativeShims.RunTarget(Target, 3);
        Assert.Equal((3u, 8), (bpf.Globals["hits"].Get<ulong>(), bpf.Globals["count"].Get<long>()));
        // libbpf's header says EINVAL of kinds that it does not know; one that does not look at the kind finds nothing in memory.
        Assert.Equal([-14, 0, -14, -14, -14, -14, -14, 0, -2, -2, -2, -2], Errors(bpf));
        Assert.Equal([255, 1, 255, 255, 255, 255, 255, 1], bpf.Globals["kinds"].Bytes[..8].ToArray());
        Assert.Equal([0, -3, 0, 0, 0, 0, 0, -3], Arguments(bpf)[..8]);

        Assert.Equal(told, bpf.Diagnostics);
        Assert.All(told, finding => Assert.Equal((BpfDiagnosticId.UsdtArgumentUnreadable, BpfSeverity.Warning), (finding.Id, finding.Severity)));
        Assert.Equal(6, told.Count);
        string[] parts = Processor.IsX64
            ? ["'8@%st'", "'8@%fs:-8'", "no symbol 'usdt_nothing'", "'8f@%xmm0'", "tpoff", "'8@(%"]
            : ["'8@v0'", ", sxtw 3]'", "no symbol 'usdt_nothing'", "'8f@d0'", ":tprel_lo12:", ", 8]!'"];
        for (int i = 0; i < parts.Length; i++) Assert.Contains(parts[i], told[i].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("twice", 2)]
    [InlineData("fast", 1)]
    public void All_places_of_a_probe_run_the_program(string probe, int places)
    {
        BpfObjectFile file = TestObjects.Open("hook_usdt");
        file.Programs["usdt_handle"].AttachTarget = $"{Target}:{Provider}:{probe}";
        using BpfObject bpf = file.Load();
        using BpfLinkCollection links = bpf.AttachAll();
        Assert.Single(links);
        NativeShims.RunTarget(Target, 5);
        Assert.Equal((ulong)(5 * places), bpf.Globals["hits"].Get<ulong>());
        Assert.Equal(probe == "fast" ? -3 : 99, Arguments(bpf)[0]);
    }

    [Fact]
    public void A_semaphore_counts_the_listeners()
    {
        using BpfObject bpf = TestObjects.Load("hook_usdt");
        NativeShims.Talk(Target, process =>
        {
            Assert.Equal("0", NativeShims.Ask(process));
            using (bpf.Programs["usdt_handle"].AttachUsdt(Target, Provider, "guarded"))
            {
                Assert.Equal("1", NativeShims.Ask(process));
                Assert.Equal(1u, bpf.Globals["hits"].Get<ulong>());
            }

            Assert.Equal("0", NativeShims.Ask(process));
            Assert.Equal(1u, bpf.Globals["hits"].Get<ulong>());
        });
    }

    [Fact]
    public void Only_the_given_process_is_listened_to()
    {
        using BpfObject bpf = TestObjects.Load("hook_usdt");
        NativeShims.Talk(NativeShims.UsdtTarget, process =>
        {
            using BpfLink link = bpf.Programs["usdt_handle"].AttachUsdt(NativeShims.UsdtTarget, Provider, "fast", new UsdtOptions { ProcessId = process.Id });
            NativeShims.RunTarget(NativeShims.UsdtTarget, 5);
            Assert.Equal(0u, bpf.Globals["hits"].Get<ulong>());
            NativeShims.Ask(process);
            Assert.Equal(1u, bpf.Globals["hits"].Get<ulong>());
        });
    }

    [Fact]
    public void Descriptions_are_given_back_and_two_programs_share_the_map()
    {
        Requires.Cookies();
        BpfObjectFile file = TestObjects.Open("hook_usdt");
        file.Programs["usdt_second"].AutoLoad = true;
        file.Maps["__bpf_usdt_specs"].MaxEntries = 4;
        using BpfObject bpf = file.Load();
        using (bpf.Programs["usdt_second"].AttachUsdt(NativeShims.UsdtTarget, Provider, "twice"))
        {
            for (int i = 0; i < 10; i++)
            {
                using BpfLink link = bpf.Programs["usdt_handle"].AttachUsdt(NativeShims.UsdtTarget, Provider, "twice");
                NativeShims.RunTarget(NativeShims.UsdtTarget, 1);
            }

            // two places, two programs, ten rounds
            Assert.Equal(40u, bpf.Globals["hits"].Get<ulong>());
            using BpfLink last = bpf.Programs["usdt_handle"].AttachUsdt(NativeShims.UsdtTarget, Provider, "twice");
            var full = Assert.Throws<BpfAttachException>(() => bpf.Programs["usdt_handle"].AttachUsdt(NativeShims.UsdtTarget, Provider, "fast"));
            Assert.Equal((BpfDiagnosticId.NoUsdtSpecs, Errno.E2BIG), (full.Id, full.Errno));
        }
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        using BpfObject bpf = TestObjects.Load("hook_usdt");
        var error = Assert.Throws<BpfAttachException>(() => bpf.Programs["usdt_handle"].AttachUsdt(NativeShims.UsdtTarget, Provider, "place"));
        Assert.Equal((BpfDiagnosticId.NoSuchUsdtProbe, "usdt_target:places"), (error.Id, error.CloseNames[0]));
        using BpfObject other = TestObjects.Load("hook_uprobe");
        error = Assert.Throws<BpfAttachException>(() => other.Programs["uprobe_entry"].AttachUsdt(NativeShims.UsdtTarget, Provider, "places"));
        Assert.Equal(BpfDiagnosticId.NoUsdtSpecs, error.Id);
        Assert.Contains("usdt.bpf.h", error.Message, StringComparison.Ordinal);
    }

    // As on kernels before 5.15. In a position-independent program the addresses are those of one process.
    [Theory]
    [InlineData("places", false)]
    [InlineData("places", true)]
    [InlineData("twice", false)]
    [InlineData("fast", true)]
    public void Without_cookies_the_address_tells_the_arguments(string probe, bool isFixed)
    {
        using BpfObject bpf = WithoutCookies();
        NativeShims.Talk(isFixed ? NativeShims.FixedUsdtTarget : NativeShims.UsdtTarget, process =>
        {
            NativeShims.Ask(process);
            var options = new UsdtOptions { Cookie = 77, ProcessId = isFixed ? null : process.Id };
            int times = probe == "twice" ? 2 : 1;
            // The addresses are free again when the link is gone.
            for (ulong round = 1; round <= 3; round++)
            {
                using BpfLink link = bpf.Programs["usdt_handle"].AttachUsdt(process.MainModule!.FileName, Provider, probe, options);
                Assert.Equal(times, bpf.Maps["__bpf_usdt_ip_to_spec_id"].As<ulong, int>().Count);
                NativeShims.Ask(process);
                Assert.Equal((round * (ulong)times, 77u), (bpf.Globals["hits"].Get<ulong>(), bpf.Globals["cookie"].Get<ulong>()));
                Assert.Equal(probe == "twice" ? 99 : -3, Arguments(bpf)[0]);
            }

            NativeShims.Ask(process);
            Assert.Equal(3 * (ulong)times, bpf.Globals["hits"].Get<ulong>());
            Assert.Empty(bpf.Maps["__bpf_usdt_ip_to_spec_id"].As<ulong, int>());
        });
    }

    [Fact]
    public void Without_cookies_what_has_no_address_is_named()
    {
        using BpfObject bpf = WithoutCookies();
        BpfProgram program = bpf.Programs["usdt_handle"];
        var missing = Assert.Throws<BpfNotSupportedException>(() => program.AttachUsdt(NativeShims.UsdtTarget, Provider, "places"));
        Assert.Equal("5.15", missing.SinceKernel);
        Assert.Contains("ProcessId", missing.Message, StringComparison.Ordinal);
        var other = Assert.Throws<BpfAttachException>(
            () => program.AttachUsdt(NativeShims.UsdtTarget, Provider, "places", new UsdtOptions { ProcessId = Environment.ProcessId }));
        Assert.Contains("does not run", other.Message, StringComparison.Ordinal);
        using BpfLink link = program.AttachUsdt(NativeShims.FixedUsdtTarget, Provider, "places");
        var taken = Assert.Throws<BpfAttachException>(() => program.AttachUsdt(NativeShims.FixedUsdtTarget, Provider, "places"));
        Assert.Equal((BpfDiagnosticId.AlreadyAttached, Errno.EEXIST), (taken.Id, taken.Errno));
    }

    private static BpfObject WithoutCookies() => TestObjects.Open("hook_usdt").Load(
        new BpfLoadOptions { Features = KernelFeatures.Without(KernelFeature.BpfCookie, KernelFeature.UprobeMultiLink) });

    private static int[] Errors(BpfObject bpf) => MemoryMarshal.Cast<byte, int>(bpf.Globals["errors"].Bytes).ToArray();

    private static long[] Arguments(BpfObject bpf)
    {
        return MemoryMarshal.Cast<byte, long>(bpf.Globals["arguments"].Bytes).ToArray();
    }
}
