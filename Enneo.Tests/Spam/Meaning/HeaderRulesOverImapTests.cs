using System.Text;
using Enneo.Core.Spam.Headers;
using Enneo.Core.Tickets;
using Enneo.Tests.Servers;
using Enneo.Tests.Sync;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Spam.Meaning;

/// <summary>The rules of the first stage on header fields as they are written in the wild, byte for byte over IMAP: one batch of mail for all.</summary>
[Trait("Category", "Server")]
public sealed class HeaderRulesOverImapTests(HeaderRulesOverImapTests.House house) : IClassFixture<HeaderRulesOverImapTests.House>
{
    private const string Ours = "mx.example.test";

    /// <summary>Name, header, and what is found: nothing where there is no rule.</summary>
    private static readonly (string Name, string Header, HeaderRule? Rule, string? Evidence)[] s_cases =
    [
        ("SpamAssassin: a flag", "X-Spam-Flag: YES", HeaderRule.SpamAssassin, "X-Spam-Flag: YES"),
        ("SpamAssassin: the first word of the status", "X-Spam-Status: Yes, score=9.1 required=5.0", HeaderRule.SpamAssassin, "X-Spam-Status: Yes, score=9.1 required=5.0"),
        ("SpamAssassin: folded, in any case", "x-spam-status:\r\n\tYES, score=7.2\r\n\ttests=HTML", HeaderRule.SpamAssassin, null),
        ("SpamAssassin: several, the last says so", "X-Spam-Flag: NO\r\nX-Spam-Flag:    YES   ", HeaderRule.SpamAssassin, null),
        ("SpamAssassin: no", "X-Spam-Status: No, score=4.9 tests=Yes\r\nX-Spam-Flag: NO", null, null),
        ("Exchange: SFV:SPM", "X-Forefront-Antispam-Report: CIP:192.0.2.1;CTRY:US;SCL:1;SFV:SPM;H:mail", HeaderRule.Exchange, "X-Forefront-Antispam-Report: SFV:SPM"),
        ("Exchange: SCL of five", "X-Forefront-Antispam-Report:\r\n CIP:192.0.2.1; scl : 5 ;\r\n SFV:NSPM", HeaderRule.Exchange, "X-Forefront-Antispam-Report: scl : 5"),
        ("Exchange: SCL alone in its own field", "X-MS-Exchange-Organization-SCL: 6", HeaderRule.Exchange, "X-MS-Exchange-Organization-SCL: 6"),
        ("Exchange: SCL is signed", "X-Forefront-Antispam-Report: SCL:-1;SFV:SKN\r\nX-MS-Exchange-Organization-SCL: -1", null, null),
        ("Exchange: SCL of four", "X-Forefront-Antispam-Report: SCL:4;SFV:NSPM\r\nX-MS-Exchange-Organization-SCL: 4", null, null),
        ("Bulk: a platform", "Feedback-ID: 7:c42:list:platform", HeaderRule.Bulk, "Feedback-ID: 7:c42:list:platform"),
        ("Bulk: folded beside one that is exempt", "feedback-id:\r\n 1.eu-west-1.abc=:AmazonSES\r\nFeedback-ID: 77:list:shop", HeaderRule.Bulk, null),
        ("Bulk: Proton's", "Feedback-ID: 12345:user:proton", null, null),
        ("Bulk: Fastmail's", "Feedback-ID: i1a2b3c4:Fastmail", null, null),
        ("Bulk: the suffix of Amazon SES", "Feedback-ID: ::1.eu-west-1.abc+def=:AmazonSES", null, null),
        ("Bulk: our own domain, authenticated", $"Authentication-Results: {Ours}; dmarc=pass header.from=example.test\r\nFrom: form@example.test\r\nFeedback-ID: 1:2:3:mailer", null, null),
        ("Bulk: our own domain, by name only", "From: form@example.test\r\nFeedback-ID: 1:2:3:mailer", HeaderRule.Bulk, null),
        ("DMARC: of the receiving side", $"Authentication-Results: {Ours};\r\n\tdkim=none;\r\n\tDMARC=Fail (p=NONE)\r\n\theader.from=customer.example", HeaderRule.Dmarc, "Authentication-Results: dmarc=fail"),
        ("DMARC: the second of the top block", $"Authentication-Results: {Ours}; dkim=pass header.d=a.example\r\nAuthentication-Results: {Ours}; dmarc=fail header.from=customer.example", HeaderRule.Dmarc, null),
        ("DMARC: as Exchange writes it, without a server", "Authentication-Results: spf=fail smtp.mailfrom=customer.example; dkim=none;dmarc=fail action=oreject header.from=customer.example;compauth=fail", HeaderRule.Dmarc, null),
        ("DMARC: forged below by another name", $"Authentication-Results: {Ours}; dmarc=pass\r\nAuthentication-Results: forged.example; dmarc=fail", null, null),
        ("DMARC: forged below the next server", $"Authentication-Results: {Ours}; dmarc=pass\r\nReceived: from forger.example by {Ours}; Mon, 1 Jan 2024 10:00:00 +0000\r\nAuthentication-Results: {Ours}; dmarc=fail", null, null),
        ("DMARC: passed", $"Authentication-Results: {Ours}; dmarc=pass header.from=customer.example", null, null),
        ("Nothing", "X-Mailer: none", null, null),
    ];

    public static TheoryData<string> Names => [.. s_cases.Select(each => each.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task IsFoundOrLeftAlone(string name)
    {
        var expected = s_cases.Single(each => each.Name == name);

        var (status, verdict) = (await house.Mailbox.SpamStatusAsync(name), await house.Mailbox.VerdictAsync(name));

        Assert.Equal((expected.Rule is null ? null : SpamStatus.AutoSpam, expected.Rule), (status, verdict?.Rule));
        if (expected.Evidence is { } evidence)
        {
            Assert.Equal(evidence, verdict!.Evidence);
        }
    }

    [Fact]
    public async Task WhereNoTagIsForSpamSpamGetsNone() =>
        Assert.False(await house.Mailbox.Store.ReadAsync(db => db.TicketTags.AnyAsync(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken));

    public sealed class House : IAsyncLifetime
    {
        private readonly DovecotServer _dovecot = new();

        public SyncedMailbox Mailbox { get; private set; } = null!;

        private static CancellationToken Cancel => TestContext.Current.CancellationToken;

        public async ValueTask InitializeAsync()
        {
            await _dovecot.InitializeAsync();
            Mailbox = await SyncedMailbox.ConnectAsync(_dovecot, "earlier");
            foreach (var (index, each) in s_cases.Index())
            {
                var from = each.Header.Contains("From: ", StringComparison.Ordinal) ? "" : $"From: Anna <anna{index}@customer.example>\r\n";
                var raw = $"{each.Header}\r\n{from}To: support@example.test\r\nSubject: {each.Name}\r\nMessage-ID: <{index}@customer.example>\r\nDate: Mon, 1 Jan 2024 10:00:00 +0000\r\n\r\nGood morning,\r\nwhere are my chairs?\r\n";
                await _dovecot.DeliverAsync(Mailbox.User, Encoding.ASCII.GetBytes(raw), Cancel, internalDate: TimeProvider.System.GetUtcNow().AddSeconds(1));
            }

            await Mailbox.SyncAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await Mailbox.DisposeAsync();
            await _dovecot.DisposeAsync();
        }
    }
}
