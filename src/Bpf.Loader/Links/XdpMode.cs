namespace Bpf.Loader.Links;

/// <summary>Where a device runs an XDP program: <c>XDP_FLAGS_*_MODE</c>.</summary>
public enum XdpMode : uint
{
    /// <summary>In the driver if it can, else behind it.</summary>
    Default = 0,

    /// <summary><c>XDP_FLAGS_SKB_MODE</c>: behind the driver, when the packet's buffer is made (generic).</summary>
    Generic = 1 << 1,

    /// <summary><c>XDP_FLAGS_DRV_MODE</c>: in the driver (native).</summary>
    Native = 1 << 2,

    /// <summary><c>XDP_FLAGS_HW_MODE</c>: in the device (offloaded).</summary>
    Offloaded = 1 << 3,
}
