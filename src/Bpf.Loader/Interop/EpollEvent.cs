namespace Bpf.Loader.Interop;

/// <summary>What became ready: the events and the number that it was added with.</summary>
internal readonly record struct EpollEvent(EpollEvents Events, ulong Data);
