using System.Globalization;
using System.Text;
using Enneo.Web.Demo.Composing;

namespace Enneo.Web.Demo;

/// <summary>The sample mails: written by hand in <c>Demo/Mails</c>, dated from now.</summary>
internal static class DemoMails
{
    static DemoMails() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance); // some of the mails are written in windows-1252

    public static IReadOnlyList<ScriptedConversation> Conversations() =>
        Conversations("Mails");

    /// <summary>What comes in later: each to be composed to its end, which is the mail that arrives so long after the one before.</summary>
    public static IReadOnlyList<(TimeSpan After, ScriptedConversation Conversation)> Arrivals()
    {
        var known = Conversations().ToDictionary(conversation => conversation.Name, StringComparer.Ordinal);
        return
        [.. Conversations("Arrivals").Select(arrival => (
            TimeSpan.FromSeconds(int.Parse(arrival.Mails[^1].Find("after")!, CultureInfo.InvariantCulture)),
            known.TryGetValue(arrival.Name, out var begun) ? begun with { Mails = [.. begun.Mails, .. arrival.Mails] } : arrival))];
    }

    /// <summary>Oldest first.</summary>
    public static IReadOnlyList<DemoMail> Compose(TimeProvider clock) =>
        [.. Conversations()
            .AsParallel() // drawing the photographs is what takes time
            .SelectMany(conversation => new ConversationComposer(conversation, clock).Compose())
            .OrderBy(mail => mail.ReceivedAt)];

    private static IReadOnlyList<ScriptedConversation> Conversations(string folder) =>
        [.. typeof(DemoMails).Assembly.GetManifestResourceNames()
            .Where(name => name.Contains($".Demo.{folder}.", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .SelectMany(name => MailScript.Parse(Read(name)))];

    private static string Read(string resource)
    {
        using StreamReader reader = new(typeof(DemoMails).Assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
