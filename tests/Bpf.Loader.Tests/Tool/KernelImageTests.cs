using System;
using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Tool.Kernels;
using Xunit;

namespace Bpf.Loader.Tests.Tool;

/// <summary>Kernels as they are installed, made up here around the types of a small one.</summary>
public class KernelImageTests
{
    private static readonly byte[] Elf = TestData.Read("btf/changed.bpf.o");
    private static readonly byte[] Types = BtfReader.ReadRawOrElf(Elf).Raw.ToArray();

    // The programs that compress, as Linux calls them (scripts/Makefile.lib); bzip2 and gzip without options.
    public static TheoryData<string> Compressors => ["gzip -9", "xz --check=crc32 --x86 --lzma2=dict=32MiB", "xz --check=crc32", "zstd -22 --ultra", "zstd -19", "lz4 -l -9", "bzip2 -9"];

    [Theory, MemberData(nameof(Compressors))]
    public void The_types_in_an_image_of_x86_are_those_of_its_kernel(string compressor)
    {
        byte[] payload = Compress(compressor, Elf);
        // Linux puts the length of the whole behind what compressors write (scripts/Makefile.lib, size_append).
        byte[] sized = compressor.StartsWith("gzip", StringComparison.Ordinal) ? payload : [.. payload, .. BitConverter.GetBytes(Elf.Length)];
        AssertTypes(BzImage(sized));
    }

    [Theory, MemberData(nameof(Compressors))]
    public void A_module_that_is_compressed_as_a_whole_is_read(string compressor) => AssertTypes(Compress(compressor, Elf));

    [Fact]
    public void A_kernel_that_is_not_compressed_is_read() => AssertTypes(BzImage(Elf));

    [Theory, MemberData(nameof(Compressors))]
    public void The_types_in_an_image_of_arm64_are_found_without_sections(string compressor)
    {
        byte[] image = Arm64Image(Types);
        AssertTypes(image);
        AssertTypes(Compress(compressor, image));
        AssertTypes(Zboot(Compress(compressor, image)));
    }

    [Fact]
    public void What_only_looks_like_types_is_passed_over()
    {
        byte[] decoy = [0x9f, 0xeb, 1, 0, 24, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0, 1, 0, 0, 0, 0x9f, 0xeb, 1, 0];
        AssertTypes(Arm64Image([.. decoy, .. Types]));
    }

    [Theory]
    [InlineData("cut off", "cut off")]
    [InlineData("no types", "CONFIG_DEBUG_INFO_BTF")]
    [InlineData("lzo", "lzo")]
    [InlineData("damaged", "damaged")]
    public void What_cannot_be_read_says_why(string kind, string reason)
    {
        using var folder = new TemporaryFolder();
        byte[] file = kind switch
        {
            "cut off" => BzImage(Elf)[..2000],
            "no types" => Arm64Image(new byte[100]),
            "lzo" => [0x89, (byte)'L', (byte)'Z', (byte)'O', 0, 13, 10, 26, 10, 0],
            _ => [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xff, 0xff, 0xff, 0xff, 0xff],
        };
        BpfTool run = BpfTool.Run("relocate", "core_offset.bpf.o", "--btf", folder.Write("vmlinuz", file));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(reason, run.Output + run.Error, StringComparison.Ordinal);
        Assert.Contains("vmlinuz", run.Output + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_cut_of_an_image_is_refused_or_read()
    {
        foreach (byte[] image in (byte[][])[BzImage(Elf), Zboot(Arm64Image(Types)), Compress("xz --check=crc32", Elf), Compress("lz4 -l", Elf), Compress("zstd", Elf)])
        {
            for (int length = 0; length < image.Length; length += 1 + (length / 50))
            {
                try
                {
                    KernelImage.Unpack(image.AsMemory(0, length));
                }
                catch (KernelImageException)
                {
                    // It says what is wrong.
                }
            }
        }
    }

    private static void AssertTypes(byte[] image)
    {
        ReadOnlyMemory<byte> unpacked = KernelImage.Unpack(image);
        Assert.True(BtfReader.ReadRawOrElf(unpacked).Raw.Span.SequenceEqual(Types));
    }

    private static byte[] BzImage(byte[] payload)
    {
        const int Setup = 3 * 512, Code = 100;
        byte[] image = new byte[Setup + Code + payload.Length + 64];
        image[0x1f1] = 2;
        "HdrS"u8.CopyTo(image.AsSpan(0x202));
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(0x248), Code);
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(0x24c), payload.Length);
        payload.CopyTo(image.AsSpan(Setup + Code));
        return image;
    }

    private static byte[] Arm64Image(byte[] contents)
    {
        byte[] image = new byte[4096 + contents.Length + 1000];
        "MZ"u8.CopyTo(image);
        "ARM\x64"u8.CopyTo(image.AsSpan(0x38));
        contents.CopyTo(image.AsSpan(4096));
        return image;
    }

    private static byte[] Zboot(byte[] payload)
    {
        byte[] image = new byte[1024 + payload.Length + 32];
        "MZ\0\0zimg"u8.CopyTo(image);
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(8), 1024);
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(12), payload.Length);
        Encoding.ASCII.GetBytes("gzip").CopyTo(image.AsSpan(24));
        payload.CopyTo(image.AsSpan(1024));
        return image;
    }

    private static byte[] Compress(string command, byte[] contents)
    {
        string[] words = command.Split(' ');
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(words[0], [.. words[1..], "-c"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
            System.Threading.Tasks.Task writing = System.Threading.Tasks.Task.Run(() =>
            {
                process.StandardInput.BaseStream.Write(contents);
                process.StandardInput.Close();
            });
            using var output = new MemoryStream();
            process.StandardOutput.BaseStream.CopyTo(output);
            process.WaitForExit();
            writing.GetAwaiter().GetResult();
            Assert.Equal(0, process.ExitCode);
            return output.ToArray();
        }
        catch (Win32Exception)
        {
            Assert.Skip($"There is no {words[0]}.");
            throw;
        }
    }
}
