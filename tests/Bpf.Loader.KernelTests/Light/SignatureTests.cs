using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Light;
using Bpf.Loader.Tests;
using Bpf.Tool.Skeletons;
using Xunit;

namespace Bpf.Loader.KernelTests.Light;

/// <summary>Loader programs that are signed, and the kernel's answer to those that are not what was signed.</summary>
public sealed class SignatureTests : KernelTest
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bpf-sign").FullName;
    private readonly BpfLightFile _light;

    static SignatureTests()
    {
        if (LightTests.HasLoaders) BpfLightFile.Create(BpfObjectFile.Open(TestData.PathOf("data_globals.bpf.o"))).Load().Dispose();
    }

    public SignatureTests()
    {
        Requires.SyscallPrograms();
        Assert.SkipWhen(KernelVersion.Current.CompareTo(new KernelVersion(6, 18, 0)) < 0, "kernels before 6.18 check no signatures");
        _light = BpfLightFile.Create(BpfObjectFile.Open(TestData.PathOf("data_globals.bpf.o")), new BpfLightOptions { IsBound = true });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_signed_loader_loads_what_an_unsigned_one_does(bool isElliptic)
    {
        using var ring = new KeyRing();
        ring.Add(MakeKey(isElliptic));
        RequireChecks(ring);
        using BpfObject signed = Signed().Load(new BpfLightLoadOptions { Keyring = ring.Ring });
        using BpfObject unsigned = BpfLightFile.Create(BpfObjectFile.Open(TestData.PathOf("data_globals.bpf.o"))).Load();
        Assert.Equal(unsigned.Programs["sum"].Tag, signed.Programs["sum"].Tag);
        signed.Programs["sum"].TestRun();
        unsigned.Programs["sum"].TestRun();
        Assert.Equal(unsigned.Globals["bss_sum"].Get<ulong>(), signed.Globals["bss_sum"].Get<ulong>());
    }

    [Fact]
    public void A_key_that_is_not_in_the_ring_is_refused()
    {
        using var ring = new KeyRing();
        MakeKey(isElliptic: false);
        RequireChecks(ring);
        BpfLightFile signed = Signed();
        ring.Add(MakeKey(isElliptic: false)); // another one
        var refusal = Assert.Throws<BpfException>(() => signed.Load(new BpfLightLoadOptions { Keyring = ring.Ring }));
        Assert.Equal((BpfDiagnosticId.SignatureRefused, Errno.ENOKEY), (refusal.Id, refusal.Errno));
    }

    [Fact]
    public void A_program_that_was_changed_is_refused()
    {
        using var ring = new KeyRing();
        ring.Add(MakeKey(isElliptic: false));
        RequireChecks(ring);
        byte[] image = _light.ToArray();
        ReadOnlySpan<byte> program = _light.Instructions.Span;
        image[image.AsSpan().IndexOf(program) + program.Length - 12] ^= 1; // of the last but one instruction
        var refusal = Assert.Throws<BpfException>(() => Signed(image).Load(new BpfLightLoadOptions { Keyring = ring.Ring }));
        Assert.Equal((BpfDiagnosticId.SignatureRefused, Errno.EKEYREJECTED), (refusal.Id, refusal.Errno));
    }

    [Fact]
    public void What_is_no_signature_is_refused()
    {
        using var ring = new KeyRing();
        ring.Add(MakeKey(isElliptic: false));
        RequireChecks(ring);
        var refusal = Assert.Throws<BpfException>(() => BpfLightFile.Read(_light.ToArray(), Sign(_light.Instructions).AsSpan()[..^9], Sign(_light.InstructionsWithData).AsSpan()[..^9]).Load(new BpfLightLoadOptions { Keyring = ring.Ring }));
        Assert.Equal(BpfDiagnosticId.SignatureRefused, refusal.Id);
    }

    [Fact]
    public void Data_that_were_changed_are_refused()
    {
        // By the kernel where the signature is over them too, and else by the loader, which was signed.
        using var ring = new KeyRing();
        ring.Add(MakeKey(isElliptic: false));
        RequireChecks(ring);
        byte[] image = _light.ToArray();
        image[^1] ^= 1;
        var refusal = Assert.Throws<BpfException>(() => Signed(image).Load(new BpfLightLoadOptions { Keyring = ring.Ring }));
        Assert.Equal((BpfDiagnosticId.SignatureRefused, Errno.EKEYREJECTED), (refusal.Id, refusal.Errno));
        Assert.Equal(IsOverData ? BpfCommand.ProgLoad : BpfCommand.ProgTestRun, refusal.Command);
    }

    [Fact]
    public void A_signature_for_other_kernels_is_refused_and_says_which_is_missing()
    {
        using var ring = new KeyRing();
        ring.Add(MakeKey(isElliptic: false));
        RequireChecks(ring);
        byte[] image = _light.ToArray();
        BpfLightFile other = IsOverData ? BpfLightFile.Read(image, Sign(_light.Instructions)) : BpfLightFile.Read(image, default, Sign(_light.InstructionsWithData));
        var refusal = Assert.Throws<BpfException>(() => other.Load(new BpfLightLoadOptions { Keyring = ring.Ring }));
        Assert.Equal(BpfDiagnosticId.SignatureRefused, refusal.Id);
        Assert.Contains(IsOverData ? "sign BpfLightFile.InstructionsWithData too" : "sign BpfLightFile.Instructions too", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_that_were_changed_are_refused_by_the_loader()
    {
        // The loader itself looks after them, signed or not.
        byte[] image = _light.ToArray();
        BpfLightFile.Read(image).Load().Dispose();
        image[^1] ^= 1;
        var refusal = Assert.Throws<BpfException>(() => BpfLightFile.Read(image).Load());
        Assert.Equal((BpfDiagnosticId.SignatureRefused, BpfCommand.ProgTestRun), (refusal.Id, refusal.Command));
    }

    [Fact]
    public void Constants_and_sizes_are_those_that_were_signed()
    {
        _light.Maps[".rodata"].InitialValue.Span[0] ^= 1;
        Assert.Contains(".rodata", Assert.Throws<InvalidOperationException>(() => _light.Load()).Message, StringComparison.Ordinal);

        // Variables are nobody's promise: who has the map may write them at any time.
        BpfLightFile other = BpfLightFile.Read(_light.ToArray());
        other.Maps[".data"].InitialValue.Span[0] = 9;
        using BpfObject loaded = other.Load();
        Assert.Equal(9, loaded.GetSection(".data").ReadOnlySpan[0]);
    }

    private static bool IsOverData => KernelVersion.Current.CompareTo(new KernelVersion(7, 3, 0)) >= 0;

    protected override void Dispose(bool disposing)
    {
        Directory.Delete(_folder, recursive: true);
        base.Dispose(disposing);
    }

    // A kernel without what checks signatures takes none, and says so.
    private void RequireChecks(KeyRing ring)
    {
        try
        {
            Signed().Load(new BpfLightLoadOptions { Keyring = ring.Ring }).Dispose();
        }
        catch (BpfException refusal)
        {
            Assert.Equal(BpfDiagnosticId.SignatureRefused, refusal.Id);
            Assert.SkipWhen(refusal.Errno == Errno.EOPNOTSUPP, "the kernel is built without CONFIG_SYSTEM_DATA_VERIFICATION");
        }
    }

    private BpfLightFile Signed(byte[]? image = null) => BpfLightFile.Read(image ?? _light.ToArray(), Sign(_light.Instructions), Sign(_light.InstructionsWithData));

    private byte[] Sign(ReadOnlyMemory<byte> program)
    {
        using LoaderSigner signer = LoaderSigner.Open(Path.Combine(_folder, "key.pem"), Path.Combine(_folder, "certificate.pem"));
        return signer.Sign(program.Span);
    }

    // The certificate, in DER.
    private byte[] MakeKey(bool isElliptic)
    {
        using RSA rsa = RSA.Create(2048);
        using ECDsa ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = new X500DistinguishedName("CN=bpf-loader-test");
        CertificateRequest request = isElliptic ? new(name, ecdsa, HashAlgorithmName.SHA256) : new(name, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(Path.Combine(_folder, "key.pem"), isElliptic ? ecdsa.ExportPkcs8PrivateKeyPem() : rsa.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(_folder, "certificate.pem"), certificate.ExportCertificatePem());
        return certificate.RawData;
    }
}
