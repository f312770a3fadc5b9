using MimeKit;

namespace Enneo.Core.Spam.Model.Features;

/// <summary>Who says to have written, and whether that fits together.</summary>
internal sealed class SenderFeatures
{
    private const int MaxName = 100;

    private static readonly HashSet<string> s_freeMail = new(
    [
        "gmail.com", "googlemail.com", "yahoo.com", "ymail.com", "hotmail.com", "outlook.com", "aol.com", "gmx.de", "gmx.net", "gmx.at", "gmx.ch", "gmx.com",
        "web.de", "mail.ru", "yandex.ru", "yandex.com", "icloud.com", "me.com", "proton.me", "protonmail.com", "live.com", "msn.com", "t-online.de", "freenet.de",
        "mail.com", "163.com", "126.com", "qq.com", "naver.com", "libero.it", "orange.fr", "laposte.net", "free.fr", "wanadoo.fr", "sfr.fr", "uol.com.br", "bol.com.br",
        "terra.com.br", "ziggo.nl", "kpnmail.nl", "hetnet.nl", "sapo.pt", "rediffmail.com", "zoho.com", "tutanota.com", "inbox.com", "comcast.net",
    ], StringComparer.Ordinal);

    private readonly FeatureCollector _features;

    private SenderFeatures(FeatureCollector features, string domain) => (_features, Domain) = (features, domain);

    /// <summary>Lower case; empty if there is no sender.</summary>
    public string Domain { get; }

    public static SenderFeatures Add(MimeMessage message, string recipient, FeatureCollector features)
    {
        var senders = message.From.Mailboxes.Take(2).ToList();
        if (senders is not [var from, ..])
        {
            features.Add(Sign.NoSender);
            return new(features, "");
        }

        SenderFeatures sender = new(features, DomainOf(from.Address));
        sender.AddAddress(from.Address, recipient);
        sender.AddName(from, recipient);
        sender.AddReplyTo(message.ReplyTo.Mailboxes.FirstOrDefault());
        if (senders.Count > 1)
        {
            features.Add(Sign.ManySenders);
        }

        return sender;
    }

    /// <param name="domain">Lower case.</param>
    /// <returns>Whether anybody can have an address there.</returns>
    public static bool IsFreeMail(string domain) => s_freeMail.Contains(domain);

    /// <summary>Whether the text names the sender's domain, as those do who write for themselves.</summary>
    public void AddMention(ReadOnlySpan<char> text)
    {
        var label = HostName.Label(Domain);
        if (label.Length >= 4 && !IsFreeMail(Domain))
        {
            _features.Add(Sign.SenderNamedInText, text.Contains(label, StringComparison.Ordinal) ? 1 : 0);
        }
    }

    private void AddAddress(string address, string recipient)
    {
        var registered = HostName.Registered(Domain);
        _features.Add(FeatureKind.SenderDomain, registered);
        _features.Add(FeatureKind.SenderEnding, HostName.Ending(Domain));
        var local = address[..Math.Max(0, address.LastIndexOf('@'))].ToLowerInvariant();
        _features.Add(FeatureKind.SenderShape, Shape(local));
        AddIf(IsFreeMail(Domain), Sign.FreeMailSender);
        AddIf(HostName.IsScrambled(HostName.Label(Domain)) || HostName.IsScrambled(local), Sign.ScrambledSender, address);
        AddIf(local.Count(char.IsAsciiDigit) >= 3, Sign.DigitsInSender, address);
        AddIf(address.Equals(recipient, StringComparison.OrdinalIgnoreCase), Sign.ToIsSender);
        if (local.Length is > 2 and < 20)
        {
            _features.Add(FeatureKind.SenderName, $"@{local}");
        }
    }

    private void AddName(MailboxAddress from, string recipient)
    {
        var name = from.Name ?? "";
        name = name[..Math.Min(name.Length, MaxName)];
        if (name.Trim().Length == 0)
        {
            _features.Add(Sign.NoSenderName);
            return;
        }

        AddIf(name.Contains('@', StringComparison.Ordinal) && !name.Contains(from.Address, StringComparison.OrdinalIgnoreCase), Sign.NameIsOtherAddress, name);
        var domain = Domain.Replace("-", "", StringComparison.Ordinal);
        var isInDomain = false;
        var own = WordFeatures.Own(recipient).ToString();
        WordReader reader = new(FoldedText.Of(name, MaxName).Characters);
        while (reader.Read())
        {
            _features.Add(FeatureKind.SenderName, reader.Word);
            isInDomain |= reader.Word.Length >= 4 && domain.Contains(reader.Word, StringComparison.Ordinal);
            AddIf(own.Length > 0 && reader.Word.SequenceEqual(own), Sign.NameIsRecipient);
        }

        if (!IsFreeMail(Domain))
        {
            _features.Add(isInDomain ? Sign.NameInDomain : Sign.NameNotInDomain);
        }

        _features.Add(Sign.NameShape, name.Contains('_', StringComparison.Ordinal) ? 1 : name.Any(char.IsDigit) ? 2 : !name.Any(char.IsLower) ? 3 : !name.Any(char.IsUpper) ? 4 : name.Any(c => c > 0x2190) ? 5 : 6);
    }

    private void AddReplyTo(MailboxAddress? replyTo)
    {
        if (replyTo is null)
        {
            return;
        }

        var domain = DomainOf(replyTo.Address);
        var isSame = HostName.Registered(domain).SequenceEqual(HostName.Registered(Domain));
        _features.Add(isSame ? Sign.ReplyToSameDomain : Sign.ReplyToOtherDomain, 0, domain);
        AddIf(IsFreeMail(domain) && !IsFreeMail(Domain), Sign.ReplyToFreeMail, replyTo.Address);
    }

    private void AddIf(bool holds, Sign sign, string evidence = "")
    {
        if (holds)
        {
            _features.Add(sign, 0, evidence);
        }
    }

    private static string DomainOf(string address) => address[(address.LastIndexOf('@') + 1)..].Trim('>', '.', ' ').ToLowerInvariant();

    /// <summary>Letters as a, digits as 9, each run once.</summary>
    private static string Shape(string local)
    {
        Span<char> shape = stackalloc char[8];
        var length = 0;
        var last = '\0';
        foreach (var c in local)
        {
            var form = char.IsDigit(c) ? '9' : char.IsLetter(c) ? 'a' : c;
            if (form != last)
            {
                if (length == shape.Length)
                {
                    return "long";
                }

                shape[length++] = last = form;
            }
        }

        return shape[..length].ToString();
    }
}
