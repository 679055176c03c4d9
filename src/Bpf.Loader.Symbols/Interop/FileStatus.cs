namespace Bpf.Loader.Symbols.Interop;

/// <summary>What statx(2) says of an open file.</summary>
/// <param name="Inode">Its number on its device.</param>
/// <param name="Device">Its device: the major number in the upper half, the minor in the lower.</param>
/// <param name="Owner">The user that owns it.</param>
/// <param name="IsRegular">Whether it is a regular file, and neither a directory nor a pipe or device.</param>
internal readonly record struct FileStatus(ulong Inode, ulong Device, uint Owner, bool IsRegular);
