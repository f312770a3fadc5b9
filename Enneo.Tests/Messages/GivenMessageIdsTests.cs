using Enneo.Core.Messages;

namespace Enneo.Tests.Messages;

public sealed class GivenMessageIdsTests
{
    [Theory]
    [InlineData("Ok 0102018f1c2d3e4f-9b1a2c3d-4e5f-4a6b-8c7d-0123456789ab-000000", "0102018f1c2d3e4f-9b1a2c3d-4e5f-4a6b-8c7d-0123456789ab-000000@amazonses.com")]
    [InlineData(
        "2.0.0 OK <AM0PR10MB2468F00@AM0PR10MB2468.eurprd10.prod.outlook.com> [Hostname=AM0PR10MB2468.eurprd10.prod.outlook.com]",
        "AM0PR10MB2468F00@AM0PR10MB2468.eurprd10.prod.outlook.com")]
    [InlineData("2.6.0 <a1b2@mail.firm.example> [InternalId=1234, Hostname=mail.firm.example] 2145 bytes in 0.103, 20.2 KB/sec Queued mail for delivery", "a1b2@mail.firm.example")]
    public void A_server_that_gives_a_mail_another_id_may_name_it(string answer, string id) =>
        Assert.Equal([id], GivenMessageIds.In(answer, ["jonas@customer.example"]));

    [Theory]
    [InlineData("2.0.0 Ok: queued as 4XyZ1234567")]
    [InlineData("OK id=1u2V3w-0000AB-CD")]
    [InlineData("2.0.0 OK  1732541234 a640c23a62f3a-aa50b52fa3bsm612345666b.12 - gsmtp")]
    [InlineData("2.0.0 <Jonas@customer.example> 8Kz1Bc saved")]
    [InlineData("2.0.0 Ok <>")]
    [InlineData("")]
    public void Queue_numbers_and_addresses_are_no_ids(string answer) => Assert.Empty(GivenMessageIds.In(answer, ["jonas@customer.example"]));

    [Theory]
    [InlineData("0102-00@eu-west-1.amazonses.com", "0102-00@amazonses.com")]
    [InlineData("0102-00@email.amazonses.com", "0102-00@amazonses.com")]
    [InlineData("0102-00@amazonses.com", null)]
    [InlineData("0102-00@eu-west-1.amazonses.com.evil.example", null)]
    [InlineData("amazonses.com", null)]
    public void Amazon_adds_its_region(string id, string? known) => Assert.Equal(known, GivenMessageIds.WithoutRegion(id));
}
