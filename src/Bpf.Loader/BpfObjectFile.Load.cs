using System.Runtime.Versioning;
using Bpf.Loader.Loading;

namespace Bpf.Loader;

public sealed partial class BpfObjectFile
{
    /// <summary>
    /// Loads the object: creates its maps, relocates its programs against the running kernel and loads those with
    /// <see cref="Objects.BpfProgramDefinition.AutoLoad"/>. Nothing is left behind when it fails.
    /// </summary>
    /// <param name="options">How; null for the defaults.</param>
    /// <returns>The loaded object; disposing it unloads what nothing else holds.</returns>
    /// <exception cref="BpfVerifierException">The verifier refuses a program: the message begins with the C line at fault.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel lacks something that the object needs.</exception>
    /// <exception cref="BpfException">The kernel refuses something else; the message names it, and the capability it needs.</exception>
    /// <exception cref="CoReException">A program cannot be relocated against the kernel's types.</exception>
    /// <exception cref="BpfFormatException">The object is malformed, or for machines of the other byte order.</exception>
    /// <remarks>CAP_BPF, and CAP_PERFMON or CAP_NET_ADMIN by the type of program; CAP_SYS_ADMIN before Linux 5.8.</remarks>
    [SupportedOSPlatform("linux")]
    public BpfObject Load(BpfLoadOptions? options = null) => ObjectLoader.Load(this, options ?? new BpfLoadOptions());

    /// <summary>
    /// Does the first half of <see cref="Load"/>: the maps are created, and the programs relocated, but none is loaded yet. In between, maps can be
    /// filled, pinned and handed on, before any program is there.
    /// </summary>
    /// <param name="options">How; null for the defaults.</param>
    /// <returns>What goes on from there; disposing it before takes everything back.</returns>
    /// <inheritdoc cref="Load" path="/exception"/>
    /// <remarks>CAP_BPF, and for some kinds of maps CAP_NET_ADMIN; CAP_SYS_ADMIN before Linux 5.8.</remarks>
    [SupportedOSPlatform("linux")]
    public BpfPreparedObject Prepare(BpfLoadOptions? options = null) => new(ObjectLoader.Prepare(this, options ?? new BpfLoadOptions()));
}
