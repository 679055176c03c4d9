using System;
using System.Collections.Generic;
using System.Runtime.Versioning;

namespace Bpf.Loader.Testing.Beds;

/// <summary>An object in the kernel.</summary>
[SupportedOSPlatform("linux")]
internal sealed class KernelTestObject(BpfObject loaded) : BpfTestObject
{
    // A map is read by one reader, and what was read stays for the next look.
    private readonly Dictionary<string, IDisposable> _rings = [];

    public override BpfObject? InKernel => loaded;

    public override BpfTestProgram Program(string name) => new KernelTestProgram(Find(loaded.Programs, name, "program"));

    public override BpfTestMap<TKey, TValue> Map<TKey, TValue>(string name) => new KernelTestMap<TKey, TValue>(Find(loaded.Maps, name, "map").As<TKey, TValue>());

    public override BpfTestRing<T> Ring<T>(string name)
    {
        if (!_rings.TryGetValue(name, out IDisposable? ring)) _rings.Add(name, ring = new KernelTestRing<T>(Find(loaded.Maps, name, "map")));
        return ring as KernelTestRing<T> ?? throw new ArgumentException($"The records of {name} were read as another type before.", nameof(name));
    }

    public override T GetGlobal<T>(string name) => Find(loaded.Globals, name, "variable").Get<T>();

    public override void SetGlobal<T>(string name, T value) => Find(loaded.Globals, name, "variable").Set(value);

    public override ref T Section<T>(string name) => ref loaded.GetSection(name).Ref<T>(0);

    private protected override void Dispose(bool disposing)
    {
        foreach (IDisposable ring in _rings.Values) ring.Dispose();
        _rings.Clear();
        loaded.Dispose();
        base.Dispose(disposing);
    }

    private T Find<T>(BpfNamedCollection<T> all, string name, string what)
        where T : class => all.TryGet(name, out T? found) ? found : throw new KeyNotFoundException($"{loaded.Name} has no {what} '{name}'.");
}
