using System.Runtime.Versioning;
using Bpf.Loader.Btf;
using Bpf.Loader.Kernel;
using Bpf.Loader.Objects;
using Bpf.Loader.Relocation;

namespace Bpf.Loader.Loading;

/// <summary>Maps that one program alone may use (6.18): the kernel is told the hash of its code when the map is created.</summary>
[SupportedOSPlatform("linux")]
internal static class ExclusiveMap
{
    /// <summary>The hash of a map's only program, as the kernel will compute it: maps that are not there yet count as 0 in it.</summary>
    /// <exception cref="BpfException">There is no such program, or it is not loaded.</exception>
    public static byte[] Hash(LoadContext context, BpfMapDefinition map, string name)
    {
        if (!context.File.Programs.TryGet(name, out BpfProgramDefinition? program) || !program.AutoLoad)
        {
            throw new BpfException(
                BpfCommand.MapCreate, Errno.ENOENT, $"map '{map.Name}'",
                $"it is for the program '{name}' only, which {(program is null ? "is none of the object's" : "is not loaded")}.", BpfDiagnosticId.MapRefused);
        }

        LinkedProgram linked = context.Relocator!.Link(program);
        ReferencePatcher.PatchWithoutKernel(linked);
        foreach (LinkedReference reference in linked.References)
        {
            if (reference.Relocation is { Kind: CodeRelocationKind.ExternLoad, Extern: { } symbol } && context.Relocator[symbol].Module is BtfReader module)
                linked.Instructions[reference.Instruction + 1].Immediate = context.Kernel.GetModuleHandle(module).Number;
        }

        return ProgramTag.WholeSha256(linked.Instructions);
    }

    /// <summary>What a kernel is told that knows no such maps, or null for another refusal.</summary>
    public static BpfNotSupportedException? Explain(BpfMapDefinition map, Errno errno) =>
        map.ExclusiveProgram is not null && errno is Errno.EINVAL or Errno.E2BIG && KernelVersion.Current.CompareTo(new KernelVersion(6, 18, 0)) < 0
            ? new BpfNotSupportedException("maps for one program only", "6.18", BpfCommand.MapCreate, errno, $"map '{map.Name}'")
            : null;
}
