using System.Text.Json;
using System.Text.Json.Nodes;
using Enneo.Core.Mailboxes;

namespace Enneo.Tests.Mailboxes;

internal static class MailboxFiles
{
    /// <summary>As people write it, with comments.</summary>
    public const string Sample = """
        { "channel": "email", "name": "Support", "isDefault": true, "enabled": true,
          "data": {
            "method": "imap",                         // imap | microsoft365 | api
            "address": "support@example.test", "senderName": "Example Support", "aliases": [],
            "imap": { "host": "localhost", "port": 993, "security": "tls", "user": "support@example.test", "password": "pa55-w0rd-of-support",
                      "trustedCertificate": "00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff" },
            "smtp": { "host": "localhost", "port": 587, "security": "starttls", "user": "support@example.test", "password": "pa55-w0rd-of-smtp" },
            "folders": ["INBOX", "Sent", "Junk", "Archive", "Trash", "Drafts"],   // or "all"
            "since": null, "pollSeconds": 60,
            "spam": { "headers": true, "ai": true, "moveToJunk": false } } }
        """;

    public static MailboxInput Read(string json) => JsonSerializer.Deserialize<MailboxInput>(json, MailboxJson.Options)!;

    /// <summary>A valid mailbox with some of its values replaced.</summary>
    public static MailboxInput Merge(string changes)
    {
        var whole = JsonSerializer.SerializeToNode(Inputs.Valid(), MailboxJson.Options)!.AsObject();
        Replace(whole, JsonNode.Parse(changes)!.AsObject());
        return Read(whole.ToJsonString());
    }

    private static void Replace(JsonObject target, JsonObject changes)
    {
        foreach (var (name, value) in changes)
        {
            if (value is JsonObject inner && target[name] is JsonObject existing)
            {
                Replace(existing, inner);
            }
            else
            {
                target[name] = value?.DeepClone();
            }
        }
    }
}
