using System.Globalization;

namespace Enneo.Core.Mailboxes.Rules;

/// <summary>What a mailbox says about itself in the activity log: everything but its secrets.</summary>
internal static class MailboxSnapshot
{
    public static Dictionary<string, string?> Of(Mailbox mailbox) => new()
    {
        ["name"] = mailbox.Name,
        ["address"] = mailbox.Address,
        ["senderName"] = mailbox.SenderName,
        ["aliases"] = string.Join(", ", mailbox.Aliases),
        ["signature"] = mailbox.Signature,
        ["isDefault"] = mailbox.IsDefault ? "true" : "false",
        ["enabled"] = mailbox.Enabled ? "true" : "false",
        ["imap"] = Of(mailbox.Imap),
        ["imap.trustedCertificate"] = mailbox.Imap.TrustedCertificate,
        ["smtp"] = Of(mailbox.Smtp),
        ["smtp.trustedCertificate"] = mailbox.Smtp.TrustedCertificate,
        ["sendsByGraph"] = mailbox.SendsByGraph ? "true" : null,
        ["receivesByGraph"] = mailbox.ReceivesByGraph ? "true" : null,
        ["folders"] = string.Join(", ", mailbox.Folders),
        ["since"] = mailbox.Since?.ToString("O", CultureInfo.InvariantCulture),
        ["pollSeconds"] = mailbox.PollInterval.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        ["closingArchives"] = mailbox.ClosingArchives ? "true" : "false",
        ["shadow"] = mailbox.IsShadow ? "true" : "false",
        ["spam"] = SpamWishes.Of(mailbox.Spam).ToJson().GetRawText(),
    };

    /// <param name="passwords">Which passwords are new, by name; what they are stays unsaid.</param>
    public static (string Field, object? Old, object? New)[] Differences(
        IReadOnlyDictionary<string, string?> before, IReadOnlyDictionary<string, string?> after, params IEnumerable<string> passwords) =>
    [
        .. after.Where(field => before.GetValueOrDefault(field.Key) != field.Value)
            .Select(field => (field.Key, (object?)before.GetValueOrDefault(field.Key), (object?)field.Value)),
        .. passwords.Select(field => (field, (object?)null, (object?)"new")),
    ];

    private static string Of(ServerSettings server) =>
        string.Create(CultureInfo.InvariantCulture, $"{server.User} at {server.Host}:{server.Port}, {server.Security.ToString().ToLowerInvariant()}");
}
