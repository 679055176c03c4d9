using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using Bpf.Loader.Tests.Tool;
using Bpf.Tool.Skeletons;
using Xunit;

namespace Bpf.Loader.Tests.Skeletons;

/// <summary>Signatures of loader programs are what the kernel reads: PKCS#7 without contents, certificates and attributes.</summary>
public sealed class SignerTests : IDisposable
{
    private static readonly byte[] Program = [1, 2, 3, 4, 5, 6, 7, 8];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void A_signature_is_over_the_program_and_names_the_key(bool isElliptic, bool isDer)
    {
        using X509Certificate2 certificate = Make(isElliptic, isDer);
        using LoaderSigner signer = LoaderSigner.Open(Key, CertificatePath);
        var message = new SignedCms(new ContentInfo(Program), detached: true);
        message.Decode(signer.Sign(Program));
        message.CheckSignature([certificate], verifySignatureOnly: true);
        SignerInfo info = Assert.Single(message.SignerInfos.Cast<SignerInfo>());
        Assert.Equal(SubjectIdentifierType.SubjectKeyIdentifier, info.SignerIdentifier.Type);
        Assert.Equal((0, 0, 0), (message.Certificates.Count, info.SignedAttributes.Count, info.UnsignedAttributes.Count));
        Assert.Equal("2.16.840.1.101.3.4.2.1", info.DigestAlgorithm.Value);

        var other = new SignedCms(new ContentInfo([.. Program, 9]), detached: true);
        other.Decode(signer.Sign(Program));
        Assert.Throws<CryptographicException>(() => other.CheckSignature([certificate], verifySignatureOnly: true));
    }

    [Fact]
    public void A_file_may_hold_more_than_the_key()
    {
        Make(isElliptic: true, isDer: false).Dispose();
        string key = File.ReadAllText(Key), certificate = File.ReadAllText(CertificatePath), both = _folder.PathOf("both.pem");

        // As 'openssl ecparam -genkey' writes it, and as servers have it, in either order.
        File.WriteAllText(both, "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + key);
        LoaderSigner.Open(both, CertificatePath).Dispose();
        foreach (string text in (string[])[key + "\n" + certificate, certificate + "\n" + key])
        {
            File.WriteAllText(both, text);
            LoaderSigner.Open(both, both).Dispose();
        }
    }

    [Fact]
    public void What_is_no_key_or_not_that_of_the_certificate_is_refused()
    {
        Make(isElliptic: false, isDer: false).Dispose();
        Refused(CertificatePath, CertificatePath, "certificate.pem' is no private key: it holds a CERTIFICATE");
        Refused(Key, Key, "key.pem' is no certificate: it holds a PRIVATE KEY", "the private key first");
        Refused(Key, _folder.PathOf("none.pem"), "none.pem");
        string garbage = _folder.PathOf("garbage");
        File.WriteAllBytes(garbage, [1, 2, 3]);
        Refused(garbage, CertificatePath, "garbage' is no private key in PEM", "openssl pkey -inform DER");
        Refused(Key, garbage, "garbage' is no certificate: it is neither in PEM", "openssl req -x509");

        string other = _folder.PathOf("other.pem");
        using RSA another = RSA.Create(2048);
        File.WriteAllText(other, another.ExportPkcs8PrivateKeyPem());
        Refused(other, CertificatePath, "other.pem' is not that of the certificate", "certificate.pem", "openssl x509");
        File.WriteAllText(other, another.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1000)));
        Refused(other, CertificatePath, "other.pem' is encrypted", "openssl pkey");
        using ECDsa elliptic = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(other, elliptic.ExportPkcs8PrivateKeyPem());
        Refused(other, CertificatePath, "no private key of RSA", "certificate.pem' is of");

        static void Refused(string key, string certificate, params string[] words)
        {
            string told = Assert.ThrowsAny<BpfLoaderException>(() => LoaderSigner.Open(key, certificate)).Message;
            Assert.All(words, word => Assert.Contains(word, told, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_class_is_signed_by_the_command()
    {
        Make(isElliptic: false, isDer: false).Dispose();
        string output = _folder.PathOf("x.cs");
        BpfTool made = BpfTool.Run("gen", "skeleton", TestData.PathOf("data_globals.bpf.o"), "--light", "--sign", Key, CertificatePath, "-o", output);
        Assert.Equal((0, ""), (made.ExitCode, made.Error));
        string text = File.ReadAllText(output);
        Assert.Contains("ReadOnlySpan<byte> Signature => new byte[]", text, StringComparison.Ordinal);
        Assert.Contains("public ref readonly RodataSection Rodata => ref global::System.Runtime", text, StringComparison.Ordinal);
        Assert.Equal(2, BpfTool.Run("gen", "skeleton", TestData.PathOf("data_globals.bpf.o"), "--sign", Key, CertificatePath).ExitCode);
        Assert.Equal(2, BpfTool.Run("gen", "skeleton", TestData.PathOf("data_globals.bpf.o"), "--light", "--embed", "x").ExitCode);
    }

    private string Key => _folder.PathOf("key.pem");

    private string CertificatePath => _folder.PathOf("certificate.pem");

    private X509Certificate2 Make(bool isElliptic, bool isDer)
    {
        using RSA rsa = RSA.Create(2048);
        using ECDsa ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = new X500DistinguishedName("CN=bpf-loader-test");
        CertificateRequest request = isElliptic ? new(name, ecdsa, HashAlgorithmName.SHA256) : new(name, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Key, isElliptic ? ecdsa.ExportPkcs8PrivateKeyPem() : rsa.ExportPkcs8PrivateKeyPem());
        if (isDer) File.WriteAllBytes(CertificatePath, certificate.RawData);
        else File.WriteAllText(CertificatePath, certificate.ExportCertificatePem());
        return certificate;
    }
}
