using System;

namespace Bpf.Loader;

/// <summary>
/// Somebody who loads the object of a class later, such as a host's builder, and lets it be changed before. Each generated class
/// comes with a method <c>Configure</c> for all of them, which names its constants and maps:
/// <c>builder.Configure(file => file.Rodata.OnlyUid = 1000)</c>.
/// </summary>
/// <typeparam name="TSkeleton">The class that was generated for the object.</typeparam>
public interface IBpfConfigurable<TSkeleton>
    where TSkeleton : IBpfSkeleton<TSkeleton>
{
    /// <summary>Asks for the description before it is loaded.</summary>
    /// <param name="configure">Called once, with what <see cref="IBpfSkeleton{TSelf}.OpenFile"/> gave.</param>
    void BeforeLoad(Action<BpfObjectFile> configure);
}
