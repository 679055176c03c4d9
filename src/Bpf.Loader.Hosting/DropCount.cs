namespace Bpf.Loader.Hosting;

/// <summary>How many events a buffer had no room for.</summary>
internal readonly record struct DropCount(string Map, long Count);
