using System.Text;
using Enneo.Core.Messages.Authentication;
using MimeKit;

namespace Enneo.Tests.Messages;

public sealed class SenderAuthenticationTests
{
    private const string Ours = "Received: from mx.nordlicht.example (mx.nordlicht.example [203.0.113.9]) by mail.ours.example with ESMTPS; Mon, 2 Mar 2026 10:00:00 +0000\n";
    private const string Local = "Received: from mail.ours.example ([127.0.0.1]) by mail.ours.example with LMTP; Mon, 2 Mar 2026 10:00:01 +0000\n";

    [Theory]
    [InlineData("dmarc=pass header.from=nordlicht.example", SenderCheck.Confirmed)]
    [InlineData("spf=pass smtp.mailfrom=jonas@nordlicht.example", SenderCheck.Confirmed)]
    [InlineData("dkim=pass header.d=mail.nordlicht.example", SenderCheck.Confirmed)]
    [InlineData("dkim=pass header.i=@nordlicht.example", SenderCheck.Confirmed)]
    [InlineData("spf=pass smtp.mailfrom=bounce@sender.example; dkim=fail header.d=nordlicht.example; dmarc=none", SenderCheck.NotConfirmed)]
    [InlineData("spf=pass smtp.mailfrom=a@evilnordlicht.example", SenderCheck.NotConfirmed)]
    [InlineData("spf=softfail smtp.mailfrom=jonas@nordlicht.example", SenderCheck.NotConfirmed)]
    [InlineData("spf=fail smtp.mailfrom=jonas@nordlicht.example", SenderCheck.MayBeForged)]
    [InlineData("spf=fail smtp.mailfrom=jonas@nordlicht.example; dkim=pass header.d=nordlicht.example", SenderCheck.Confirmed)]
    [InlineData("spf=pass smtp.mailfrom=nordlicht.example; dmarc=fail header.from=nordlicht.example", SenderCheck.MayBeForged)]
    [InlineData("dmarc=temperror header.from=nordlicht.example", SenderCheck.NotConfirmed)]
    [InlineData("dmarc=pass header.from=other.example", SenderCheck.NotConfirmed)]
    [InlineData("dkim=pass header.d=example", SenderCheck.NotConfirmed)]
    [InlineData("spf=pass\n\tsmtp.mailfrom=jonas@NORDLICHT.example;\n  dkim=none", SenderCheck.Confirmed)]
    public void TheWordFollowsWhatWasFound(string found, SenderCheck check)
    {
        var authentication = Read($"Authentication-Results: mail.ours.example; {found}\n{Ours}");

        Assert.Equal((check, "nordlicht.example", "mail.ours.example"), (authentication!.Check, authentication.Domain, authentication.Server));
    }

    [Fact]
    public void WhatTheSenderWroteItselfIsNotBelieved()
    {
        Assert.Null(Read($"{Ours}Authentication-Results: mail.ours.example; dmarc=pass header.from=nordlicht.example\n"));
        Assert.Null(Read($"{Local}{Ours}Authentication-Results: mail.ours.example; spf=pass smtp.mailfrom=nordlicht.example\n{Ours}"));
        Assert.Null(Read($"{Ours}Authentication-Results: mx.google.com; dmarc=pass header.from=nordlicht.example\n"));
    }

    [Fact]
    public void OfSeveralOnlyOursCount()
    {
        var authentication = Read(
            $"{Local}Authentication-Results: mail.ours.example; spf=none\nAuthentication-Results: mail.ours.example; dkim=none\n{Ours}"
            + "Authentication-Results: mail.ours.example; dmarc=pass header.from=nordlicht.example\n");

        Assert.Equal(SenderCheck.NotConfirmed, authentication!.Check);
        Assert.Equal(["SPF", "DKIM"], authentication.Findings.Select(finding => finding.Method));
    }

    [Fact]
    public void OfAnotherServerRightBelowOursNothingCounts() => Assert.Equal(
        SenderCheck.NotConfirmed,
        Read($"Authentication-Results: mail.ours.example; spf=none\nAuthentication-Results: relay.example; dmarc=pass header.from=nordlicht.example\n{Ours}")!.Check);

    [Theory]
    [InlineData("Received: by 2002:a05:6000 with SMTP id x; Mon, 2 Mar 2026 10:00:00 -0800\nReceived: from a (a [203.0.113.9]) by mx.google.com with ESMTPS; Mon, 2 Mar 2026 10:00:00 -0800\nReceived-SPF: pass\nAuthentication-Results: mx.google.com; dmarc=pass (p=NONE) header.from=nordlicht.example\n")]
    [InlineData("Received: from AM.eurprd.prod.outlook.com (2603:10a6::1) by DB.eurprd.prod.outlook.com; Mon, 2 Mar 2026 10:00:00 +0000\nReceived: from a (203.0.113.9 [203.0.113.9]) by AM.mail.protection.outlook.com; Mon, 2 Mar 2026 10:00:00 +0000\nAuthentication-Results: spf=pass (sender IP is 203.0.113.9) smtp.mailfrom=nordlicht.example; dmarc=pass action=none header.from=nordlicht.example;compauth=pass reason=100\n")]
    public void LargeProvidersThatTakeForgedOnesOutAreBelieved(string headers) => Assert.Equal(SenderCheck.Confirmed, Read(headers)!.Check);

    [Theory]
    [InlineData("")]
    [InlineData("Authentication-Results: mail.ours.example; none\n")]
    [InlineData("Authentication-Results: ;;;;\n")]
    [InlineData("Authentication-Results: \u0001\n")]
    public void WhereNothingIsKnownNothingIsSaid(string headers) => Assert.Null(Read(headers + Ours));

    [Fact]
    public void OfSeveralSendersNoneIsConfirmed() => Assert.Null(Read($"Authentication-Results: mail.ours.example; dmarc=pass header.from=nordlicht.example\n{Ours}", "a@nordlicht.example, b@evil.example"));

    private static SenderAuthentication? Read(string headers, string from = "Jonas <jonas@Nordlicht.example>")
    {
        using MemoryStream raw = new(Encoding.UTF8.GetBytes($"{headers}From: {from}\nSubject: Hi\n\nHi\n"));
        using var message = MimeMessage.Load(raw, TestContext.Current.CancellationToken);
        return SenderAuthentication.Of(message);
    }
}
