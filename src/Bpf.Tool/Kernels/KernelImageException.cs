using System;

namespace Bpf.Tool.Kernels;

/// <summary>An installed kernel or module cannot be read; the message goes on from "The types of FILE cannot be read:".</summary>
internal sealed class KernelImageException(string message, Exception? inner = null) : Exception(message, inner);
