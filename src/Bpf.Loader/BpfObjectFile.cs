using System;
using System.Collections.Generic;
using Bpf.Loader.Btf;
using Bpf.Loader.Kernel;
using Bpf.Loader.Objects;

namespace Bpf.Loader;

/// <summary>
/// A BPF object file, described: its programs, maps, globals and externs as the file has them. It holds no descriptor, is read on
/// any operating system, and can be changed before it is loaded.
/// </summary>
public sealed partial class BpfObjectFile
{
    private readonly List<BpfFinding> _diagnostics;

    private BpfObjectFile(ObjectContext context)
    {
        Name = context.Name;
        License = context.License ?? "";
        KernelVersion = context.KernelVersion;
        IsBigEndian = context.Elf.IsBigEndian;
        Btf = context.Btf;
        BtfExt = context.BtfExt;
        Functions = context.Functions;
        Programs = Collect(context.Programs);
        Maps = Collect(context.Maps);
        Globals = Collect(context.Globals);
        Externs = new BpfDefinitionCollection<BpfExternDefinition>(context.Externs, "extern", item => item.Name, Hint);
        JumpTables = context.JumpTables;
        _diagnostics = context.Diagnostics;
        foreach (BpfMapDefinition map in context.Maps) map.Owner = this;
    }

    /// <summary>The name: the file name up to its first dot, at most 15 characters.</summary>
    public string Name { get; }

    /// <summary>The license; empty when the file has none, and then it is loaded as not GPL-compatible.</summary>
    public string License { get; }

    /// <summary>
    /// The kernel version that programs are loaded for, as <c>KERNEL_VERSION</c> encodes it; null for that of the running kernel.
    /// Kernels before 5.0 check it for kprobes.
    /// </summary>
    public uint? KernelVersion { get; set; }

    /// <summary>True when the object is for big-endian machines.</summary>
    public bool IsBigEndian { get; }

    /// <summary>True when the object is for machines of the other byte order than this one: it can be read and not loaded.</summary>
    public bool IsForeignEndian => IsBigEndian == BitConverter.IsLittleEndian;

    /// <summary>The programs, in the order of their sections and places; sub-programs are not among them.</summary>
    public BpfDefinitionCollection<BpfProgramDefinition> Programs { get; }

    /// <summary>The maps: those defined, then data sections, kernel configuration, and struct_ops.</summary>
    public BpfDefinitionCollection<BpfMapDefinition> Maps { get; }

    /// <summary>The global variables.</summary>
    public BpfDefinitionCollection<BpfGlobal> Globals { get; }

    /// <summary>The externs: kernel configuration, then kernel symbols.</summary>
    public BpfDefinitionCollection<BpfExternDefinition> Externs { get; }

    /// <summary>The BTF, with sizes and offsets filled in and externs made fit for the kernel; null when there is none.</summary>
    public BtfReader? Btf { get; private set; }

    /// <summary>Functions, source lines and CO-RE relocations of the code; null when there is no such section.</summary>
    public BtfExtReader? BtfExt { get; }

    /// <summary>
    /// Types that the agent brings along for kernels that have none; null, or those of the assembly of a generated class that was built
    /// with <c>BpfKernelBtf</c>. A kernel with types of its own, and <see cref="BpfLoadOptions.TargetBtf"/>, go before them.
    /// </summary>
    public EmbeddedKernelBtf? EmbeddedBtf { get; set; }

    /// <summary>What was found that does not stop a load: sections skipped, BTF ignored, and the like.</summary>
    public IReadOnlyList<BpfFinding> Diagnostics => _diagnostics;

    /// <summary>All functions, sub-programs included, sorted by section and place.</summary>
    internal IReadOnlyList<BpfFunction> Functions { get; }

    /// <summary>The contents of <c>.jumptables</c>: 64-bit byte offsets in the file's byte order.</summary>
    internal ReadOnlyMemory<byte> JumpTables { get; }

    /// <summary>Finds the function that an instruction of a section is in; the first of those that share the code.</summary>
    internal BpfFunction? FindFunction(int section, int instruction) => FunctionLookup.Find(Functions, section, instruction);
}
