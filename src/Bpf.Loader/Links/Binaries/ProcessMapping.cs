using System;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links.Binaries;

/// <summary>A file mapped by a process.</summary>
/// <param name="Start">The first address.</param>
/// <param name="End">The address behind the last.</param>
/// <param name="Offset">Where in the file the mapping begins.</param>
/// <param name="IsExecutable">True for code.</param>
/// <param name="Identity">The file, by the numbers that the kernel has; on overlayfs and btrfs others than a path has.</param>
/// <param name="Path">The file as we see it, or a word in brackets such as <c>[stack]</c>; <c> (deleted)</c> stands behind one that has no name any more.</param>
internal readonly record struct ProcessMapping(ulong Start, ulong End, ulong Offset, bool IsExecutable, FileIdentity Identity, string Path)
{
    private const string DeletedMark = " (deleted)";

    /// <summary>True for a file; others are memory of the kernel's own making.</summary>
    public bool IsFile => Path.StartsWith('/') && Identity.Exists;

    /// <summary>True when the file has no name any more: it was deleted, or another was put in its place.</summary>
    public bool IsDeleted => Path.EndsWith(DeletedMark, StringComparison.Ordinal);

    /// <summary>The path that the file has, or had.</summary>
    public string PathThen => IsDeleted ? Path[..^DeletedMark.Length] : Path;

    /// <summary>The name that the file has, or had.</summary>
    public ReadOnlySpan<char> FileName => System.IO.Path.GetFileName(PathThen.AsSpan());
}
