using System.Buffers;

namespace Enneo.Core.Spam.Model.Features;

/// <summary>Where the links of a mail lead to.</summary>
internal sealed class LinkFeatures(FeatureCollector features, string senderDomain, string recipient)
{
    private const int MaxLinks = 200;
    private const int MaxHosts = 40;
    private const int MaxLength = 2000;
    private const int LongLink = 150;

    private static readonly string[] s_unsubscribing =
        ["unsubscribe", "opt-out", "optout", "abmelden", "abbestell", "désabonn", "desinscri", "désinscri", "darse de baja", "cancelar suscripci", "descadastr", "cancelar inscri", "afmelden", "uitschrijven", "preferences"];

    /// <summary>Anybody may put a page or a short address there.</summary>
    private static readonly string[] s_sharedHosts =
    [
        "storage.googleapis.com", "firebaseapp.com", "firebasestorage.googleapis.com", "web.app", "blogspot.com", "github.io", "herokuapp.com", "netlify.app", "vercel.app", "pages.dev",
        "workers.dev", "r2.dev", "weebly.com", "wixsite.com", "sites.google.com", "forms.gle", "bit.ly", "tinyurl.com", "t.ly", "cutt.ly", "rebrand.ly", "is.gd", "s.id", "amazonaws.com",
        "azurewebsites.net", "windows.net", "glitch.me", "000webhostapp.com", "duckdns.org", "ngrok.io", "t.me", "wa.me", "mystrikingly.com", "godaddysites.com", "yolasite.com", "jimdosite.com",
    ];

    private static readonly SearchValues<char> s_linkEnds = SearchValues.Create(" \t\r\n<>\"");

    private readonly HashSet<string> _hosts = new(StringComparer.Ordinal);
    private int _links;
    private int _withName;
    private bool _leadsToSender;

    /// <summary>To which they lead, in no order.</summary>
    public IReadOnlyCollection<string> Hosts => _hosts;

    public void Add(IEnumerable<MailLink> links)
    {
        foreach (var link in links)
        {
            Add(link);
        }
    }

    /// <summary>Those that stand in plain text.</summary>
    public void AddBare(string text)
    {
        var at = 0;
        while (_links < MaxLinks && (at = text.IndexOf("http", at, StringComparison.OrdinalIgnoreCase)) >= 0)
        {
            var rest = text.AsSpan(at, Math.Min(300, text.Length - at));
            if (rest.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || rest.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            {
                var end = rest.IndexOfAny(s_linkEnds);
                Add(new MailLink((end < 0 ? rest : rest[..end]).ToString(), ""));
            }

            at += 4;
        }
    }

    public void Summarise()
    {
        features.Add(Sign.LinkCount, Size.Of(_links));
        features.Add(Sign.HostCount, Size.Of(_hosts.Count));
        if (_hosts.Count > 0)
        {
            features.Add(_leadsToSender ? Sign.LinkToSenderDomain : Sign.NoLinkToSenderDomain, 0, senderDomain);
        }

        if (_links > 2 && _hosts.Count == 1 && _withName == _links)
        {
            features.Add(Sign.OneHostForAll, _leadsToSender ? 1 : 0);
        }
    }

    private void Add(MailLink link)
    {
        var target = link.Target.AsSpan(0, Math.Min(link.Target.Length, MaxLength));
        if (_links >= MaxLinks || target.IsEmpty)
        {
            return;
        }

        _links++;
        if (target.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase))
        {
            features.Add(Sign.MailtoLink);
            return;
        }

        var host = HostName.Of(target);
        if (host.Length == 0 || !target.Contains("://", StringComparison.Ordinal))
        {
            return;
        }

        _withName++;
        AddTarget(target, host);
        AddShown(link.Shown, host);
        if (_hosts.Count < MaxHosts && _hosts.Add(host))
        {
            AddHost(host);
        }
    }

    private void AddTarget(ReadOnlySpan<char> target, string host)
    {
        AddIf(target.StartsWith("http:", StringComparison.OrdinalIgnoreCase), Sign.PlainHttpLink);
        AddIf(target.Length > LongLink, Sign.LongLink);
        AddIf(recipient.Length > 5 && target.Contains(recipient, StringComparison.OrdinalIgnoreCase), Sign.LinkCarriesRecipient);
        var afterHost = target.IndexOf(host, StringComparison.OrdinalIgnoreCase) + host.Length;
        AddIf(afterHost + 1 < target.Length && target[afterHost] == ':' && char.IsAsciiDigit(target[afterHost + 1]), Sign.LinkPort);
        var path = target[Math.Min(afterHost, target.Length)..];
        var query = path.IndexOfAny('?', '#');
        path = query < 0 ? path : path[..query];
        var dot = path.LastIndexOf('.');
        if (dot >= 0 && path.Length - dot is > 1 and < 6)
        {
            features.Add(Sign.LinkFile, (int)FeatureHash.Of(path[dot..].ToString().ToLowerInvariant()));
        }
    }

    private void AddShown(string shown, string host)
    {
        AddIf(Array.Exists(s_unsubscribing, word => shown.Contains(word, StringComparison.OrdinalIgnoreCase)), Sign.UnsubscribeLink);
        if (shown.StartsWith("http", StringComparison.OrdinalIgnoreCase) || shown.StartsWith("www.", StringComparison.OrdinalIgnoreCase))
        {
            var shownHost = HostName.Of(shown);
            AddIf(shownHost.Length > 0 && !HostName.Registered(shownHost).SequenceEqual(HostName.Registered(host)), Sign.LinkShowsOtherHost, $"{shownHost} {host}");
        }

        if (shown.Length > 0)
        {
            WordReader reader = new(FoldedText.Of(shown, 60).Characters);
            while (reader.Read())
            {
                features.Add(FeatureKind.LinkWord, reader.Word);
            }
        }
    }

    private void AddHost(string host)
    {
        var registered = HostName.Registered(host);
        features.Add(FeatureKind.LinkHost, registered);
        features.Add(FeatureKind.LinkEnding, HostName.Ending(host));
        _leadsToSender |= senderDomain.Length > 0 && registered.SequenceEqual(HostName.Registered(senderDomain));
        AddIf(Array.Exists(s_sharedHosts, shared => host.EndsWith(shared, StringComparison.Ordinal) && (host.Length == shared.Length || host[^(shared.Length + 1)] == '.')), Sign.SharedHost, host);
        AddIf(HostName.IsAddress(host), Sign.AddressWithoutName, host);
        AddIf(host.Contains("xn--", StringComparison.Ordinal), Sign.InternationalHost, host);
        AddIf(host.Count(c => c == '-') > 1, Sign.DashedHost, host);
        AddIf(host.Count(c => c == '.') > 3, Sign.DeepHost, host);
        AddIf(HostName.IsScrambled(HostName.Label(host)), Sign.ScrambledHost, host);
    }

    private void AddIf(bool holds, Sign sign, string evidence = "")
    {
        if (holds)
        {
            features.Add(sign, 0, evidence);
        }
    }
}
