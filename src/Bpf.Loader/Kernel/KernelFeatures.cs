using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel.Probes;

namespace Bpf.Loader.Kernel;

/// <summary>
/// What this kernel can do, found out by trying, once for each feature. Safe to share between threads: two may try the same
/// at once and find the same.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class KernelFeatures
{
    private static readonly int FeatureCount = (int)KernelFeature.SingleCpuElements + 1;

    private readonly FeatureSupport[] _known = new FeatureSupport[FeatureCount];
    private readonly ConcurrentDictionary<KernelFeature, FeatureSupport> _open = new(); // denied or unanswered
    private readonly ProbeContext _context;

    private KernelFeatures(FileDescriptorHandle? token)
    {
        _context = new ProbeContext(token);
    }

    /// <summary>What the process can do by its own rights; shared by all.</summary>
    public static KernelFeatures Current { get; } = new(token: null);

    /// <summary>
    /// The features that the process may not ask for: its rights are lacking, not the kernel's abilities. What is sent to the kernel
    /// then follows from its version, so say so.
    /// </summary>
    public IReadOnlyCollection<KernelFeature> Denied => Open(FeatureSupport.Denied);

    /// <summary>The features of which the kernel gave no answer, because memory or descriptors ran short; they are judged as those are.</summary>
    public IReadOnlyCollection<KernelFeature> Unanswered => Open(FeatureSupport.Unanswered);

    /// <summary>Knows nothing yet.</summary>
    internal static KernelFeatures Uncached() => new(token: null);

    /// <summary>What can be done by the rights of a token, which is not what <see cref="Current"/> can.</summary>
    public static KernelFeatures ForToken(FileDescriptorHandle token) => new(token);

    /// <summary>Whether the kernel says that it has a feature; <see langword="false"/> also when there was no answer (<see cref="Denied"/>, <see cref="Unanswered"/>).</summary>
    public bool Supports(KernelFeature feature) => Probe(feature) == FeatureSupport.Supported;

    /// <summary>Whether to go by it that the kernel has a feature: as it says or, when there was no answer, by its version.</summary>
    public bool Expects(KernelFeature feature) => Probe(feature) switch
    {
        FeatureSupport.Supported => true,
        FeatureSupport.Denied or FeatureSupport.Unanswered => KernelFeatureVersions.First(feature) is KernelVersion first && KernelVersion.Current.CompareTo(first) >= 0,
        _ => false,
    };

    /// <summary>Whether the kernel says that it lacks a feature; false when there was no answer.</summary>
    public bool Lacks(KernelFeature feature) => Probe(feature) == FeatureSupport.Missing;

    /// <summary>Knows that features are missing, whatever the kernel has: so that what older kernels make do with can be tried.</summary>
    internal static KernelFeatures Without(params ReadOnlySpan<KernelFeature> missing)
    {
        KernelFeatures features = Uncached();
        foreach (KernelFeature feature in missing) features._known[(int)feature] = FeatureSupport.Missing;
        return features;
    }

    /// <summary>What is known of a feature; asks the kernel the first time.</summary>
    public FeatureSupport Probe(KernelFeature feature)
    {
        // Bytes are read and written whole, and the value is all there is: no order is needed.
        FeatureSupport support = _known[(int)feature];
        if (support != FeatureSupport.Unknown)
            return support;

        support = Ask(feature);
        if (_context.Token is null) support = ProbeRights.Doubt(support, KernelFeatureVersions.Needed(feature));

        // A token need not cover what the probes load, but the kernel that made it has all that is older.
        if (support == FeatureSupport.Denied && _context.Token is not null && IsOlderThanTokens(feature))
            support = FeatureSupport.Supported;
        if (support is FeatureSupport.Denied or FeatureSupport.Unanswered)
        {
            // Rights may be gained later, and what ran short be there again: ask then.
            _open[feature] = support;
            return support;
        }

        _open.TryRemove(feature, out _);
        _known[(int)feature] = support;
        return support;
    }

    private KernelFeature[] Open(FeatureSupport support) => [.. _open.Where(open => open.Value == support).Select(open => open.Key)];

    // In every kernel from 6.9 on, whatever its configuration.
    private static bool IsOlderThanTokens(KernelFeature feature) => feature is
        KernelFeature.ProgramName or KernelFeature.GlobalData or KernelFeature.Btf or KernelFeature.BtfFunction or KernelFeature.BtfGlobalFunction
        or KernelFeature.BtfDataSection or KernelFeature.BtfEmptyDataSection or KernelFeature.BtfFloat or KernelFeature.BtfDeclarationTag or KernelFeature.BtfTypeTag or KernelFeature.BtfEnum64
        or KernelFeature.ArrayMmap or KernelFeature.ExpectedAttachType or KernelFeature.ProbeReadKernel or KernelFeature.ProgramBindMap
        or KernelFeature.BpfCookie or KernelFeature.MemoryCgroupAccounting or KernelFeature.ArgumentContextTag;

    private FeatureSupport Ask(KernelFeature feature) => feature switch
    {
        KernelFeature.ProgramName => ProgramProbes.Name(_context),
        KernelFeature.GlobalData => ProgramProbes.GlobalData(_context),
        KernelFeature.Btf => BtfProbes.Btf(_context),
        KernelFeature.BtfFunction => BtfProbes.Function(_context),
        KernelFeature.BtfGlobalFunction => BtfProbes.GlobalFunction(_context),
        KernelFeature.BtfDataSection => BtfProbes.DataSection(_context),
        KernelFeature.BtfEmptyDataSection => BtfProbes.EmptyDataSection(_context),
        KernelFeature.BtfFloat => BtfProbes.Float(_context),
        KernelFeature.BtfDeclarationTag => BtfProbes.DeclarationTag(_context),
        KernelFeature.BtfTypeTag => BtfProbes.TypeTag(_context),
        KernelFeature.BtfEnum64 => BtfProbes.Enum64(_context),
        KernelFeature.BtfQuestionMarkDataSection => BtfProbes.QuestionMarkDataSection(_context),
        KernelFeature.BtfLayout => BtfProbes.Layout(_context),
        KernelFeature.ArrayMmap => ProgramProbes.ArrayMmap(_context),
        KernelFeature.ExpectedAttachType => ProgramProbes.ExpectedAttachType(_context),
        KernelFeature.ProbeReadKernel => ProgramProbes.ProbeReadKernel(_context),
        KernelFeature.ProgramBindMap => ProgramProbes.BindMap(_context),
        KernelFeature.ModuleBtf => BtfProbes.ModuleBtf(_context),
        KernelFeature.PerfLink => LinkProbes.PerfLink(_context),
        KernelFeature.BpfCookie => ProgramProbes.Cookie(_context),
        KernelFeature.MemoryCgroupAccounting => ProgramProbes.MemoryCgroupAccounting(_context),
        KernelFeature.SyscallWrapper => SyscallWrapperProbe.Ask(),
        KernelFeature.UprobeMultiLink => LinkProbes.UprobeMulti(_context),
        KernelFeature.ArgumentContextTag => ProgramProbes.ArgumentContextTag(_context),
        KernelFeature.LoadImmediate64FullRange => ProgramProbes.LoadImmediate64FullRange(_context),
        KernelFeature.UprobeSyscall => LinkProbes.UprobeSyscall(_context),
        KernelFeature.BpfSyscallCommonAttributes => LinkProbes.CommonAttributes(_context),
        KernelFeature.SingleCpuElements => MapProbes.SingleCpuElements(_context),
        _ => throw new ArgumentOutOfRangeException(nameof(feature), feature, "There is no such feature."),
    };
}
