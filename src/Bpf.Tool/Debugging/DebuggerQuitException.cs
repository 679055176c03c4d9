using System;

namespace Bpf.Tool.Debugging;

/// <summary>Ends a run from within: whoever debugs has seen enough.</summary>
internal sealed class DebuggerQuitException : Exception;
