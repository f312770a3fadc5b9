using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Enneo.Core.Messages;
using MimeKit;
using MimeKit.Cryptography;

namespace Enneo.Tests.Messages;

/// <summary>Mail that comes wrapped: S/MIME as one piece.</summary>
public sealed class OpenedPartsTests
{
    [Fact]
    public void WhatWasSignedAsOnePieceIsShown()
    {
        using var certificate = Certificate();
        using TemporarySecureMimeContext context = new();
        using var signed = ApplicationPkcs7Mime.Sign(context, new CmsSigner(certificate), Inner(), TestContext.Current.CancellationToken);

        var body = Read(signed);

        Assert.Equal(MailWrapping.SignedWhole, body.Wrapping);
        Assert.Equal("The words.", body.Describe().Text.Trim());
        Assert.Equal("list.pdf", Assert.Single(body.Describe().Parts, part => !part.IsInline).Name);
    }

    [Fact]
    public void WhatIsEncryptedIsNamedSo()
    {
        using var certificate = Certificate();
        using TemporarySecureMimeContext context = new();
        using var encrypted = ApplicationPkcs7Mime.Encrypt(context, new CmsRecipientCollection { new CmsRecipient(certificate) }, Inner(), TestContext.Current.CancellationToken);

        var body = Read(encrypted);

        Assert.Equal(MailWrapping.Encrypted, body.Wrapping);
        Assert.Single(body.Describe().Parts);
    }

    [Fact]
    public void WhatCannotBeOpenedStaysAnAttachment()
    {
        using MimePart broken = new("application", "pkcs7-mime") { Content = new MimeContent(new MemoryStream([1, 2, 3])), FileName = "smime.p7m" };

        var body = Read(broken);

        Assert.Equal(MailWrapping.None, body.Wrapping);
        Assert.Equal("smime.p7m", Assert.Single(body.Describe().Parts).Name);
    }

    private static Multipart Inner() => new("mixed")
    {
        new TextPart("plain") { Text = "The words." },
        new MimePart("application", "pdf") { Content = new MimeContent(new MemoryStream("%PDF-1.4"u8.ToArray())), FileName = "list.pdf" },
    };

    private static MessageBody Read(MimeEntity entity)
    {
        using MimeMessage mail = new() { Subject = "wrapped", Body = entity };
        MemoryStream raw = new();
        mail.WriteTo(raw, TestContext.Current.CancellationToken);
        return MessageBody.Collect(MailLimits.Load(raw.ToArray()));
    }

    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        CertificateRequest request = new("CN=Anna, E=anna@workshop.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var start = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(start.AddDays(-1), start.AddDays(1));
    }
}
