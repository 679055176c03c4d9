using Bpf.Loader;

namespace Bpf.Tool.Skeletons;

/// <summary>No skeleton can be made of an object, or not as it was asked for.</summary>
internal sealed class SkeletonException(string what, string? cause = null) : BpfLoaderException(new BpfFinding { Id = BpfDiagnosticId.NotGenerated, What = what, Cause = cause });
