using System;

namespace Bpf.Loader.Fuzz;

/// <summary>What was read or written is not what it must be.</summary>
internal sealed class OracleException(string message) : Exception(message);
