using Enneo.Core.Messages;
using Enneo.Web.Inbox;

namespace Enneo.Tests.Inbox;

public sealed class AddressEntryTests
{
    [Theory]
    [InlineData("anna@example.com", "", "anna@example.com")]
    [InlineData("  Anna Kraft <anna@example.com> ", "Anna Kraft", "anna@example.com")]
    [InlineData("\"Kraft, Anna\" <anna@example.com>", "Kraft, Anna", "anna@example.com")]
    [InlineData("jörg@müller.example", "", "jörg@müller.example")]
    public void ReadsAnAddress(string typed, string name, string address)
    {
        var entry = AddressEntry.Parse(typed);

        Assert.Equal([new MailAddress(name, address)], entry.Addresses);
        Assert.Equal("", entry.Rest);
    }

    [Fact]
    public void ReadsSeveralAndKeepsWhatIsNone()
    {
        var entry = AddressEntry.Parse("a@example.com; b@example.com,nobody, \r\n c@example.com");

        Assert.Equal(["a@example.com", "b@example.com", "c@example.com"], entry.Addresses.Select(address => address.Address));
        Assert.Equal("nobody", entry.Rest);
    }

    [Theory]
    [InlineData("anna")]
    [InlineData("@example.com")]
    [InlineData("anna@")]
    [InlineData("a@b@c.example")]
    [InlineData("anna@example..com")]
    [InlineData("Bcc: x@example.com\u0001")]
    [InlineData("<anna@example.com> and more")]
    public void RefusesWhatIsNoAddress(string typed)
    {
        var entry = AddressEntry.Parse(typed);

        Assert.Empty(entry.Addresses);
        Assert.NotEqual("", entry.Rest);
    }

    [Fact]
    public void RefusesAnAddressNobodyCanHave() =>
        Assert.Empty(AddressEntry.Parse(new string('a', 250) + "@example.com").Addresses);
}
