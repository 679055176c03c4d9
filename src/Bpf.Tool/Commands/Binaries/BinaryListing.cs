using System;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json;
using Bpf.Loader;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands.Binaries;

/// <summary>Writes the lists of <c>bpf list</c>: a line for each function or probe.</summary>
[SupportedOSPlatform("linux")]
internal static class BinaryListing
{
    /// <summary>The functions of a binary.</summary>
    public static void Functions(BpfBinary binary, JsonLines? lines)
    {
        foreach (BpfBinaryFunction function in binary.Functions)
        {
            if (lines is not null)
            {
                lines.Write((binary, function), static (writer, value) => WriteJson(writer, value.binary, value.function));
                continue;
            }

            string version = function.Version is null ? "" : $"@{function.Version}";
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{Printable.Text(binary.Path)}:{Printable.Text(function.Name)}{Printable.Text(version)}  0x{function.Offset:x}  {function.Size} bytes"));
        }
    }

    /// <summary>The USDT probes of a binary.</summary>
    public static void UsdtProbes(BpfBinary binary, JsonLines? lines)
    {
        foreach (BpfUsdtProbe probe in binary.UsdtProbes)
        {
            if (lines is not null)
            {
                lines.Write((binary, probe), static (writer, value) => WriteJson(writer, value.binary, value.probe));
                continue;
            }

            Console.Out.WriteLine($"{Printable.Text(binary.Path)}:{Printable.Text(probe.Provider)}:{Printable.Text(probe.Name)}");
            foreach (BpfUsdtPlace place in probe.Places)
            {
                string semaphore = place.SemaphoreOffset == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"  semaphore 0x{place.SemaphoreOffset:x}");
                Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  0x{place.Offset:x}{semaphore}  {Printable.Text(place.Arguments)}").TrimEnd());
            }
        }
    }

    private static void WriteJson(Utf8JsonWriter writer, BpfBinary binary, BpfBinaryFunction function)
    {
        writer.WriteStartObject();
        writer.WriteString("binary", binary.Path);
        writer.WriteString("name", function.Name);
        writer.WriteString("version", function.Version);
        writer.WriteNumber("offset", function.Offset);
        writer.WriteNumber("address", function.Address);
        writer.WriteNumber("size", function.Size);
        writer.WriteBoolean("exported", function.IsExported);
        writer.WriteEndObject();
    }

    private static void WriteJson(Utf8JsonWriter writer, BpfBinary binary, BpfUsdtProbe probe)
    {
        writer.WriteStartObject();
        writer.WriteString("binary", binary.Path);
        writer.WriteString("provider", probe.Provider);
        writer.WriteString("name", probe.Name);
        writer.WriteStartArray("places");
        foreach (BpfUsdtPlace place in probe.Places)
        {
            writer.WriteStartObject();
            writer.WriteNumber("offset", place.Offset);
            writer.WriteNumber("address", place.Address);
            writer.WriteNumber("semaphore", place.SemaphoreOffset);
            writer.WriteString("arguments", place.Arguments);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
