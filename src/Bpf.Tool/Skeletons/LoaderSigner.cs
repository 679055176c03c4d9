using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Bpf.Loader;

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
        using X509Certificate2 signer = ReadCertificate(certificate);
        if (!signer.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Any())
            throw new SkeletonException($"'{certificate}' has no identifier of its key (subjectKeyIdentifier), by which the kernel looks for it.", "Make the certificate with one: 'openssl req -x509' does.");
        return new LoaderSigner(Combine(signer, certificate, key));
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

    private static X509Certificate2 ReadCertificate(string path)
    {
        byte[] bytes = BpfFile.ReadAllBytes(path);
        string text = Encoding.UTF8.GetString(bytes);
        List<(string Label, Range Place)> blocks = BlocksOf(text);
        int at = blocks.FindIndex(static block => block.Label.EndsWith("CERTIFICATE", StringComparison.Ordinal));
        if (at < 0 && blocks.Count > 0)
            throw new SkeletonException($"'{path}' is no certificate: it holds {Names(blocks)}.", "--sign takes the private key first, and then its certificate.");
        try
        {
            return X509CertificateLoader.LoadCertificate(at < 0 ? bytes : Encoding.UTF8.GetBytes(text[blocks[at].Place]));
        }
        catch (CryptographicException)
        {
            throw new SkeletonException($"'{path}' is no certificate: it is neither in PEM (-----BEGIN CERTIFICATE-----) nor in DER.", "Give the certificate of the key: 'openssl req -x509 -key KEY -out CERTIFICATE' makes one.");
        }
    }

    private static X509Certificate2 Combine(X509Certificate2 certificate, string certificatePath, string path)
    {
        byte[] bytes = BpfFile.ReadAllBytes(path);
        List<(string Label, Range Place)> blocks = BlocksOf(Encoding.UTF8.GetString(bytes));
        if (blocks.Count == 0)
            throw new SkeletonException($"'{path}' is no private key in PEM: it has no line such as '-----BEGIN PRIVATE KEY-----'.", "A key in DER becomes one in PEM by 'openssl pkey -inform DER -in KEY -out KEY.pem'.");
        int at = blocks.FindIndex(static block => block.Label.EndsWith("PRIVATE KEY", StringComparison.Ordinal));
        if (at < 0)
            throw new SkeletonException($"'{path}' is no private key: it holds {Names(blocks)}.", "--sign takes the private key first, and then its certificate.");
        if (blocks[at].Label.StartsWith("ENCRYPTED", StringComparison.Ordinal) || bytes.AsSpan().IndexOf("Proc-Type: 4,ENCRYPTED"u8) >= 0)
            throw new SkeletonException($"The private key '{path}' is encrypted, and nobody can be asked for its password here.", "Decrypt it where the build can read it: 'openssl pkey -in KEY -out PLAIN'.");

        // What is wanted is told by the certificate; a key of the other kind cannot be read as one of it.
        using RSA? wanted = certificate.GetRSAPublicKey();
        using RSA rsa = RSA.Create();
        using ECDsa ecdsa = ECDsa.Create();
        using ECDsa? elliptic = certificate.GetECDsaPublicKey();
        if (wanted is null && elliptic is null)
            throw new SkeletonException($"The key of '{certificatePath}' is of a kind that the kernel does not check ({certificate.PublicKey.Oid.FriendlyName ?? certificate.PublicKey.Oid.Value}).", "Make a key of RSA or ECDSA.");
        try
        {
            AsymmetricAlgorithm own = wanted is not null ? rsa : ecdsa;
            own.ImportFromPem(Encoding.UTF8.GetString(bytes));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            string kind = wanted is not null ? "RSA" : "ECDSA";
            throw new SkeletonException($"'{path}' holds no private key of {kind} that can be read, which '{certificatePath}' is of ({e.Message.TrimEnd('.')}).", "Give the key that the certificate was made of.");
        }

        try
        {
            return wanted is not null ? certificate.CopyWithPrivateKey(rsa) : certificate.CopyWithPrivateKey(ecdsa);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new SkeletonException($"The private key '{path}' is not that of the certificate '{certificatePath}'.", "Give the key that the certificate was made of: 'openssl x509 -in CERTIFICATE -noout -pubkey' and 'openssl pkey -in KEY -pubout' print the same.");
        }
    }

    // What a file of PEM says that it holds, such as PRIVATE KEY: keys may have their curve before them, and certificates their keys.
    private static List<(string Label, Range Place)> BlocksOf(string text)
    {
        List<(string, Range)> blocks = [];
        for (int from = 0; PemEncoding.TryFind(text.AsSpan(from), out PemFields fields);)
        {
            ReadOnlySpan<char> rest = text.AsSpan(from);
            (int start, int length) = fields.Location.GetOffsetAndLength(rest.Length);
            blocks.Add((rest[fields.Label].ToString(), (from + start)..(from + start + length)));
            from += start + length;
        }

        return blocks;
    }

    private static string Names(List<(string Label, Range Place)> blocks) => string.Join(" and ", blocks.Select(block => Article(block.Label)));

    private static string Article(string label) => $"{("AEIO".Contains(label.FirstOrDefault('X'), StringComparison.Ordinal) ? "an" : "a")} {label}";
}
