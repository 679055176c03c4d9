using System.CommandLine;

namespace Bpf.Tool.Commands;

/// <summary><c>bpf gen</c>: writes files that others are made of.</summary>
internal static class GenCommand
{
    public static Command Create() => new("gen", "Generates files: a C# class for an object or a part of one, the types that several have, one object of several, a header of a kernel's types, or those that objects need.")
    {
        GenSkeletonCommand.Create(),
        GenSubskeletonCommand.Create(),
        GenSharedCommand.Create(),
        GenObjectCommand.Create(),
        GenVmlinuxCommand.Create(),
        GenMinCoreBtfCommand.Create(),
    };
}
