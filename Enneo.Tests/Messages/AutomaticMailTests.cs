using Enneo.Core.Messages;

namespace Enneo.Tests.Messages;

public sealed class AutomaticMailTests
{
    private readonly MessageParser _parser = new(TimeProvider.System);

    [Theory]
    [InlineData("out-of-office", AutomaticKind.AutoReply)]
    [InlineData("out-of-office-german", AutomaticKind.AutoReply)]
    [InlineData("out-of-office-by-a-person", AutomaticKind.None)]
    [InlineData("notification", AutomaticKind.AutoReply)]
    [InlineData("auto-submitted-no", AutomaticKind.None)]
    [InlineData("read-receipt", AutomaticKind.AutoReply)]
    [InlineData("newsletter", AutomaticKind.Bulk)]
    [InlineData("mailing-list", AutomaticKind.Bulk)]
    [InlineData("bounce-with-the-mail", AutomaticKind.Bounce)]
    [InlineData("bounce-with-headers", AutomaticKind.Bounce)]
    [InlineData("bounce-as-plain-text", AutomaticKind.Bounce)]
    [InlineData("bounce-by-postmaster", AutomaticKind.Bounce)]
    [InlineData("postmaster-who-writes", AutomaticKind.None)]
    [InlineData("alternative", AutomaticKind.None)]
    public void Programs_are_told_from_people(string mail, AutomaticKind kind)
    {
        Assert.Equal(kind, _parser.Parse(SampleMail.Read(mail)).Automatic);
    }

    [Theory]
    [InlineData("bounce-with-the-mail")]
    [InlineData("bounce-with-headers")]
    [InlineData("bounce-as-plain-text")]
    [InlineData("bounce-by-postmaster")]
    public void A_bounce_names_the_mail_it_returns(string mail)
    {
        Assert.Contains("t4711.x7.hmac@shop.example", _parser.Parse(SampleMail.Read(mail)).ReturnedMessageIds);
    }

    [Fact]
    public void Only_a_bounce_returns_mail()
    {
        Assert.Empty(_parser.Parse(SampleMail.Read("attached-mail")).ReturnedMessageIds);
    }
}
