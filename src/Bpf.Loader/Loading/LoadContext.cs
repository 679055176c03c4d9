using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;
using Bpf.Loader.Objects;
using Bpf.Loader.Relocation;

namespace Bpf.Loader.Loading;

/// <summary>
/// What the steps of a load share: the object, the kernel, and what exists there so far. Disposing it takes everything back that
/// was not handed over to a <see cref="BpfObject"/>.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class LoadContext : IDisposable
{
    private readonly List<BpfFinding> _diagnostics;

    public LoadContext(BpfObjectFile file, BpfLoadOptions options)
    {
        File = file;
        Options = options;
        _diagnostics = [.. file.Diagnostics];
        Delegation = BpfToken.Open(options.TokenPath);
        Features = options.Features ?? (Token is null ? KernelFeatures.Current : KernelFeatures.ForToken(Token));
        Kernel = new KernelFacts(file, options.KernelConfig, Features);
        foreach (BpfFinding finding in file.Diagnostics) options.OnDiagnostic?.Invoke(finding);
    }

    /// <summary>The object: a copy that the load may change.</summary>
    public BpfObjectFile File { get; }

    public BpfLoadOptions Options { get; }

    public KernelFeatures Features { get; }

    public KernelFacts Kernel { get; }

    /// <summary>The token that the commands are sent with; null when the process has the rights itself.</summary>
    public FileDescriptorHandle? Token => Delegation?.Handle;

    /// <summary>The token with what is known of it.</summary>
    public BpfToken? Delegation { get; }

    /// <summary>The capabilities that all of the object takes, so that a refusal names them at once and not one after the other.</summary>
    public Capability[] NeededCapabilities => Interop.NeededCapabilities.Of(
        File.Programs.Where(static program => program.AutoLoad).Select(static program => program.Type), File.Maps.Where(static map => map.AutoCreate).Select(static map => map.Type));

    /// <summary>The object's BTF in the kernel; null when there is none, or the kernel takes none.</summary>
    public FileDescriptorHandle? Btf { get; set; }

    /// <summary>The maps that exist; those with <see cref="BpfMapDefinition.AutoCreate"/> off are missing.</summary>
    public Dictionary<BpfMapDefinition, BpfMap> Maps { get; } = [];

    /// <summary>The maps that this load made and nobody else knows: neither given nor pinned.</summary>
    public HashSet<BpfMapDefinition> OwnMaps { get; } = [];

    /// <summary>The maps that loaded programs refer to.</summary>
    public HashSet<BpfMapDefinition> UsedMaps { get; } = [];

    /// <summary>The programs that are loaded.</summary>
    public Dictionary<BpfProgramDefinition, BpfProgram> Programs { get; } = [];

    /// <summary>The programs to load, linked; none before the relocations are carried out.</summary>
    public LinkedPrograms? Linked { get; set; }

    /// <summary>The relocations that were carried out.</summary>
    public ObjectRelocator? Relocator { get; set; }

    /// <summary>The verifier's logs by program, where they were asked for.</summary>
    public Dictionary<string, string> Logs { get; } = [];

    /// <summary>What programs attach to by BTF, where that is known.</summary>
    public Dictionary<BpfProgramDefinition, AttachTarget> Targets { get; } = [];

    /// <summary>The kernel's side of struct_ops maps.</summary>
    public Dictionary<BpfMapDefinition, StructOpsImage> StructOps { get; } = [];

    /// <summary>Mappings that must live as long as the object, such as that of an arena at its fixed address.</summary>
    public List<IDisposable> Mappings { get; } = [];

    /// <summary>What entries of living program arrays held before this load, to be put back when it fails.</summary>
    public List<ProgramSlot> Replaced { get; } = [];

    /// <summary>Pins that this load made, to be taken back when it fails.</summary>
    public List<PinFile> NewPins { get; } = [];

    public IReadOnlyList<BpfFinding> Diagnostics => _diagnostics;

    /// <summary>Whether all of it belongs to the loaded object by now.</summary>
    public bool IsHandedOver { get; private set; }

    public void Report(BpfDiagnosticId id, BpfSeverity severity, string what, BpfLocation place = default, string? cause = null, string? cure = null)
    {
        var finding = new BpfFinding { Id = id, Severity = severity, What = what, Place = place, Cause = cause, Cure = cure };
        _diagnostics.Add(finding);
        Options.OnDiagnostic?.Invoke(finding);
    }

    /// <summary>Marks maps, programs, mappings and pins as owned by the loaded object.</summary>
    public void HandOver() => IsHandedOver = true;

    public void Dispose()
    {
        Delegation?.Dispose();
        foreach (AttachTarget target in Targets.Values) target.Object?.Dispose();
        foreach (ProgramSlot slot in Enumerable.Reverse(Replaced))
        {
            if (!IsHandedOver) slot.PutBack();
            slot.Dispose();
        }

        if (IsHandedOver) return;
        Btf?.Dispose();
        NewPins.Reverse(); // the folder that was made for the first one goes last
        NewPins.ForEach(pin => pin.Remove());
        foreach (IDisposable mapping in Mappings) mapping.Dispose();
        foreach (BpfProgram program in Programs.Values) program.Dispose();
        foreach (BpfMap map in Maps.Values) map.Dispose();
    }
}
