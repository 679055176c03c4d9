using System;
using System.Runtime.InteropServices;
using System.Text;
using Bpf.Loader.Light;
using Xunit;

namespace Bpf.Loader.KernelTests.Light;

/// <summary>A ring of keys of the test's own, gone with it.</summary>
internal sealed partial class KeyRing : IDisposable
{
    private const int SessionRing = -3, Unlink = 9;
    private const string Name = "bpf-loader-test";

    // add_key(2) and keyctl(2).
    private static readonly (nint Add, nint Control) Numbers = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? (248, 250) : (217, 219);

    private readonly int _serial;

    public KeyRing()
    {
        _serial = (int)Add("keyring", Name, [], SessionRing);
        Assert.SkipUnless(_serial > 0, "the kernel has no rings of keys, or the session has none");
    }

    /// <summary>The ring, for a load.</summary>
    public BpfKeyring Ring => (BpfKeyring)_serial;

    /// <summary>Puts a certificate in, in DER.</summary>
    public void Add(byte[] certificate) => Assert.SkipUnless(Add("asymmetric", "", certificate, _serial) > 0, "the kernel takes no certificates as keys (CONFIG_X509_CERTIFICATE_PARSER)");

    public void Dispose() => Control(Numbers.Control, Unlink, _serial, SessionRing);

    private static nint Add(string type, string name, byte[] contents, int ring) => Add(Numbers.Add, Encoding.UTF8.GetBytes(type + "\0"), Encoding.UTF8.GetBytes(name + "\0"), contents, contents.Length, ring);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Add(nint number, byte[] type, byte[] name, byte[] contents, nint length, nint ring);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Control(nint number, nint command, nint key, nint ring);
}
