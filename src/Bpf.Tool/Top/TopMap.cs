using System;
using Bpf.Loader;

namespace Bpf.Tool.Top;

/// <summary>A map, and how full it is.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Room">How many entries it has room for; a ring, bytes.</param>
/// <param name="Used">How many there are; of a ring, how many bytes are not read yet. Null where nobody knows without a walk.</param>
internal sealed record TopMap(uint Id, string Name, BpfMapType Type, uint Room, ulong? Used)
{
    /// <summary>Used of the room, in hundredths; null where it is not known.</summary>
    public double? Percent => Used is ulong used && Room > 0 ? Math.Min(100.0, 100.0 * used / Room) : null;
}
