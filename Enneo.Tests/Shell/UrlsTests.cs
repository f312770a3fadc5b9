using Enneo.Web.Shell;

namespace Enneo.Tests.Shell;

public sealed class UrlsTests
{
    [Theory]
    [InlineData("/inbox?mailbox=3&ticket=42")]
    [InlineData("/settings/people?x=1#y")]
    public void AnAddressOfOursIsGoneTo(string url) => Assert.Equal(url, Urls.LocalOrHome(url));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("https://evil.test/")]
    [InlineData("//evil.test/")]
    [InlineData("/\\evil.test/")]
    [InlineData("\\\\evil.test")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/\n/evil.test")]
    [InlineData("\t/evil.test")]
    [InlineData("evil.test")]
    public void AnyOtherLeadsHome(string? url) => Assert.Equal("/", Urls.LocalOrHome(url));

    [Theory]
    [InlineData(null, false, null, "/")]
    [InlineData(3L, false, null, "/inbox?mailbox=3")]
    [InlineData(null, true, null, "/inbox?view=closed")]
    [InlineData(3L, true, 42L, "/inbox?mailbox=3&view=closed&ticket=42")]
    [InlineData(null, false, 42L, "/inbox?ticket=42")]
    public void TheInboxHasAnAddressForEachView(long? mailboxId, bool closed, long? ticketId, string url) =>
        Assert.Equal(url, Urls.Inbox(mailboxId, closed, ticketId));
}
