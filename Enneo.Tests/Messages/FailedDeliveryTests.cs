using System.Text;
using Enneo.Core.Messages.Bounces;
using MimeKit;

namespace Enneo.Tests.Messages;

public sealed class FailedDeliveryTests
{
    [Theory]
    [InlineData("smtp; 550 5.1.1 <tom@fjord.example>: user unknown", "5.1.1", FailureReason.NoSuchRecipient, "550 5.1.1")]
    [InlineData("smtp; 552 5.2.2 Mailbox full", "5.2.2", FailureReason.MailboxFull, "552 5.2.2")]
    [InlineData("smtp; 554 5.7.1 rejected as spam, no such luck", "5.7.1", FailureReason.Refused, "554 5.7.1")]
    [InlineData("X-Postfix; Host or domain name not found", "5.4.4", FailureReason.NoSuchDomain, "5.4.4")]
    [InlineData("smtp; 550 <tom@fjord.example>... user unknown, 203.0.113.9 is on the blocklist", "5.0.0", FailureReason.Refused, "550")]
    [InlineData("", "4.4.7", FailureReason.NotReached, "4.4.7")]
    [InlineData("smtp; 552 5.3.4 Message too large", "5.3.4", FailureReason.TooLarge, "552 5.3.4")]
    [InlineData("", "5.0.0", FailureReason.Unknown, "5.0.0")]
    public void AReportSaysWhomAndWhy(string diagnostic, string status, FailureReason reason, string code)
    {
        var failure = Assert.Single(Read(diagnostic, status));

        Assert.Equal(("tom@fjord.example", reason, code), (failure.Recipient, failure.Reason, failure.Code));
    }

    [Fact]
    public void WhatIsStillTriedHasNotFailed() => Assert.Equal(FailureReason.Delayed, Assert.Single(Read("smtp; 450 4.2.0 try again", "4.2.0", "delayed")).Reason);

    [Fact]
    public void WhoWasReachedIsNotNamed() => Assert.DoesNotContain(Read("", "2.0.0", "delivered"), failure => failure.Recipient.Length > 0 && failure.IsPermanent);

    private static IReadOnlyList<FailedDelivery> Read(string diagnostic, string status, string action = "failed")
    {
        var report = $"Reporting-MTA: dns; mail.workshop.example\n\nFinal-Recipient: rfc822; tom@fjord.example\nAction: {action}\nStatus: {status}\n{(diagnostic.Length > 0 ? $"Diagnostic-Code: {diagnostic}\n" : "")}";
        var raw = "From: MAILER-DAEMON@workshop.example\nSubject: Report\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
            + $"--b\nContent-Type: text/plain\n\nYour mail was not delivered.\n--b\nContent-Type: message/delivery-status\n\n{report}\n--b--\n";
        using MemoryStream bytes = new(Encoding.UTF8.GetBytes(raw));
        using var message = MimeMessage.Load(bytes, TestContext.Current.CancellationToken);
        return FailedDelivery.Of(message);
    }
}
