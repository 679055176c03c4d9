namespace Bpf.Loader.Objects;

/// <summary>How a map definition asks for pinning.</summary>
public enum BpfPinning
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary><c>LIBBPF_PIN_BY_NAME</c>: below <see cref="BpfOpenOptions.PinRootPath"/>, by its name.</summary>
    ByName = 1,

    /// <summary>iproute2's <c>PIN_OBJECT_NS</c>: in <c>tc/</c>, in a directory named by the SHA-1 of the object file.</summary>
    ByObject = 2,

    /// <summary>iproute2's <c>PIN_GLOBAL_NS</c>: in <c>tc/globals</c>, by its name.</summary>
    Global = 3,
}
