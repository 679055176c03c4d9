using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Kernel;

/// <summary>
/// The types of kernels that an assembly carries, for those that have none of their own (<c>CONFIG_DEBUG_INFO_BTF</c> is off, or older
/// than 5.4). The build makes them of its items <c>BpfKernelBtf</c>: of each kernel those types that the project's objects ask for.
/// </summary>
/// <remarks>A kernel is known by its release, as <c>uname -r</c> prints it, and by its machine where the item says one.</remarks>
public sealed class EmbeddedKernelBtf
{
    // bpf-kernels/5.4.0-91-generic.btf, or bpf-kernels/x86_64/5.4.0-91-generic.btf
    private const string Prefix = "bpf-kernels/", Suffix = ".btf";

    private readonly Func<string, Stream?> _open;

    // Looked for when they are needed: a kernel with types of its own asks for none.
    private readonly Lazy<HashSet<string>> _kernels;

    internal EmbeddedKernelBtf(Func<IEnumerable<string>> resources, Func<string, Stream?> open)
    {
        _open = open;
        _kernels = new(() =>
        [
            .. from name in resources()
               where name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal)
               select name[Prefix.Length..^Suffix.Length],
        ]);
    }

    /// <summary>The kernels whose types there are: releases, or <c>machine/release</c>, in no order.</summary>
    public IReadOnlyCollection<string> Kernels => _kernels.Value;

    /// <summary>What an assembly carries.</summary>
    /// <param name="assembly">The assembly that was built with <c>BpfKernelBtf</c>.</param>
    public static EmbeddedKernelBtf Of(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return new EmbeddedKernelBtf(assembly.GetManifestResourceNames, assembly.GetManifestResourceStream);
    }

    /// <summary>The types of a kernel; null when the assembly does not carry them.</summary>
    /// <param name="release">Its release, as <c>uname -r</c> prints it.</param>
    /// <param name="machine">Its machine, as <c>uname -m</c> prints it.</param>
    /// <exception cref="BpfFormatException">The resource is no BTF.</exception>
    public BtfReader? Find(string release, string machine)
    {
        ArgumentNullException.ThrowIfNull(release);
        ArgumentNullException.ThrowIfNull(machine);
        foreach (string kernel in (string[])[$"{machine}/{release}", release])
        {
            if (!_kernels.Value.Contains(kernel)) continue;
            using Stream? stream = _open(Prefix + kernel + Suffix);
            if (stream is null) continue;
            byte[] types = new byte[stream.Length];
            stream.ReadExactly(types);
            return BtfReader.Read(types);
        }

        return null;
    }

    /// <summary>The types of the running kernel; null when the assembly does not carry them.</summary>
    internal BtfReader? FindRunning() => Find(KernelVersion.Release, Machine);

    internal static string Machine { get; } = RuntimeInformation.OSArchitecture switch
    {
        Architecture.X64 => "x86_64",
        Architecture.X86 => "i686",
        Architecture.Arm64 => "aarch64",
        Architecture.Arm => "armv7l",
        Architecture.LoongArch64 => "loongarch64",
        Architecture other => other.ToString().ToLowerInvariant(), // s390x, ppc64le, riscv64
    };
}
