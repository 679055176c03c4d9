using System;

namespace Bpf.Loader.Hosting;

/// <summary>Makes a value of another struct.</summary>
/// <param name="old">The old value.</param>
/// <param name="value">Where the new one goes.</param>
internal delegate void ValueConverter(ReadOnlySpan<byte> old, Span<byte> value);
