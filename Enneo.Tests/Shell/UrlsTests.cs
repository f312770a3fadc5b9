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
    [InlineData(null, null, null, null, "/")]
    [InlineData(3L, null, null, null, "/inbox?mailbox=3")]
    [InlineData(null, "closed", null, null, "/inbox?view=closed")]
    [InlineData(3L, "closed", null, 42L, "/inbox?mailbox=3&view=closed&ticket=42")]
    [InlineData(3L, null, 5L, null, "/inbox?mailbox=3&folder=5")]
    [InlineData(null, null, null, 42L, "/inbox?ticket=42")]
    public void TheInboxHasAnAddressForEachView(long? mailboxId, string? view, long? folderId, long? ticketId, string url) =>
        Assert.Equal(url, Urls.Inbox(mailboxId, view, ticketId, folderId: folderId));
}
