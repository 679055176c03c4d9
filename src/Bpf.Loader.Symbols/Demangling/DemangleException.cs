using System;

namespace Bpf.Loader.Symbols.Demangling;

/// <summary>A name is not what its beginning promises, or is beyond what is decoded. It never leaves the package.</summary>
internal sealed class DemangleException : Exception;
