using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Instructions;
using Bpf.Loader.Kernel;

namespace Bpf.Loader.Light;

/// <summary>
/// A bound loader as one kind of kernel takes it. Of 6.18 to 7.2 the signature is over the program, which looks itself whether its data are what
/// was signed, and whether nobody else can change them. From 7.3 on the signature is over the program and its data, the kernel looks whether they
/// are for the program alone (bpf_prog_verify_signature of kernel/bpf/verifier.c), and its struct bpf_map has nothing any more that the
/// program could look at for that.
/// </summary>
/// <param name="CoversData">Whether the signature is over the data too.</param>
/// <param name="Instructions">The program.</param>
/// <param name="Signature">The signature; empty for none.</param>
internal sealed record LoaderForm(bool CoversData, ReadOnlyMemory<byte> Instructions, ReadOnlyMemory<byte> Signature)
{
    /// <summary>The instructions that look whether the data are for the program alone: the flag, and where to when it is not set.</summary>
    public const int CheckLength = 2;

    /// <summary>The first kernel whose signatures are over the data too.</summary>
    public static readonly KernelVersion FirstThatCoversData = new(7, 3, 0);

    /// <summary>The forms that a light object has, that for the running kernel's version first: kernels take on what newer ones do.</summary>
    [SupportedOSPlatform("linux")]
    public static IReadOnlyList<LoaderForm> Of(BpfLightFile light)
    {
        LoaderForm older = new(CoversData: false, light.Instructions, light.Signature);
        if (!light.IsBound) return [older];
        LoaderForm newer = new(CoversData: true, WithoutCheck(light.Contents), light.SignatureWithData);
        LoaderForm[] forms = KernelVersion.Current.CompareTo(FirstThatCoversData) < 0 ? [older, newer] : [newer, older];
        bool isSigned = !light.Signature.IsEmpty || !light.SignatureWithData.IsEmpty;
        return isSigned ? [.. forms.Where(static form => !form.Signature.IsEmpty)] : forms;
    }

    /// <summary>The loader program without its look at what newer kernels look at themselves.</summary>
    public static byte[] WithoutCheck(LightContents contents)
    {
        byte[] program = contents.Instructions.ToArray();
        MemoryMarshal.Cast<byte, BpfInstruction>(program.AsSpan()).Slice(contents.ExclusiveCheck, CheckLength).Fill(Nothing);
        return program;
    }

    // A jump to what comes next anyway.
    private static BpfInstruction Nothing => new(BpfOpCode.Goto, 0, 0, 0, 0);
}
