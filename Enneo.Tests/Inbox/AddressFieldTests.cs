using Bunit;
using Enneo.Core.Messages;
using Enneo.Web.Inbox;
using Microsoft.AspNetCore.Components.Web;

namespace Enneo.Tests.Inbox;

public sealed class AddressFieldTests : IAsyncLifetime
{
    private readonly InboxStore _store = new();
    private IReadOnlyList<MailAddress> _addresses = [];

    public async ValueTask InitializeAsync()
    {
        await _store.InitializeAsync();
        var mailbox = await _store.AddMailboxAsync();
        await _store.ReceiveAsync(mailbox, "One", "Marta Nowak <marta@example.net>");
        await _store.ReceiveAsync(mailbox, "Two", "Martin Ost <martin@example.net>");
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task OffersPeopleWhileTypingAndSaysSoToScreenReaders()
    {
        await using InboxScreen screen = new(_store);
        var field = Render(screen);
        Assert.Equal("false", field.Find("input").GetAttribute("aria-expanded"));

        await field.Find("input").InputAsync("mart");

        var input = field.Find("input");
        Assert.Equal(["combobox", "true"], new[] { input.GetAttribute("role"), input.GetAttribute("aria-expanded") });
        Assert.Equal(["Martin Ost", "Marta Nowak"], field.FindAll("[role=option] .name").Select(name => name.TextContent));
        Assert.Equal(field.Find("[role=listbox]").Id, input.GetAttribute("aria-controls"));
        Assert.Equal(field.Find("[aria-selected=true]").Id, input.GetAttribute("aria-activedescendant"));
        Assert.Contains("2", field.Find("[role=status]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task IsChosenByKeysAlone()
    {
        await using InboxScreen screen = new(_store);
        var field = Render(screen);

        await field.Find("input").InputAsync("mart");
        await PressAsync(field, "ArrowDown");
        await PressAsync(field, "Enter");
        await field.Find("input").ChangeAsync("mart"); // as the browser does when the line is left

        Assert.Equal([new MailAddress("Marta Nowak", "marta@example.net")], _addresses);
        Assert.Empty(field.FindAll(".wrong, [role=option]"));
    }

    [Fact]
    public async Task IsChosenByAClick()
    {
        await using InboxScreen screen = new(_store);
        var field = Render(screen);
        await field.Find("input").InputAsync("nowak");

        await field.Find("[role=option]").ClickAsync();

        Assert.Equal("marta@example.net", Assert.Single(_addresses).Address);
    }

    [Fact]
    public async Task EscapeShutsTheListAndKeepsTheWords()
    {
        await using InboxScreen screen = new(_store);
        var field = Render(screen);
        await field.Find("input").InputAsync("mart");

        await PressAsync(field, "Escape");

        Assert.Empty(field.FindAll("[role=option]"));
        Assert.Equal("mart", field.Find("input").GetAttribute("value"));
    }

    [Fact]
    public async Task AWholeAddressIsMeantAsItIs()
    {
        await using InboxScreen screen = new(_store);
        var field = Render(screen);
        await field.Find("input").InputAsync("marta@example.ne");
        Assert.Equal("false", field.Find("[role=option]").GetAttribute("aria-selected"));

        await PressAsync(field, "Enter");

        Assert.Equal("marta@example.ne", Assert.Single(_addresses).Address);
    }

    [Fact]
    public async Task SeveralArePastedAtOnceAndWhatIsNoneIsSaid()
    {
        await using InboxScreen screen = new(_store);
        var field = Render(screen);

        await field.Find("input").InputAsync("Tom <tom@example.com>; \"Berg, Eva\" <eva@example.com>\nnobody, tom@example.com");

        Assert.Equal(["tom@example.com", "eva@example.com"], _addresses.Select(address => address.Address));
        Assert.Equal("Berg, Eva", _addresses[1].Name);
        Assert.Contains("nobody", field.Find(".wrong").TextContent, StringComparison.Ordinal);
        Assert.Equal("nobody", field.Instance.Unfinished);
        Assert.Equal("true", field.Find("input").GetAttribute("aria-invalid"));
    }

    [Fact]
    public async Task BackspaceTakesTheLastOneOff()
    {
        _addresses = [new("", "a@example.com"), new("", "b@example.com")];
        await using InboxScreen screen = new(_store);
        var field = Render(screen);

        await PressAsync(field, "Backspace");

        Assert.Equal("a@example.com", Assert.Single(_addresses).Address);
    }

    [Fact]
    public async Task WhoIsThereAlreadyIsNotOfferedAgain()
    {
        _addresses = [new("", "MARTA@example.net")];
        await using InboxScreen screen = new(_store);
        var field = Render(screen);

        await field.Find("input").InputAsync("mart");

        Assert.Equal("Martin Ost", Assert.Single(field.FindAll("[role=option] .name")).TextContent);
    }

    private static Task PressAsync(IRenderedComponent<AddressField> field, string key) => field.Find("input").KeyDownAsync(new KeyboardEventArgs { Key = key });

    private IRenderedComponent<AddressField> Render(InboxScreen screen) => screen.Render<AddressField>(parameters => parameters
        .Add(f => f.Label, "To")
        .Add(f => f.Addresses, _addresses)
        .Add(f => f.AddressesChanged, addresses => _addresses = addresses));
}
