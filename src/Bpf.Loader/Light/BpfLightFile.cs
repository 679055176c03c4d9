using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.Versioning;
using Bpf.Loader.Diagnostics;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Light;

/// <summary>
/// An object that a program in the kernel loads: with two system calls that count, and without reading ELF or BTF. It is made of an object file on
/// any machine of the same byte order, and holds no descriptor.
/// </summary>
/// <remarks>
/// What is made knows no kernel: CO-RE, externs and attach targets are looked up by the kernel that it runs on. Linux 5.14; with CO-RE 5.17,
/// with addresses of kernel symbols 5.16, signed 6.18.
/// </remarks>
public sealed class BpfLightFile
{
    private readonly byte[] _image;

    private BpfLightFile(byte[] image, LightContents contents)
    {
        _image = image;
        Contents = contents;
        Maps = new BpfDefinitionCollection<BpfLightMap>(
            [.. contents.File.Maps.Where(static map => map.AutoCreate).Select(static map => new BpfLightMap(map))], "map", static map => map.Name, static (wanted, names) => CloseNames.Hint(wanted, names), static map => map.Section);
        Programs = [.. contents.File.Programs.Select(static program => program.Name)];
    }

    /// <summary>The name of the object.</summary>
    public string Name => Contents.File.Name;

    /// <summary>The maps, those of global variables included.</summary>
    public BpfDefinitionCollection<BpfLightMap> Maps { get; }

    /// <summary>The names of the programs, in their order.</summary>
    public IReadOnlyList<string> Programs { get; }

    /// <summary>True when the loader program goes on only with the data that it was made with; see <see cref="BpfLightOptions.IsBound"/>.</summary>
    public bool IsBound => Contents.IsBound;

    /// <summary>The loader program, in bytes: what a signature is over for Linux 6.18 to 7.2.</summary>
    public ReadOnlyMemory<byte> Instructions => Contents.Instructions;

    /// <summary>
    /// The loader program and its data, in bytes: what a signature is over from Linux 7.3 on. The program is not quite <see cref="Instructions"/>: what
    /// these kernels look at themselves it does not. Empty when it is not bound.
    /// </summary>
    public ReadOnlyMemory<byte> InstructionsWithData => IsBound ? (byte[])[.. LoaderForm.WithoutCheck(Contents), .. Contents.Data.Span] : default;

    /// <summary>
    /// The signature over <see cref="Instructions"/>, which Linux 6.18 to 7.2 check at the load: PKCS#7 without contents, certificates and attributes, with
    /// SHA-256, the signer named by the identifier of his key. Empty for none.
    /// </summary>
    public ReadOnlyMemory<byte> Signature { get; private init; }

    /// <summary>The signature over <see cref="InstructionsWithData"/>, of the same kind, which kernels check from Linux 7.3 on. Empty for none.</summary>
    public ReadOnlyMemory<byte> SignatureWithData { get; private init; }

    /// <summary>What it consists of.</summary>
    internal LightContents Contents { get; }

    /// <summary>Makes a light object.</summary>
    /// <param name="file">The object; what was changed of it counts, and it is not changed.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="BpfLightException">The object has something that a loader program cannot do; the message says what and why.</exception>
    /// <exception cref="BpfFormatException">The object is malformed.</exception>
    public static BpfLightFile Create(BpfObjectFile file, BpfLightOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        bool isBound = options?.IsBound == true;
        BpfObjectFile own = file.Clone();
        return Read(LightWriter.Write(own, LoaderProgram.Make(own, isBound), isBound));
    }

    /// <summary>Reads a light object.</summary>
    /// <param name="image">What <see cref="ToArray"/> gave; it is copied.</param>
    /// <param name="signature">The signature over <see cref="Instructions"/>, for Linux 6.18 to 7.2; empty for none.</param>
    /// <param name="signatureWithData">The signature over <see cref="InstructionsWithData"/>, from Linux 7.3 on; empty for none.</param>
    /// <exception cref="BpfFormatException">The bytes are no light object, are damaged, or for a machine of the other byte order.</exception>
    /// <exception cref="ArgumentException">There is a signature, and the loader program is not bound to its data.</exception>
    /// <remarks>Each call gives a description of its own, to be changed.</remarks>
    public static BpfLightFile Read(ReadOnlySpan<byte> image, ReadOnlySpan<byte> signature = default, ReadOnlySpan<byte> signatureWithData = default)
    {
        byte[] own = image.ToArray();
        LightContents contents = LightReader.Read(own);
        if (!contents.IsBound && !(signature.IsEmpty && signatureWithData.IsEmpty))
            throw new ArgumentException($"The loader of '{contents.File.Name}' is not bound to its data, which a signature would not vouch for: make it with BpfLightOptions.IsBound.", nameof(signature));
        return new BpfLightFile(own, contents) { Signature = signature.ToArray(), SignatureWithData = signatureWithData.ToArray() };
    }

    /// <summary>The object in bytes, as it was made, without its signature.</summary>
    public byte[] ToArray() => [.. _image];

    /// <summary>Loads the object: its loader program is loaded and runs, and what it made is handed over.</summary>
    /// <param name="options">How; null for the defaults.</param>
    /// <returns>The loaded object, with maps, programs and variables as after <see cref="BpfObjectFile.Load"/>.</returns>
    /// <exception cref="BpfVerifierException">The verifier refuses a program; the message has its last words.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel knows no such loader programs, or no signatures.</exception>
    /// <exception cref="BpfException">The kernel refuses something else: the signature, a map, a name that it does not have. What it is about is named.</exception>
    /// <exception cref="InvalidOperationException">The object is bound, and sizes or constants were changed.</exception>
    /// <remarks>Nothing is left behind when it fails. CAP_BPF and CAP_PERFMON, and what the programs need.</remarks>
    [SupportedOSPlatform("linux")]
    public BpfObject Load(BpfLightLoadOptions? options = null) => LightLoader.Load(this, options ?? new BpfLightLoadOptions());

    /// <summary>Name, and how much of what it holds.</summary>
    public override string ToString() => $"{Name}: {Contents.File.Programs.Count} programs, {Maps.Count} maps, by a program of {Instructions.Length / Bpf.Loader.Instructions.BpfInstruction.Size} instructions";
}
