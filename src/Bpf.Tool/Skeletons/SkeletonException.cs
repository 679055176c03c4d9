using System;

namespace Bpf.Tool.Skeletons;

/// <summary>No skeleton can be made of an object, or not as it was asked for.</summary>
internal sealed class SkeletonException(string message) : Exception(message);
