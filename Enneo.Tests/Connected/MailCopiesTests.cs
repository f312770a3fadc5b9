using Enneo.Core.Integrations.Connected;

namespace Enneo.Tests.Connected;

/// <summary>Mails with the same Message-ID: copies of one, or not.</summary>
public sealed class MailCopiesTests
{
    private static readonly MailCopy s_mail = new("mia@customer.example", "Where is it?", "Re: Order 7", DateTimeOffset.UnixEpoch);

    [Theory]
    [InlineData("Re: Order 7")]
    [InlineData("[shop] Re: Order 7")]
    [InlineData("Re: [shop] Order 7")]
    [InlineData("re:  order 7")]
    [InlineData("")]
    public void WhatAListChangesIsACopyStill(string subject) =>
        Assert.True(MailCopies.Are(s_mail, new MailCopy("Mia@customer.example", "Where  is it? -- The list of the shop", subject, s_mail.SentAt)));

    [Theory]
    [InlineData("mia@customer.example", "Where is it?", "Re: Order 8", 0)]
    [InlineData("mia@customer.example", "Where is it?", "Re: Order 7", 60)]
    [InlineData("mia@customer.example", "It is here.", "Re: Order 7", 0)]
    [InlineData("ben@customer.example", "Where is it?", "Re: Order 7", 0)]
    public void WhatDiffersInSubjectDateWordsOrSenderIsAnotherMail(string from, string words, string subject, int secondsLater) =>
        Assert.False(MailCopies.Are(s_mail, new MailCopy(from, words, subject, DateTimeOffset.UnixEpoch.AddSeconds(secondsLater))));
}
