using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using Bpf.Loader.Btf;
using Bpf.Loader.Fuzz.Mutation;
using Bpf.Tool.Commands;
using Bpf.Tool.Events;
using Bpf.Tool.Output;
using Bpf.Tool.Skeletons;

namespace Bpf.Loader.Fuzz.Targets;

/// <summary>The whole road of a file that somebody gives to the command: inspect, relocate with a dump, check, and a skeleton, for people and as JSON.</summary>
internal sealed class RoadTarget() : FuzzTarget("road")
{
    private static readonly StringWriter Terminal = new();
    private static readonly string File = Path.Combine(Path.GetTempPath(), $"fuzz-{Environment.ProcessId}.bpf.o");

    public override int Share => 6;

    // The tables of the terminal measure and pad every cell.
    public override long AllocationBase => 24 << 20;

    public override long AllocationPerByte => 20_000;

    public override byte[] Make(FuzzRandom random) => Parcel.Pack(Seeds.MutatedObject(random), random.Once(4) ? Seeds.MutatedTypes(random) : random.Pick(Seeds.Types).Image);

    public override bool IsRefusal(Exception exception) => exception is BpfLoaderException or SkeletonException;

    public override void Run(byte[] input)
    {
        byte[][] parts = Parcel.Unpack(input, 2);
        Inspection inspection;
        try
        {
            System.IO.File.WriteAllBytes(File, parts[0]);
            inspection = Inspection.Of(File);
        }
        finally
        {
            System.IO.File.Delete(File);
        }

        Screened("inspect", () => InspectView.Print(inspection, verbose: true));
        Json("inspect --json", writer => InspectJson.Write(writer, inspection));
        if (inspection.Object is not { } file) throw new BpfFormatException(inspection.Failure!.Message);

        IReadOnlyList<BpfRelocatedProgram> programs = OfflineKernel.Relocate(file, BtfReader.Read(parts[1]));
        var result = new OfflineResult("damaged.bpf.o", null, file.IsBigEndian, programs);
        Screened("relocate", () => RelocateView.Print(result, dump: true, verbose: true));
        Json("relocate --json", writer => RelocateJson.Write(writer, result, dump: true));
        foreach (EventType type in EventTypes.Find(file, [])) Oracle.Require(type.Map.Length > 0, "events of no map");
        string skeleton = SkeletonGenerator.Generate(parts[0], new SkeletonOptions { FileName = "damaged.bpf.o", ClassName = "Damaged", Namespace = "N" });
        Oracle.Printable(skeleton, "the skeleton");
    }

    // What would be seen on a terminal; the screen is made once, of the first output that the console has.
    private static void Screened(string what, Action print)
    {
        Console.SetOut(Terminal);
        Terminal.GetStringBuilder().Clear();
        print();
        foreach (ReadOnlyMemory<char> chunk in Terminal.GetStringBuilder().GetChunks()) Oracle.Printable(chunk.Span, what);
    }

    private static void Json(string what, Action<Utf8JsonWriter> write)
    {
        var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(output, JsonLines.Options)) write(writer);
        Oracle.Json(output.ToArray(), what);
    }
}
