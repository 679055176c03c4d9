using System;
using System.Runtime.Versioning;

namespace Bpf.Loader;

/// <summary>
/// A class that was generated for one BPF object (<c>bpf gen skeleton</c>, or the build package), in its loaded stage. It names the
/// object's maps, programs and variables, with their types.
/// </summary>
/// <typeparam name="TSelf">The generated class.</typeparam>
public interface IBpfSkeleton<TSelf> : IDisposable
    where TSelf : IBpfSkeleton<TSelf>
{
    /// <summary>The loaded object.</summary>
    [SupportedOSPlatform("linux")]
    BpfObject Object { get; }

    /// <summary>Reads the object that the assembly carries; no system call. Each call gives a description of its own, to be changed.</summary>
    /// <param name="options">How it is understood; by default it is named as its file was.</param>
    /// <exception cref="BpfFormatException">The options make the object unsound.</exception>
    static abstract BpfObjectFile OpenFile(BpfOpenOptions? options = null);

    /// <summary>Gives a loaded object the names of this class. It is the class's from then on: disposed with it.</summary>
    /// <param name="loaded">What <see cref="BpfObjectFile.Load"/> gave for the file of <see cref="OpenFile"/>.</param>
    [SupportedOSPlatform("linux")]
    static abstract TSelf FromObject(BpfObject loaded);
}
