using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace Bpf.Tool.Skeletons;

/// <summary>Signs loader programs as the kernel checks them (Linux 6.18): PKCS#7, detached, without attributes and certificates.</summary>
internal sealed class LoaderSigner : IDisposable
{
    private const string Pkcs7Data = "1.2.840.113549.1.7.1", Sha256 = "2.16.840.1.101.3.4.2.1";

    private readonly X509Certificate2 _certificate;

    private LoaderSigner(X509Certificate2 certificate) => _certificate = certificate;

    /// <summary>Opens a key with its certificate.</summary>
    /// <param name="key">The private key, in PEM.</param>
    /// <param name="certificate">The certificate, in PEM or DER.</param>
    /// <exception cref="SkeletonException">One of them cannot be read, or they do not belong together.</exception>
    public static LoaderSigner Open(string key, string certificate)
    {
        using X509Certificate2 signer = Read(certificate, static path => X509CertificateLoader.LoadCertificateFromFile(path));
        if (!signer.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Any())
            throw new SkeletonException($"'{certificate}' has no identifier of its key (subjectKeyIdentifier), by which the kernel looks for it.", "Make the certificate with one: 'openssl req -x509' does.");
        return new LoaderSigner(Read(key, path => Combine(signer, File.ReadAllText(path))));
    }

    /// <summary>Signs a loader program.</summary>
    /// <param name="program">Its instructions, with its data or without, in bytes.</param>
    /// <returns>The signature, in DER.</returns>
    public byte[] Sign(ReadOnlySpan<byte> program)
    {
        var message = new SignedCms(new ContentInfo(new Oid(Pkcs7Data), program.ToArray()), detached: true);

        // By the identifier of the key: that is how the kernel looks for it.
        message.ComputeSignature(new CmsSigner(SubjectIdentifierType.SubjectKeyIdentifier, _certificate)
        {
            DigestAlgorithm = new Oid(Sha256),
            IncludeOption = X509IncludeOption.None,
        });
        return message.Encode();
    }

    /// <inheritdoc/>
    public void Dispose() => _certificate.Dispose();

    private static X509Certificate2 Combine(X509Certificate2 certificate, string pem)
    {
        if (certificate.GetRSAPublicKey() is not null)
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            return certificate.CopyWithPrivateKey(rsa);
        }

        using var ecdsa = ECDsa.Create();
        ecdsa.ImportFromPem(pem);
        return certificate.CopyWithPrivateKey(ecdsa);
    }

    private static X509Certificate2 Read(string path, Func<string, X509Certificate2> read)
    {
        try
        {
            return read(path);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new SkeletonException($"'{path}' cannot be used to sign: {e.Message.TrimEnd('.')}.", "A private key in PEM is needed, RSA or ECDSA, and its certificate in PEM or DER.");
        }
    }
}
