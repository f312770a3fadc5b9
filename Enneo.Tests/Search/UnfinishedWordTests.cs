using Enneo.Core.Search.Language;
using Enneo.Web.Inbox.Search;

namespace Enneo.Tests.Search;

public sealed class UnfinishedWordTests
{
    [Theory]
    [InlineData("", "", null, "")]
    [InlineData("inv", "", null, "inv")]
    [InlineData("invoice ", "invoice ", null, "")]
    [InlineData("invoice fr", "invoice ", null, "fr")]
    [InlineData("invoice from:", "invoice from:", Operator.From, "")]
    [InlineData("invoice -From:mar", "invoice -From:", Operator.From, "mar")]
    [InlineData("-su", "-", null, "su")]
    [InlineData("mailbox:\"Customer c", "mailbox:", Operator.Mailbox, "Customer c")]
    [InlineData("\"two words\" is:u", "\"two words\" is:", Operator.Is, "u")]
    [InlineData("http://x", "", null, "http://x")]
    public void TheLastWordIsBeingTyped(string text, string head, Operator? named, string typed) =>
        Assert.Equal(new UnfinishedWord(head, named, typed), UnfinishedWord.Of(text));

    [Theory]
    [InlineData("invoice fr", "from:", "invoice from:")]
    [InlineData("is:u", "unread", "is:unread ")]
    [InlineData("-mailbox:cu", "Customer care", "-mailbox:\"Customer care\" ")]
    [InlineData("mailbox:\"Customer c", "Customer care", "mailbox:\"Customer care\" ")]
    public void AnOfferTakesItsPlace(string text, string offer, string expected) => Assert.Equal(expected, UnfinishedWord.Of(text).With(offer));
}
