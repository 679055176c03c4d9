using System;
using System.Linq;
using System.Text;
using Bpf.Loader.Fuzz.Mutation;
using Bpf.Loader.Objects;
using Bpf.Tool;
using Bpf.Tool.Commands;

namespace Bpf.Loader.Fuzz.Targets;

/// <summary><c>--set NAME=VALUE</c>, on damaged objects and with damaged texts.</summary>
internal sealed class AssignmentTarget() : FuzzTarget("assignments")
{
    private static readonly string[] Paths = ["", "[0]", "[1]", "[2147483647]", ".a", ".b", ".x", ".rate", "[0].a", ".a[1]", "[4294967295]", "[-1]"];
    private static readonly string[] Values = ["0", "1", "-1", "true", "'a'", "text", "1,2,3", "1.5", "0xffffffffffffffffff", "18446744073709551615", "ONE", "", "a,b", "3e400"];

    public override byte[] Make(FuzzRandom random)
    {
        // Those that have variables, most of the time.
        Layout[] layouts = [.. Seeds.Objects.Where(layout => !layout.IsBigEndian && ElfDescriber.FindIndex(layout, ".rodata") + ElfDescriber.FindIndex(layout, ".data") > 0)];
        Layout chosen = random.Pick(layouts);
        byte[] file = random.Once(2) ? Mutator.Mutate(chosen, random) : chosen.Image;
        string text = $"{VariableOf(random, chosen.Image)}{random.Pick(Paths)}={random.Pick(Values)}";
        return Parcel.Pack(file, Parcel.Text(random.Once(2) ? TextMutator.Mutate(text, random, Values) : text));
    }

    public override bool IsRefusal(Exception exception) => exception is BpfLoaderException or UsageException;

    public override void Run(byte[] input)
    {
        byte[][] parts = Parcel.Unpack(input, 2);
        BpfObjectFile file = BpfObjectFile.Read(parts[0], "damaged.bpf.o");
        string text = Encoding.UTF8.GetString(parts[1]);
        VariableAssignment.Apply(file, text);
        foreach (BpfGlobal global in file.Globals)
        {
            if (global.Map.ValueSize <= input.Length) Oracle.Require(global.Bytes.Length == (int)global.Size, "a variable that has not its bytes");
        }
    }

    // Of the sound object: making an input must not depend on what the library makes of a damaged one.
    private static string VariableOf(FuzzRandom random, byte[] file)
    {
        try
        {
            BpfObjectFile read = BpfObjectFile.Read(file);
            return read.Globals.Count == 0 ? "none" : read.Globals[random.Next(read.Globals.Count)].Name;
        }
        catch (BpfFormatException)
        {
            // Parts of what is to be linked are no objects by themselves.
            return "none";
        }
    }
}
