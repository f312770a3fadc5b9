using System.Text.Json;
using Enneo.Core.Connections;
using Enneo.Core.Mailboxes;

namespace Enneo.Tests.Mailboxes;

internal static class Inputs
{
    public const string Password = "pa55-w0rd-of-support";

    public static MailboxInput Valid(string address = "support@example.test") => new()
    {
        Name = "Support",
        Data = new MailboxData
        {
            Address = address,
            Imap = new ServerInput { Host = "imap.example.test", Port = 993, User = address, Password = Password },
            Smtp = new ServerInput { Host = "smtp.example.test", Port = 587, Security = ConnectionSecurity.StartTls },
        },
    };

    public static MailboxInput With(this MailboxInput input, Func<MailboxData, MailboxData> change) => input with { Data = change(input.Data) };

    public static MailboxInput WithImap(this MailboxInput input, Func<ServerInput, ServerInput> change) =>
        input.With(data => data with { Imap = change(data.Imap) });

    public static MailboxInput WithSmtp(this MailboxInput input, Func<ServerInput, ServerInput> change) =>
        input.With(data => data with { Smtp = change(data.Smtp) });

    public static JsonElement Json(string json) => JsonSerializer.Deserialize<JsonElement>(json);
}
