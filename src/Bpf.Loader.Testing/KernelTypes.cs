using System;
using System.Collections.Generic;
using System.IO;
using Bpf.Loader.Btf;
using Bpf.Loader.Relocation;

namespace Bpf.Loader.Testing;

/// <summary>The types of the kernel that a machine stands for: what CO-RE finds, and what kernel objects are made of.</summary>
public sealed class KernelTypes : ITargetTypes
{
    private static readonly Lazy<KernelTypes> Small = new(() => new KernelTypes(ReadResource("linux-6.12.btf"), (6 << 16) + (12 << 8)));

    private KernelTypes(BtfReader kernel, uint version, IReadOnlyList<BtfReader>? modules = null)
    {
        Kernel = kernel;
        Version = version;
        Modules = modules ?? [];
    }

    /// <summary>
    /// Types of Linux 6.12 on x86-64 that programs commonly read, which the package brings: tasks, files, sockets, packets and what hangs
    /// on them. Types beyond them are there by name only; take a whole kernel's with <see cref="Open"/> when a test needs them.
    /// </summary>
#pragma warning disable CA1707 // 6.12 is no 612.
    public static KernelTypes Linux_6_12 => Small.Value;
#pragma warning restore CA1707

    /// <inheritdoc/>
    public BtfReader Kernel { get; }

    /// <inheritdoc/>
    public IReadOnlyList<BtfReader> Modules { get; }

    /// <summary>The version of the kernel as <c>KERNEL_VERSION</c> encodes it, for <c>LINUX_KERNEL_VERSION</c>.</summary>
    public uint Version { get; }

    /// <summary>Takes types from memory.</summary>
    /// <param name="types">The types of the kernel.</param>
    /// <param name="version">The version of the kernel; null for 6.12.</param>
    /// <param name="modules">The types of modules.</param>
    public static KernelTypes Of(BtfReader types, Version? version = null, IReadOnlyList<BtfReader>? modules = null)
    {
        ArgumentNullException.ThrowIfNull(types);
        version ??= new Version(6, 12);
        return new KernelTypes(types, ((uint)version.Major << 16) + ((uint)version.Minor << 8) + (uint)Math.Clamp(version.Build, 0, 255), modules);
    }

    /// <summary>Reads types from a file: raw BTF, such as <c>/sys/kernel/btf/vmlinux</c>, or ELF with a section <c>.BTF</c>.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="BpfFormatException">It holds no types.</exception>
    public static KernelTypes Open(string path, Version? version = null) => Of(BtfReader.ReadRawOrElf(File.ReadAllBytes(path)), version);

    private static BtfReader ReadResource(string name)
    {
        using Stream stream = typeof(KernelTypes).Assembly.GetManifestResourceStream(name)!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return BtfReader.Read(bytes);
    }
}
