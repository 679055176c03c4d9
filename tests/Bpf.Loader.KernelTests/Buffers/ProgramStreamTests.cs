using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Text;
using System.Threading;
using Bpf.Loader.Btf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using Bpf.Loader.Tests.Tool;
using Xunit;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.KernelTests.Buffers;

/// <summary>The streams of a program: what it prints, and what the kernel has to say of it.</summary>
public sealed class ProgramStreamTests : KernelTest
{
    private const int Output = 1, Errors = 2; // BPF_STDOUT, BPF_STDERR

    private const string MacroSource = """
        #define __VMLINUX_H__ 1
        typedef unsigned char __u8;
        typedef unsigned short __u16, __be16;
        typedef unsigned int __u32, __be32, __wsum;
        typedef unsigned long long __u64;
        typedef signed char __s8;
        typedef short __s16;
        typedef int __s32;
        typedef _Bool bool;
        typedef long long __s64;
        #include <bpf/bpf_helpers.h>

        SEC("syscall")
        int print(void *ctx) { return bpf_stream_printk(2, "count %d of %d\n", 7, 9); }
        char LICENSE[] SEC("license") = "GPL";
        """;

    [Fact]
    public void A_program_has_an_output_and_errors()
    {
        Requires.SyscallPrograms();
        using BpfMap format = Text("count %d\n\0\0\0\0\0\0\0");
        if (!TryLoadPrinter(format, out TestProgram? loaded))
        {
            Assert.SkipUnless(KernelVersion.Current.CompareTo(new KernelVersion(6, 17, 0)) < 0, "The kernel was built without it.");
            using TestProgram plain = TestProgram.Load(new BpfAssembler().Return(0), BpfProgramType.Syscall);
            using BpfProgram old = BpfProgram.OpenById(plain.Id);
            Assert.Equal("6.17", Assert.Throws<BpfNotSupportedException>(old.OpenOutput).SinceKernel);
            return;
        }

        using (loaded)
        using (BpfProgram program = BpfProgram.OpenById(loaded.Id))
        using (Stream output = program.OpenOutput(), errors = program.OpenErrors())
        {
            Assert.Equal("", Read(output));
            SkipIfNothingCanBePrinted(() => TryPrint(loaded, Output));
            Print(loaded, Errors);
            Print(loaded, Output);
            Assert.Equal("count 7\ncount 7\n", Read(output));
            Assert.Equal("", Read(output));
            Print(loaded, Errors);
            Assert.Equal("count 7\ncount 7\n", Read(errors));
            Print(loaded, Output);
            Assert.Equal((byte)'c', output.ReadByte());
            Assert.Equal("ount 7\n", Read(output));
            Assert.Equal(0, output.Read([], 0, 0));
            Assert.Throws<NotSupportedException>(() => output.Position);
        }
    }

