using System.IO;
using System.Text;
using System.Text.Json;
using Bpf.Loader.Btf;

namespace Bpf.Tool.Output;

/// <summary>Prints types.</summary>
internal static class BtfDump
{
    private const int BufferSize = 64 << 10;

    /// <summary>Prints all types, or some.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="btf">The types.</param>
    /// <param name="format"><c>c</c>, <c>raw</c> or <c>json</c>.</param>
    /// <param name="roots">The types to print; all when there are none.</param>
    public static void Write(Stream output, BtfReader btf, string format, uint[] roots)
    {
        if (format == "json")
        {
            WriteJson(output, btf, roots);
            return;
        }

        using var writer = new StreamWriter(output, new UTF8Encoding(false), BufferSize, leaveOpen: true);
        if (format == "c") WriteC(writer, btf, roots);
        else if (roots.Length == 0) BtfRawPrinter.Write(writer, btf);
        else foreach (uint root in roots) BtfRawPrinter.Write(writer, btf[new BtfTypeId((int)root)]);
    }

    private static void WriteC(TextWriter writer, BtfReader btf, uint[] roots)
    {
        var printer = new BtfCPrinter(btf);
        if (roots.Length == 0) printer.WriteHeader(writer);
        foreach (uint root in roots) printer.Write(writer, new BtfTypeId((int)root));
    }

    // One line, as all JSON of this command.
    private static void WriteJson(Stream output, BtfReader btf, uint[] roots)
    {
        using var buffer = new BufferedStream(output, BufferSize);
        using (var writer = new Utf8JsonWriter(buffer, JsonLines.Options))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("types"u8);
            if (roots.Length != 0)
            {
                foreach (uint root in roots) BtfRawPrinter.WriteJson(writer, btf[new BtfTypeId((int)root)]);
            }
            else
            {
                for (int id = btf.FirstId; id < btf.TypeCount; id++)
                {
                    BtfRawPrinter.WriteJson(writer, btf[new BtfTypeId(id)]);
                    if (writer.BytesPending > BufferSize) writer.Flush();
                }
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
    }
}
