using System.Globalization;
using System.Text;

namespace Enneo.Tests.Mail;

/// <summary>
/// Realistic mail in bulk, the same for the same seed: 25 % plain, 10 % HTML, 45 % alternative, 20 % with attachments,
/// 40 % replies; 28 kB on average, 566 MB for 20,000. Fifteen minutes lie between two mails, from November 2023 on.
/// </summary>
public sealed class GeneratedMail
{
    private static readonly DateTimeOffset s_start = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
    private readonly Random _random;
    private readonly GeneratedText _text;
    private readonly List<(string Name, string Address)> _people = [];
    private readonly List<(string Id, string Subject)> _recent = [];
    private readonly int _seed;
    private int _number;

    private GeneratedMail(int seed)
    {
        _seed = seed;
        _random = new Random(seed);
        _text = new GeneratedText(_random);
        for (var i = 0; i < 1500; i++)
        {
            _people.Add(($"{_text.FirstName()} {_text.Name()}", string.Create(CultureInfo.InvariantCulture, $"{_text.Label()}{i}@{_text.Label()}.test")));
        }
    }

    /// <summary>One after the other, oldest first; nothing is kept.</summary>
    public static IEnumerable<GeneratedMessage> Many(int count, int seed = 1)
    {
        var generator = new GeneratedMail(seed);
        for (var i = 0; i < count; i++)
        {
            yield return generator.Next();
        }
    }

    /// <summary>Writes them as the Maildir that Dovecot reads, flags and dates included.</summary>
    /// <returns>Bytes written.</returns>
    public static long WriteMaildir(string folder, int count, int seed = 1)
    {
        var current = Directory.CreateDirectory(Path.Combine(folder, "cur")).FullName;
        var written = 0L;
        foreach (var (message, number) in Many(count, seed).Select((message, number) => (message, number)))
        {
            var time = message.Date.ToUnixTimeSeconds();
            var name = string.Create(CultureInfo.InvariantCulture, $"{time}.M{number}P{seed}.generated,S={message.Source.Length},W={message.Source.Length}:2,{(message.Seen ? "S" : "")}");
            var path = Path.Combine(current, name);
            File.WriteAllBytes(path, message.Source);
            File.SetLastWriteTimeUtc(path, message.Date.UtcDateTime);
            written += message.Source.Length;
        }

        return written;
    }

    private GeneratedMessage Next()
    {
        var sender = _people[_random.Next(_people.Count)];
        var recipient = _people[_random.Next(_people.Count)];
        var date = s_start.AddSeconds(_number * 900L + _random.Next(801));
        var id = string.Create(CultureInfo.InvariantCulture, $"<{Hex(12)}.{_number}.{_seed}@{sender.Address.Split('@')[1]}>");
        var headers = new StringBuilder();
        Trace(headers, sender.Address, date);
        headers.Append(CultureInfo.InvariantCulture, $"From: {sender.Name} <{sender.Address}>\r\nTo: {recipient.Name} <{recipient.Address}>\r\n");
        var subject = _text.Words(_random.Next(3, 10));
        if (_recent.Count > 0 && _random.NextDouble() < 0.4)
        {
            var parent = _recent[_random.Next(_recent.Count)];
            headers.Append(CultureInfo.InvariantCulture, $"In-Reply-To: {parent.Id}\r\nReferences: {parent.Id}\r\n");
            subject = "Re: " + parent.Subject;
        }

        Remember(id, subject);
        var shown = Ascii.IsValid(subject) ? subject : $"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(subject))}?=";
        headers.Append(CultureInfo.InvariantCulture, $"Subject: {shown}\r\nDate: {date:R}\r\nMessage-ID: {id}\r\nMIME-Version: 1.0\r\nX-Mailer: Generator 1.0\r\n");
        Body(headers);
        _number++;
        return new GeneratedMessage(Encoding.UTF8.GetBytes(headers.ToString()), date, _random.NextDouble() < 0.8, id, subject);
    }

    private void Remember(string id, string subject)
    {
        _recent.Add((id, subject));
        if (_recent.Count > 200)
        {
            _recent.RemoveAt(0);
        }
    }

