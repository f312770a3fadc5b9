using MimeKit;

namespace Enneo.Web.Demo;

/// <summary>A sample mailbox.</summary>
internal sealed record DemoMailbox(string Name, string Address, string SenderName);

/// <summary>The three mailboxes of Speichenhof, a bicycle workshop that does not exist, and the people who answer them.</summary>
internal static class DemoMailboxes
{
    /// <summary>Reserved for examples (RFC 2606): mail to it can never reach anybody.</summary>
    public const string Domain = "workshop.example";

    public static readonly IReadOnlyList<DemoMailbox> All =
    [
        new("Support", "support@" + Domain, "Speichenhof Support"),
        new("Sales", "sales@" + Domain, "Speichenhof Sales"),
        new("Billing", "billing@" + Domain, "Speichenhof Billing"),
    ];

    private static readonly Dictionary<string, string> s_staff = new(StringComparer.Ordinal)
    {
        ["Anna"] = "Anna Brandt",
        ["Tom"] = "Tom Riedel",
        ["Mira"] = "Mira Kessler",
    };

    public static DemoMailbox Get(string name) => All.Single(mailbox => mailbox.Name == name);

    /// <returns>Name and address when one of us writes, else null.</returns>
    public static MailboxAddress? FindStaff(string firstName, DemoMailbox mailbox) =>
        s_staff.TryGetValue(firstName, out var name) ? new MailboxAddress(name, mailbox.Address) : null;

    public static string Signature(string firstName) =>
        $"{s_staff[firstName]}\nSpeichenhof · Fahrräder und Werkstatt\nLindenweg 4, 50674 Köln · 0221 4710 142";
}
