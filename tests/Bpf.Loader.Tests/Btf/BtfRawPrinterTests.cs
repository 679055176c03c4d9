using System;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using Bpf.Loader.Btf;
using Xunit;

namespace Bpf.Loader.Tests.Btf;

/// <summary>What is printed must be what bpftool prints, where there is one.</summary>
public class BtfRawPrinterTests
{
    public static TheoryData<string> Objects() => ["execsnoop.bpf.o", "core_enum.bpf.o", "core_bitfield.bpf.o", "call_subprogs.bpf.o", "be/execsnoop.bpf.o", "clang-14/execsnoop.bpf.o"];

    private static string? Bpftool(params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("bpftool", arguments) { RedirectStandardOutput = true })!;
            string text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? text : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private static string Json(BtfReader btf)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("types"u8);
            for (int id = btf.FirstId; id < btf.TypeCount; id++) BtfRawPrinter.WriteJson(writer, btf[new BtfTypeId(id)]);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Compare(BtfReader btf, string path)
    {
        string? text = Bpftool("btf", "dump", "file", path), json = Bpftool("-j", "btf", "dump", "file", path);
        if (text is null || json is null)
        {
            Assert.Skip("There is no bpftool.");
            return;
        }

        using var ours = new StringWriter();
        BtfRawPrinter.Write(ours, btf);
        Assert.Equal(text, ours.ToString());
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(json).RootElement, JsonDocument.Parse(Json(btf)).RootElement));
    }

    [Theory, MemberData(nameof(Objects))]
    public void Objects_are_printed_as_bpftool_prints_them(string name) => Compare(BtfSamples.OfObject(name)!, TestData.PathOf(name));

    [Fact]
    public void Every_kind_is_printed_as_bpftool_prints_it()
    {
        BtfReader btf = BtfSamples.EveryKind().ToReader();
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, btf.Raw.ToArray());
            Compare(btf, path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void The_kernels_types_are_printed_as_bpftool_prints_them()
    {
        if (BtfSamples.Kernel is not { } kernel)
        {
            Assert.Skip("This machine has no kernel BTF.");
            return;
        }

        string? text = Bpftool("btf", "dump", "file", "/sys/kernel/btf/vmlinux");
        if (text is null)
        {
            Assert.Skip("There is no bpftool.");
            return;
        }

        using var ours = new StringWriter();
        BtfRawPrinter.Write(ours, kernel);
        Assert.True(text == ours.ToString());
    }

    [Fact]
    public void Every_kind_has_its_line()
    {
        BtfReader btf = BtfSamples.EveryKind().ToReader();
        using var text = new StringWriter();
        BtfRawPrinter.Write(text, btf);
        string[] lines = text.ToString().Split('\n');
        Assert.Equal(btf.TypeCount - 1, lines.Count(line => line.StartsWith('[')));
        Assert.Contains("[1] INT 'int' size=4 bits_offset=0 nr_bits=32 encoding=SIGNED", lines);
        Assert.Contains("\t'flags' type_id=3 bits_offset=64 bitfield_size=3", lines);
        Assert.Contains("\t'NEGATIVE_WIDE' val=18446744073709551614ULL", lines);
    }
}
