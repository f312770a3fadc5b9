using Enneo.Core.Connections;
using Enneo.Core.Mailboxes;
using FluentValidation;

namespace Enneo.Tests.Mailboxes;

public sealed class MailboxInputValidatorTests
{
    /// <summary>What is entered, and the fields that are refused, separated by spaces.</summary>
    public static TheoryData<string, string> Rows => new()
    {
        { """{"name":"A"}""", "" },
        { """{"name":null}""", "Name" },
        { """{"name":"  "}""", "Name" },
        { """{"name":"A\r\nBcc: x@y.test"}""", "Name" },
        { """{"name":"A\u0000"}""", "Name" },
        { """{"channel":"phone"}""", "Channel" },
        { """{"channel":null}""", "Channel" },
        { """{"data":{"method":"api","imap":null,"smtp":null}}""", "" },
        { """{"data":{"method":"microsoft365","imap":null,"smtp":null}}""", "Data.Account" },
        { """{"data":{"method":"pop3"}}""", "Data.Method" },
        { """{"data":{"method":"IMAP"}}""", "" },
        { """{"data":{"address":null}}""", "Data.Address" },
        { """{"data":{"address":"support"}}""", "Data.Address" },
        { """{"data":{"address":"a@b@c.test"}}""", "Data.Address" },
        { """{"data":{"address":"Support <support@example.test>"}}""", "Data.Address" },
        { """{"data":{"address":"a@x.test, b@x.test"}}""", "Data.Address" },
        { """{"data":{"address":"a@x.test\r\nBcc: b@x.test"}}""", "Data.Address" },
        { """{"data":{"address":"\"a\r\nb\"@x.test"}}""", "Data.Address" },
        { """{"data":{"address":"a@-x.test"}}""", "Data.Address" },
        { """{"data":{"address":"support@münchen.test"}}""", "" },
        { """{"data":{"address":"support@localhost"}}""", "" },
        { """{"data":{"senderName":"A\nB"}}""", "Data.SenderName" },
        { """{"data":{"aliases":["help@example.test","  info@example.test "]}}""", "" },
        { """{"data":{"aliases":["help"]}}""", "Data.Aliases" },
        { """{"data":{"aliases":[null]}}""", "Data.Aliases" },
        { """{"data":{"aliases":["a@x.test\n"]}}""", "Data.Aliases" },
        { """{"data":{"aliases":null}}""", "" },
        { """{"data":{"imap":{"host":null}}}""", "Data.Imap.Host" },
        { """{"data":{"imap":{"host":"https://mail.example.test"}}}""", "Data.Imap.Host" },
        { """{"data":{"imap":{"host":"mail.example.test:993"}}}""", "Data.Imap.Host" },
        { """{"data":{"imap":{"host":"mail example test"}}}""", "Data.Imap.Host" },
        { """{"data":{"imap":{"host":"mail.example.test\r\nX"}}}""", "Data.Imap.Host" },
        { """{"data":{"imap":{"host":"mail.example.test/x"}}}""", "Data.Imap.Host" },
        { """{"data":{"imap":{"host":"user@mail.example.test"}}}""", "Data.Imap.Host" },
        { """{"data":{"imap":{"host":"mail..example.test"}}}""", "Data.Imap.Host" },
        { """{"data":{"imap":{"host":"169.254.169.254"}}}""", "Data.Imap.Host" },
        { """{"data":{"imap":{"host":"[fe80::1]"}}}""", "Data.Imap.Host" },
        { """{"data":{"imap":{"host":"10.0.0.5"}}}""", "" },
        { """{"data":{"imap":{"host":"::1"}}}""", "" },
        { """{"data":{"imap":{"host":"mail.example.test."}}}""", "" },
        { """{"data":{"imap":{"port":0}}}""", "Data.Imap.Port" },
        { """{"data":{"imap":{"port":65536}}}""", "Data.Imap.Port" },
        { """{"data":{"imap":{"security":7}}}""", "Data.Imap.Security" },
        { """{"data":{"imap":{"security":"none"}}}""", "" },
        { """{"data":{"imap":{"user":""}}}""", "Data.Imap.User" },
        { """{"data":{"imap":{"user":"a\r\nb"}}}""", "Data.Imap.User" },
        { """{"data":{"imap":{"password":null}}}""", "Data.Imap.Password" },
        { """{"data":{"imap":{"password":""}}}""", "Data.Imap.Password" },
        { """{"data":{"imap":{"password":"a\nb"}}}""", "Data.Imap.Password" },
        { """{"data":{"imap":{"password":"a\u0000b"}}}""", "Data.Imap.Password" },
        { """{"data":{"imap":{"password":" spaces stay "}}}""", "" },
        { """{"data":{"imap":{"trustedCertificate":"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"}}}""", "" },
        { """{"data":{"imap":{"trustedCertificate":"abc"}}}""", "Data.Imap.TrustedCertificate" },
        { """{"data":{"smtp":{"host":"smtp example"}}}""", "Data.Smtp.Host" },
        { """{"data":{"smtp":{"user":null,"password":null}}}""", "" },
        { """{"data":{"smtp":{"port":-1},"imap":{"port":-1}}}""", "Data.Imap.Port Data.Smtp.Port" },
        { """{"data":{"pollSeconds":4}}""", "Data.PollSeconds" },
        { """{"data":{"pollSeconds":86401}}""", "Data.PollSeconds" },
        { """{"data":{"pollSeconds":5}}""", "" },
        { """{"data":{"folders":"all"}}""", "" },
        { """{"data":{"folders":"some"}}""", "Data.Folders" },
        { """{"data":{"folders":[]}}""", "Data.Folders" },
        { """{"data":{"folders":["INBOX",3]}}""", "Data.Folders" },
        { """{"data":{"folders":["INBOX","A\r\nB"]}}""", "Data.Folders" },
        { """{"data":{"folders":null}}""", "" },
        { """{"data":{"spam":{"headers":true}}}""", "" },
        { """{"data":{"spam":[1]}}""", "Data.Spam" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Adding_RefusesTheseFields(string changes, string refused)
    {
        var result = new MailboxInputValidator().Validate(
            MailboxFiles.Merge(changes), rules => rules.IncludeRuleSets("default", MailboxInputValidator.Adding));

        Assert.Equal(refused, string.Join(' ', result.Errors.Select(error => error.PropertyName).Order(StringComparer.Ordinal)));
        Assert.DoesNotContain(result.Errors, error => error.ErrorMessage.Contains(Inputs.Password, StringComparison.Ordinal));
    }

    [Fact]
    public void Changing_NeedsNoPassword() =>
        Assert.True(new MailboxInputValidator().Validate(Inputs.Valid().WithImap(imap => imap with { Password = null })).IsValid);

    [Fact]
    public void NothingEntered_IsRefusedFieldByField()
    {
        var refused = new MailboxInputValidator().Validate(new MailboxInput()).Errors.Select(error => error.PropertyName);

        Assert.Equal(["Data.Address", "Data.Imap.Host", "Data.Imap.User", "Data.Smtp.Host", "Name"], refused.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void EnumOutOfRange_IsRefused() =>
        Assert.False(new MailboxInputValidator().Validate(Inputs.Valid().WithSmtp(smtp => smtp with { Security = (ConnectionSecurity)9 })).IsValid);
}
