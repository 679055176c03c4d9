namespace Bpf.Loader.Interop;

/// <summary><c>struct iovec</c>.</summary>
internal readonly record struct IoVector(nint Address, nuint Length);