    private void Trace(StringBuilder headers, string sender, DateTimeOffset date)
    {
        var hops = _random.Next(3, 7);
        for (var hop = 0; hop < hops; hop++)
        {
            headers.Append(CultureInfo.InvariantCulture, $"Received: from mx{hop}.{_text.Label()}.test (mx{hop}.{_text.Label()}.test [192.0.2.{_random.Next(1, 255)}])\r\n\tby mail{hop}.example.test (Postfix) with ESMTPS id {Hex(6)}\r\n\tfor <u1@example.test>; {date.AddSeconds(-hop):R}\r\n");
        }

        headers.Append("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.test; s=sel1;\r\n\th=from:to:subject:date:message-id; bh=")
            .Append(Base64(32)).Append(";\r\n\tb=").AppendJoin("\r\n\t ", Enumerable.Range(0, 5).Select(_ => Base64(48)))
            .Append(CultureInfo.InvariantCulture, $"\r\nAuthentication-Results: mx.example.test; dkim=pass header.d=example.test; spf=pass smtp.mailfrom={sender}\r\n");
    }

    private void Body(StringBuilder mail)
    {
        var kind = _random.NextDouble();
        switch (kind)
        {
            case < 0.25:
                Part(mail, "text/plain", GeneratedText.Wrap(_text.Text(Pick(1, 1, 2, 3, 5))));
                break;
            case < 0.35:
                Part(mail, "text/html", _text.Html(_text.Text(Pick(4, 8, 16)), styled: true));
                break;
            case < 0.80:
                Alternative(mail, styled: kind < 0.6);
                break;
            default:
                WithAttachments(mail);
                break;
        }
    }

    private static void Part(StringBuilder mail, string type, string content) => mail
        .Append(CultureInfo.InvariantCulture, $"Content-Type: {type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n")
        .Append(QuotedPrintable.Encode(content)).Append("\r\n");

    private void Alternative(StringBuilder mail, bool styled)
    {
        var boundary = $"=_a{Hex(8)}";
        var text = _text.Text(Pick(1, 2, 4, 6));
        mail.Append(CultureInfo.InvariantCulture, $"Content-Type: multipart/alternative; boundary=\"{boundary}\"\r\n\r\n--{boundary}\r\n");
        Part(mail, "text/plain", GeneratedText.Wrap(text));
        mail.Append(CultureInfo.InvariantCulture, $"--{boundary}\r\n");
        Part(mail, "text/html", _text.Html(text, styled));
        mail.Append(CultureInfo.InvariantCulture, $"--{boundary}--\r\n");
    }

    private void WithAttachments(StringBuilder mail)
    {
        var boundary = $"=_b{Hex(8)}";
        mail.Append(CultureInfo.InvariantCulture, $"Content-Type: multipart/mixed; boundary=\"{boundary}\"\r\n\r\n--{boundary}\r\n");
        Alternative(mail, styled: false);
        for (var left = Pick(1, 1, 1, 2); left > 0; left--)
        {
            var (name, type) = Pick(("invoice.pdf", "application/pdf"), ("photo.jpg", "image/jpeg"), ("table.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"));
            var content = new byte[(int)Math.Min(2_000_000, Math.Exp(10.4 + 0.9 * Normal()))];
            _random.NextBytes(content);
            mail.Append(CultureInfo.InvariantCulture, $"--{boundary}\r\nContent-Type: {type}; name=\"{_number}-{name}\"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=\"{_number}-{name}\"\r\n\r\n")
                .Append(Convert.ToBase64String(content, Base64FormattingOptions.InsertLineBreaks)).Append("\r\n");
        }

        mail.Append(CultureInfo.InvariantCulture, $"--{boundary}--\r\n");
    }

    private T Pick<T>(params ReadOnlySpan<T> choices) => choices[_random.Next(choices.Length)];

    /// <summary>Box and Muller's.</summary>
    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    private string Hex(int bytes) => Convert.ToHexStringLower(Bytes(bytes));

    private string Base64(int bytes) => Convert.ToBase64String(Bytes(bytes));
}

/// <summary>One of them; <paramref name="MessageId"/> with its angle brackets.</summary>
public sealed record GeneratedMessage(byte[] Source, DateTimeOffset Date, bool Seen, string MessageId, string Subject);
