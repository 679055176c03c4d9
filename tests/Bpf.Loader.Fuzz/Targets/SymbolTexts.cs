using System.Collections.Generic;
using System.Text;
using Bpf.Loader.Symbols;
using Bpf.Loader.Symbols.Kernel;
using Bpf.Loader.Symbols.Processes;

namespace Bpf.Loader.Fuzz.Targets;

/// <summary>Texts from which addresses get their names.</summary>
internal static class SymbolTexts
{
    public static IEnumerable<FuzzTarget> Targets { get; } =
    [
        new TextTarget(
            "mangled",
            [
                "_Z1fRSt6vectorIiSaIiEE", "_ZN3FoocvT_IiEEv", "_Z1fPFPFviEcE", "_Z1fM3FooKFviRE", "_Z1fIJicdEEvDpT_", "_Z1fIiEDTcl1gfp_EET_", "_Z1fIiEvNSt9enable_ifIXgtstT_Li4EEiE4typeE", "_Z1fIJiiEEDTfLplfp_Li0EEDpT_",
                "_Z1fIiEDTnw_T_piLi1EEES0_", "_ZZ4mainENKUlDpT_E_clIJiEEEDaS0_", "_ZN1AB1a1fB1bEv", "_ZTcv0_n16_h8_N3foo3barEv", "_ZNSbIwSt11char_traitsIwESaIwEE6appendEv", "_Z1fv.isra.0.constprop.1", "_GLOBAL__I__Z1fv",
                "_ZSt4endlIcSt11char_traitsIcEERSt13basic_ostreamIT_T0_ES6_", "_ZN1ADC1a1bEE", "_Z1fDv4_f", "_Z1fPDoFvvE", "_ZZN1A1fEiEd0_NKUlvE_clEv", "_RINvC3foo3barDINtC3foo5TraitlEp4ItemmEL_E", "_RINvC3foo3barFG_RL0_hEuE",
                "_RNvXC3fooNtB2_3BarNtNtC4core3fmt7Display3fmt", "_RINvC3foo3barKin1f_E", "_RNvC3foou6_gdelna", "_RNCNvC3foo3bars_0B3_", "_ZN71_$LT$Test$u20$$u2b$$u20$$u27$static$u20$as$u20$foo..Bar$LT$Test$GT$$GT$3bar17h930b740aa94f1d3aE",
            ],
            Mangled),
        new TextTarget("perf-maps", ["7f0000001000 100 int32 [app] App.Worker::Run(int32)[Tier0]\n0x7f0000002000 0x80 stub\n", "1000 10 a\n1008 20 b\n1000 4 c\n"], PerfMapText),
        new TextTarget("kallsyms-addresses", ["ffffffff81000000 T _stext\nffffffff81000100 t vfs_read\nffffffff81001000 T _etext\nffffffffc0000000 t nft_do_chain\t[nf_tables]\n"], KernelTableText),
        new TextTarget("process-modules", ["557334620000-5573346e0000 r-xp 00020000 fe:00 852255                     /usr/bin/a b (deleted)\n7ffc1b5d2000-7ffc1b5d4000 r-xp 00000000 00:00 0                          [vdso]\n"], text => Mapping.ReadAll(Encoding.UTF8.GetBytes(text))),
        new TextTarget("process-stat", ["12 (a) b (c) S 1 12 12 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4711 100 200 18446744073709551615 94000 95000 140000 0 0"], text => Incarnation.Parse(text)),
    ];

    private static void Mangled(string text)
    {
        bool isName = Demangler.TryDemangle(text, out string name);
        Oracle.Require(isName == Demangler.TryDemangle(text, out string verbose, verbose: true), "a name only with or without its hashes");
        Oracle.Require(!isName || (name.Length > 0 && verbose.Length > 0), "a name of nothing");
        Oracle.Same(isName ? name : text, Demangler.Demangle(text), "the same name is shown otherwise the second time");
    }

    private static void PerfMapText(string text)
    {
        var map = new PerfMap();
        map.Add(Encoding.UTF8.GetBytes(text));
        foreach (ulong address in (ulong[])[0, 0x1000, 0x1009, 0x7f0000001010, 0x7f0000002000, ulong.MaxValue])
            Oracle.Require(!map.TryFind(address, out string name, out ulong offset) || (name.Length > 0 && offset <= address), "a method that is not there");
    }

    private static void KernelTableText(string text)
    {
        KernelTable table = KernelTable.Read(Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(text));
        foreach (ulong address in (ulong[])[0, 0xffffffff81000101, 0xffffffffc0000001, ulong.MaxValue])
            Oracle.Require(!table.TryFind(address, out Symbol symbol) || symbol.Offset <= address, "a function behind its address");
    }
}
