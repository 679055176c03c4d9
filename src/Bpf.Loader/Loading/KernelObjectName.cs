using System.Text;

namespace Bpf.Loader.Loading;

/// <summary>Names of maps and programs in the kernel.</summary>
internal static class KernelObjectName
{
    /// <summary>
    /// A name as the kernel takes it: letters, digits, underscores and dots (bpf_obj_name_cpy of kernel/bpf/syscall.c). Anything else,
    /// which other languages than C have in names, becomes an underscore.
    /// </summary>
    public static byte[] Encode(string name)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(name);
        for (int i = 0; i < utf8.Length; i++)
        {
            if (!char.IsAsciiLetterOrDigit((char)utf8[i]) && utf8[i] is not ((byte)'_' or (byte)'.')) utf8[i] = (byte)'_';
        }

        return utf8;
    }
}
