using Bpf.Loader;

namespace Bpf.Tool.Compilation;

/// <summary>Nothing can be compiled; not for what the source says.</summary>
internal sealed class CompileException(BpfDiagnosticId id, string what, string? cure = null) : BpfLoaderException(new BpfFinding { Id = id, What = what, Cure = cure });