    [Fact]
    public void The_macro_of_the_headers_finds_the_function_of_the_kernel()
    {
        Requires.SyscallPrograms();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("bpf-stream-");
        try
        {
            string source = Path.Combine(folder.FullName, "stream.bpf.c"), output = Path.Combine(folder.FullName, "stream.bpf.o");
            File.WriteAllText(source, MacroSource);
            BpfTool compiled = BpfTool.Run("compile", source, "-o", output);
            Assert.SkipWhen(compiled.Error.Contains("BPF8010", StringComparison.Ordinal), "needs clang");
            Assert.True(compiled.ExitCode == 0, compiled.Error);
            using BpfObject loaded = BpfObjectFile.Open(output).Load();
            BpfProgram print = loaded.Programs["print"];
            if (KernelVersion.Current.CompareTo(new KernelVersion(6, 17, 0)) < 0)
            {
                Assert.Equal(-(int)Errno.EOPNOTSUPP, (int)print.TestRun(new BpfTestRunOptions()).ReturnValue);
                return;
            }

            using Stream text = print.OpenErrors();
            SkipIfNothingCanBePrinted(() => IsPrinted((int)print.TestRun(new BpfTestRunOptions()).ReturnValue));
            Assert.Equal("count 7 of 9\n", Read(text));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void What_the_kernel_reports_of_a_program_is_among_its_errors()
    {
        Assert.SkipUnless(KernelVersion.Current.CompareTo(new KernelVersion(6, 18, 0)) >= 0, "Linux 6.18 is the first to report faults in arenas.");
        const ulong Address = 1ul << 44, Missing = 4096;
        using BpfMap arena = BpfMap.Create(new BpfMapCreateOptions
        {
            Type = BpfMapType.Arena,
            Name = "arena",
            MaxEntries = 4,
            Flags = BpfMapFlags.Mmapable,
            MapExtra = Address,
        });
        using MappedArena mapped = arena.MapArena();

        // Reads from a page that nobody has touched: it gets zero, and goes on.
        using TestProgram loaded = TestProgram.Load(
            new BpfAssembler()
                .LoadMap(R1, arena).LoadImmediate64(R2, Address + Missing).AddressSpaceCast(R2, R2, to: 0, from: 1)
                .Load(BpfAccessSize.DoubleWord, R3, R2, 8).Return(42),
            BpfProgramType.Syscall);
        using BpfProgram program = BpfProgram.OpenById(loaded.Id);
        using Stream output = program.OpenOutput(), errors = program.OpenErrors();
        Assert.Equal(42u, loaded.RunWithContext(new byte[8]));
        string text = Read(errors);
        if (text.Length == 0)
        {
            using BpfMap format = Text("count %d\n\0\0\0\0\0\0\0");
            Assert.True(TryLoadPrinter(format, out TestProgram? printer));
            using (printer) SkipIfNothingCanBePrinted(() => TryPrint(printer, Output));
        }

        Assert.Contains($"ERROR: Arena READ access at unmapped address 0x{Address + Missing + 8:x}", text, StringComparison.Ordinal);
        Assert.Contains("Call trace:", text, StringComparison.Ordinal);
        Assert.Equal("", Read(output));
    }

    /// <summary>Loads a program that prints 7 to the stream that its context names.</summary>
    private static bool TryLoadPrinter(BpfMap format, [NotNullWhen(true)] out TestProgram? program)
    {
        // The kernel function was bpf_stream_vprintk in 6.17 and bpf_stream_vprintk_impl in 6.18. It has the first name again since 7.0, where BTF
        // has the second one too, of a function that is not to be called: there the fifth argument is the kernel's own.
        program = null;
        bool isKnown = KernelBtf.Vmlinux.TryFind("bpf_stream_vprintk", BtfKind.Function, out BtfTypeId print)
            || KernelBtf.Vmlinux.TryFind("bpf_stream_vprintk_impl", BtfKind.Function, out print);
        if (!isKnown)
            return false;
        program = TestProgram.Load(
            new BpfAssembler()
                .Store(BpfAccessSize.DoubleWord, R10, -8, 7)
                .Load(BpfAccessSize.Word, R1, R1, 0)
                .LoadMapValue(R2, format, 0).Move(R3, R10).Alu(BpfAluOperation.Add, R3, -8).Move(R4, 8).Move(R5, 0)
                .CallKernelFunction(print.Value).Exit(),
            BpfProgramType.Syscall);
        return true;
    }

    /// <summary>Prints once, or finds that this cannot be done.</summary>
    private static void SkipIfNothingCanBePrinted(Func<bool> tryPrint)
    {
        // The memory is taken without waiting for locks. Where the kernel puts off the initialisation of pages for ever (on some virtual
        // machines), alloc_pages_nolock() always refuses.
        var spin = default(SpinWait);
        for (int tries = 0; !tryPrint(); tries++)
        {
            Assert.SkipWhen(tries == 100, "This kernel never has memory for what is printed.");
            spin.SpinOnce();
        }
    }

    private static void Print(TestProgram printer, int stream)
    {
        while (!TryPrint(printer, stream)) Thread.Yield();
    }

    private static bool TryPrint(TestProgram printer, int stream) => IsPrinted((int)printer.RunWithContext(BitConverter.GetBytes(stream)));

    private static bool IsPrinted(int result)
    {
        if (result != 0) Assert.Equal(Errno.ENOMEM, (Errno)(-result));
        return result == 0;
    }

    private static string Read(Stream stream)
    {
        var all = new List<byte>();
        byte[] some = new byte[5];
        for (int count = stream.Read(some, 0, some.Length); count > 0; count = stream.Read(some, 0, some.Length))
            all.AddRange(some.AsSpan(0, count));
        return Encoding.UTF8.GetString([.. all]);
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
        map.Set(new byte[4], Encoding.ASCII.GetBytes(text));
        map.Freeze();
        return map;
    }
}
