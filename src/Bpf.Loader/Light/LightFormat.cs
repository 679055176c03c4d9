namespace Bpf.Loader.Light;

/// <summary>What the bytes of a light object begin with.</summary>
internal static class LightFormat
{
    /// <summary>Changes with the meaning of what follows; only the library that it goes with reads it.</summary>
    public const uint Version = 2;

    /// <summary>Tells the byte order apart.</summary>
    public const uint ByteOrder = 0x01020304;

    /// <summary>For <see cref="LightWriter"/> and <see cref="LightReader"/>: where the value of a map stands when it is nowhere.</summary>
    public const int NoValue = -1;

    public static System.ReadOnlySpan<byte> Magic => "BPFLIGHT"u8;
}
