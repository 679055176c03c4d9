using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
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
    private readonly ConcurrentDictionary<KernelFeature, bool> _denied = new();
    private readonly ProbeContext _context;

    private KernelFeatures(FileDescriptorHandle? token)
    {
        _context = new ProbeContext(token);
    }

    /// <summary>What the process can do by its own rights; shared by all.</summary>
    public static KernelFeatures Current { get; } = new(token: null);

    /// <summary>
    /// The features that were taken for missing because the process may not ask: its rights are lacking, not the kernel's
    /// abilities. Loading with them taken for missing may change what is sent to the kernel, so say so.
    /// </summary>
    public IReadOnlyCollection<KernelFeature> Denied => (IReadOnlyCollection<KernelFeature>)_denied.Keys;

    /// <summary>Knows nothing yet.</summary>
    internal static KernelFeatures Uncached() => new(token: null);

    /// <summary>What can be done by the rights of a token, which is not what <see cref="Current"/> can.</summary>
    public static KernelFeatures ForToken(FileDescriptorHandle token) => new(token);

    /// <summary>Whether the kernel has a feature; <see langword="false"/> also when the process may not ask (<see cref="Denied"/>).</summary>
    public bool Supports(KernelFeature feature) => Probe(feature) == FeatureSupport.Supported;

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

        // A token need not cover what the probes load, but the kernel that made it has all that is older.
        if (support == FeatureSupport.Denied && _context.Token is not null && IsOlderThanTokens(feature))
            support = FeatureSupport.Supported;
        if (support == FeatureSupport.Denied)
        {
            // Rights may be gained later: ask again then.
            _denied[feature] = true;
            return support;
        }

        _denied.TryRemove(feature, out _);
        _known[(int)feature] = support;
        return support;
    }

    // In every kernel from 6.9 on, whatever its configuration.
    private static bool IsOlderThanTokens(KernelFeature feature) => feature is
        KernelFeature.ProgramName or KernelFeature.GlobalData or KernelFeature.Btf or KernelFeature.BtfFunction or KernelFeature.BtfGlobalFunction
        or KernelFeature.BtfDataSection or KernelFeature.BtfFloat or KernelFeature.BtfDeclarationTag or KernelFeature.BtfTypeTag or KernelFeature.BtfEnum64
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
